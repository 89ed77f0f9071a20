// Sitemaps in the life of a crawl: asked for once robots.txt of a seed's origin is known, fetched
// under the same politeness as any page, their entries treated like links from a seed.
#include "crawler/engine_impl.hpp"

namespace orbweaver {
namespace {

constexpr std::size_t max_sitemap_redirects = 5;
// An index may name sitemaps, and those may be indexes once more; sitemaps.org allows no more.
constexpr std::uint32_t max_index_levels = 2;

// As it was named, before any redirect.
const std::string& address_of(const frontier_entry& entry) {
  const redirect_chain* const chain = entry.redirects.get();
  return chain && !chain->hops.empty() ? chain->hops.front() : entry.url;
}

}  // namespace

// Those that robots.txt names; without any, the usual place. They should be absolute, but many are
// not.
void engine::impl::fetch_sitemaps(job& j, std::string_view origin, const robots_rules* rules) {
  if (!j.takes_sitemaps_of(origin)) return;
  const auto base = url::parse(std::string(origin) + '/');
  bool any = false;
  if (rules) {
    for (const std::string& address : rules->sitemaps()) {
      const auto parsed = url::parse(address, &*base);
      if (!parsed || !parsed->is_http()) continue;
      any = true;
      fetch_sitemap(j, std::string(parsed->href_without_fragment()), 0, true);
    }
  }
  if (!any) fetch_sitemap(j, std::string(origin) + "/sitemap.xml", 0, false);
}

void engine::impl::fetch_sitemap(job& j, std::string address, std::uint32_t level, bool named) {
  if (!j.takes_sitemap(address, named)) return;
  frontier_entry entry;
  entry.kind = entry_kind::sitemap;
  entry.url = std::move(address);
  entry.depth = level;
  enqueue(j, std::move(entry), turn::soon);
}

void engine::impl::sitemap_landed(job& j, std::unique_ptr<fetch_report> report) {
  if (retry(j, *report)) return;
  if (report->code != outcome::fetched) {
    if (report->code != outcome::cancelled)
      sitemap_failed(j, report->entry, info(report->code).description);
    j.sitemap_done();
  } else if (follow_redirect(*report, max_sitemap_redirects)) {
    enqueue(j, std::move(report->entry), turn::soon);
  } else if (!ask_first(j, report)) {
    book(j, *report);
  }
}

// A site may well have none where nobody says that there is one.
void engine::impl::sitemap_failed(job& j, const frontier_entry& entry, std::string_view why,
                                  std::string_view detail) {
  const std::string& address = address_of(entry);
  if (why.ends_with('.')) why.remove_suffix(1);  // the warning's own comes at its end
  if (j.names_sitemap(address))
    j.warn(sitemap_trouble::not_fetched,
           "The sitemap " + address + " could not be fetched: " + std::string(why) +
               (detail.empty() ? "" : " (" + std::string(detail) + ")"));
}

void engine::impl::read_sitemap(job& j, const fetch_report& report) {
  const frontier_entry& entry = report.entry;
  const std::string& address = address_of(entry);
  if (report.location) return sitemap_failed(j, entry, "too many redirects");
  if (report.status < 200 || report.status >= 300)
    return sitemap_failed(j, entry, "HTTP " + std::to_string(report.status));
  if (report.sitemap == sitemap_kind::unknown && j.names_sitemap(address))
    return j.warn(sitemap_trouble::no_sitemap, "No sitemap could be found in " + address);
  if (report.sitemap_cut)
    j.warn(sitemap_trouble::cut, "The sitemap " + address + " could not be read to its end");
  if (report.sitemap == sitemap_kind::index) {
    if (entry.depth >= max_index_levels)
      return j.warn(sitemap_trouble::too_deep,
                    "The sitemap index " + address + " is not followed: it lies " +
                        std::to_string(max_index_levels) + " indexes deep");
    for (const link_batch::link& link : report.links.links)
      fetch_sitemap(j, std::string(report.links.url(link)), entry.depth + 1, true);
    return;
  }
  const job::discovery found = j.discover_links(report.links, no_url, 1);
  enqueue_found(j, found);
  commit_discovery(j, found);
}

}  // namespace orbweaver
