// Crawls of an earlier start of the service: the store says where they were, and they go on.
#include "crawler/engine_impl.hpp"

namespace orbweaver {
namespace {

constexpr std::size_t urls_per_read = 20'000;

}  // namespace

// What it has seen and what waits stays in the store until it is asked for.
void engine::impl::adopt(const stored_crawl& kept) {
  const crawl_header& header = kept.header;
  auto made = std::make_unique<job>(header.id, header.spec, settings_.user_agent, header.listed,
                                    header.created_at, header.number, kept_of(*header.spec));
  made->restore(kept, clock::now());
  job& j = enter(std::move(made));
  if (j.state() == crawl_state::paused) frontier_.pause(j.key);
  if (kept.tally.next_url == 0) {
    discover_seeds(j);
    finish_if_done(j);
    pump();
  } else {
    j.going_on = true;
    asking_.spawn(strand_, go_on(j.key, j.id), "go on");
  }
}

// Nothing is found or fetched before its caps are counted again. Nobody knows when a host was
// asked last: it is left in peace for a whole delay.
task<> engine::impl::go_on(frontier::crawl_key crawl, crawl_id id) {
  for (std::optional<url_id> from = 0; from;) {
    auto ask = [this, id, from] { return store_.known_urls(id, *from, urls_per_read); };
    const result<known_page> page = co_await ask_store(crawl, std::move(ask));
    job* const j = find(crawl);
    if (!j || !page) co_return;
    for (const known_url& known : page->urls) j->restore_caps(known);
    from = page->next;
  }
  for (std::optional<std::string> from = ""; from;) {
    auto ask = [this, id, &from] { return store_.seen(id, *from, urls_per_read); };
    result<seen_page> page = co_await ask_store(crawl, std::move(ask));
    job* const j = find(crawl);
    if (!j || !page) co_return;
    j->restore_seen(*page);
    from = std::move(page->next);
  }
  job& j = *find(crawl);
  j.first_start = clock::now() + std::chrono::duration_cast<clock::duration>(j.spec().delay);
  frontier_.expect_stored(j.key);
  pump();  // which asks for the first origins: see scan_origins()
}

// Places whose sitemaps were not read to the end are asked for them once more: not before it is
// known of their hosts how long they are to be left alone.
void engine::impl::adopt_places(job& j) {
  const std::unordered_set<std::string> places = j.sitemap_places();
  for (const std::string& place : places) {
    if (!parsed_.assign(place)) continue;
    const std::string host(parsed_.hostname());
    if (j.spec().robots == robots_policy::obey) j.await_place(place);
    await_robots(j, url(parsed_));
    if (robots_.find(file_of(*j.profile, place), clock::now())) j.place_settled(place);
    frontier_.park(host, j.first_start);
  }
}

}  // namespace orbweaver
