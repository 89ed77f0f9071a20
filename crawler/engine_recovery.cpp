// Crawls of an earlier start of the service: the store says where they were, and they go on.
#include "crawler/engine_impl.hpp"

namespace orbweaver {

void engine::impl::adopt(const stored_crawl& kept, const std::vector<seen_url>& seen,
                         const std::vector<seen_content>& contents,
                         std::vector<queued_url> queued) {
  const crawl_header& header = kept.header;
  auto made = std::make_unique<job>(header.id, header.spec, settings_.user_agent, header.listed,
                                    header.created_at, header.number, kept_of(*header.spec));
  made->restore(kept, seen, contents, clock::now());
  job& j = enter(std::move(made));
  if (j.state() == crawl_state::paused) frontier_.pause(j.key);
  if (kept.tally.next_url == 0) {
    discover_seeds(j);
  } else {
    adopt_queue(j, std::move(queued));
  }
  finish_if_done(j);
  pump();
}

// Nobody knows when a host was asked last: it is left in peace for a whole delay. Places whose
// sitemaps were not read to the end are asked for them once more.
void engine::impl::adopt_queue(job& j, std::vector<queued_url> queued) {
  const auto now = clock::now();
  const auto wall = wall_clock::now();
  const auto first_start = now + std::chrono::duration_cast<clock::duration>(j.spec().delay);
  std::string rested;
  const std::unordered_set<std::string> places = j.sitemap_places();
  for (queued_url& url : queued) {
    frontier_entry entry;
    entry.url = std::move(url.url);
    entry.id = url.id;
    entry.referrer = url.referrer;
    entry.depth = url.depth;
    entry.attempts = url.attempts;
    j.restore_passed(url.id, std::move(url.passed));
    if (!parsed_.assign(entry.url)) throw std::logic_error("the store held no URL: " + entry.url);
    if (url.not_before && *url.not_before > wall) {
      const auto pause = std::chrono::duration_cast<clock::duration>(*url.not_before - wall);
      frontier_.push_at(now + pause, j.key, parsed_.origin(), parsed_.hostname(), std::move(entry));
    } else {
      const turn when = entry.attempts != 0 ? turn::soon : turn::normal;
      std::string host(parsed_.hostname());
      enqueue(j, std::move(entry), when);
      if (host != rested) frontier_.park(host, first_start);
      rested = std::move(host);
    }
  }
  for (const std::string& place : places) {
    if (!parsed_.assign(place)) continue;
    const std::string host(parsed_.hostname());
    if (j.spec().robots == robots_policy::obey) j.await_place(place);
    await_robots(j, url(parsed_));
    if (robots_.find(file_of(*j.profile, place), now)) j.place_settled(place);
    frontier_.park(host, first_start);
  }
}

}  // namespace orbweaver
