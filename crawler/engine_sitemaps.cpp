// Sitemaps in the life of a crawl: asked for once robots.txt of a seed's origin is known, fetched
// under the same politeness as any page, their entries treated like links from a seed.
#include "crawler/engine_impl.hpp"

namespace orbweaver {
namespace {

constexpr std::size_t max_sitemap_redirects = 5;
// An index may name sitemaps, and those may be indexes once more; sitemaps.org allows no more.
constexpr std::uint32_t max_index_levels = 2;

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
      fetch_sitemap(j, std::string(parsed->href_without_fragment()), 0);
    }
  }
  if (!any) fetch_sitemap(j, std::string(origin) + "/sitemap.xml", 0);
}

void engine::impl::fetch_sitemap(job& j, std::string address, std::uint32_t level) {
  if (!j.takes_sitemap(address)) return;
  frontier_entry entry;
  entry.kind = entry_kind::sitemap;
  entry.url = std::move(address);
  entry.depth = level;
  enqueue(j, std::move(entry), turn::soon);
}

void engine::impl::sitemap_landed(job& j, std::unique_ptr<fetch_report> report) {
  if (retry(j, *report)) return;
  if (report->code != outcome::fetched) {
    j.sitemap_done();
  } else if (follow_redirect(*report, max_sitemap_redirects)) {
    enqueue(j, std::move(report->entry), turn::soon);
  } else if (!ask_first(j, report)) {
    book(j, *report);
  }
}

void engine::impl::read_sitemap(job& j, const fetch_report& report) {
  const frontier_entry& entry = report.entry;
  if (report.sitemap_cut) j.warn("The sitemap " + entry.url + " could not be read to its end.");
  if (report.sitemap == sitemap_kind::index) {
    if (entry.depth >= max_index_levels) {
      j.warn("The sitemap index " + entry.url + " is not followed: it lies " +
             std::to_string(max_index_levels) + " indexes deep.");
      return;
    }
    for (const link_batch::link& link : report.links.links)
      fetch_sitemap(j, std::string(report.links.url(link)), entry.depth + 1);
    return;
  }
  const job::discovery found = j.discover_links(report.links, false, no_url, 1);
  enqueue_found(j, found);
  commit_discovery(j, found);
}

}  // namespace orbweaver
