// What the engine does not keep in memory, and asks the store for: whether URLs are new, and the
// entries of queues that run low. The answers come later: nothing else waits for them.
#include <algorithm>

#include "crawler/engine_impl.hpp"

namespace orbweaver {
namespace {

std::size_t bytes_of(const fetch_report& report) {
  return report.members.size() + report.links.text.size() +
         report.links.links.size() * sizeof(link_batch::link);
}

}  // namespace

clock::time_point engine::impl::steady_time(wall_clock::time_point time) {
  const auto left = time - wall_clock::now();
  if (left <= wall_clock::duration::zero()) return {};
  return clock::now() + std::chrono::duration_cast<clock::duration>(left);
}

// True if the page has to wait for what the store knows of what it brings: it stays in flight.
bool engine::impl::ask_first(job& j, std::unique_ptr<fetch_report>& report) {
  seen_query query = j.questions(*report);
  if (query.empty()) return false;
  ++j.looking_up;
  ++looking_up_;
  looking_up_bytes_ += bytes_of(*report);
  asking_.spawn(strand_,
                look_up(j.key, j.id, std::move(report), std::move(query), j.begin_look_up()),
                "look-up");
  return true;
}

task<> engine::impl::look_up(frontier::crawl_key crawl, crawl_id id,
                             std::unique_ptr<fetch_report> report, seen_query query,
                             job::look_up under_way) {
  auto ask = [this, id, &query] { return store_.look_up(id, query); };
  const result<seen_answer> answer = co_await ask_store(crawl, std::move(ask));
  --looking_up_;
  looking_up_bytes_ -= bytes_of(*report);
  if (job* const j = find(crawl)) {
    --j->looking_up;
    j->end_look_up(under_way);
    if (answer) {
      j->learn(*answer);
      book(*j, *report);
    } else {  // the next start fetches it again
      if (report->entry.kind == entry_kind::page) j->requeued();
      j->interrupted = true;
    }
  }
  if (job* const j = find(crawl)) finish_if_done(*j);
  if (draining_) changed_.cancel();
  pump_soon();
}

void engine::impl::ask_for_entries() {
  std::unordered_map<frontier::crawl_key, std::vector<frontier::refill>> low;
  for (frontier::refill& one : frontier_.take_refills()) low[one.crawl].push_back(std::move(one));
  for (auto& [key, queues] : low)
    asking_.spawn(strand_, refill(key, find(key)->id, std::move(queues)), "refill");
  for (frontier::scan& one : frontier_.take_scans()) {
    const crawl_id id = find(one.crawl)->id;
    asking_.spawn(strand_, scan_origins(id, std::move(one)), "scan");
  }
}

task<> engine::impl::refill(frontier::crawl_key crawl, crawl_id id,
                            std::vector<frontier::refill> low) {
  std::vector<queue_range> ranges;
  ranges.reserve(low.size());
  for (const frontier::refill& one : low)
    ranges.push_back({origin_key(one.origin), one.after, one.limit});
  auto ask = [this, id, &ranges] { return store_.queued(id, ranges); };
  result<std::vector<queue_part>> answer = co_await ask_store(crawl, std::move(ask));
  job* const j = find(crawl);
  if (!j || !answer) co_return;
  for (std::size_t i = 0; i < low.size(); ++i) {
    queue_part& part = (*answer)[i];
    const bool any = !part.urls.empty();
    frontier_.refilled(crawl, low[i].origin, entries_of(*j, std::move(part.urls)), part.more);
    if (any) welcome(*j, low[i].origin);
  }
  finish_if_done(*j);
  pump();
}

task<> engine::impl::scan_origins(crawl_id id, frontier::scan scan) {
  origins_query query{
      .from = scan.from, .without = {}, .limit = scan.limit, .urls_each = scan.entries_each};
  query.without.reserve(scan.without.size());
  for (const std::string& origin : scan.without) query.without.push_back(origin_key(origin));
  std::ranges::sort(query.without);
  auto ask = [this, id, &query] { return store_.queued_origins(id, query); };
  result<origins_page> answer = co_await ask_store(scan.crawl, std::move(ask));
  job* const j = find(scan.crawl);
  if (!j || !answer) co_return;
  url where;
  for (queue_part& part : answer->origins) {
    const std::string origin = origin_in(part.urls.front().url);
    if (frontier_.knows(j->key, origin) || !where.assign(origin + '/')) continue;
    frontier_.adopt(j->key, origin, where.hostname(), entries_of(*j, std::move(part.urls)),
                    part.more);
    welcome(*j, origin);
  }
  frontier_.scanned(j->key, answer->next, clock::now());
  if (std::exchange(j->going_on, false)) adopt_places(*j);
  finish_if_done(*j);
  pump();
}

std::vector<stored_entry> engine::impl::entries_of(job& j, std::vector<queued_url> urls) {
  std::vector<stored_entry> out;
  out.reserve(urls.size());
  for (queued_url& one : urls) {
    j.restore_waiting(one);
    stored_entry& to = out.emplace_back();
    to.entry.url = std::move(one.url);
    to.entry.id = one.id;
    to.entry.line = one.line;
    to.entry.referrer = one.referrer;
    to.entry.depth = one.depth;
    to.entry.attempts = one.attempts;
    if (one.not_before) to.not_before = steady_time(*one.not_before);
  }
  return out;
}

// Entries of this origin have come from the store.
void engine::impl::welcome(job& j, const std::string& origin) {
  const auto where = url::parse(origin + '/');
  if (!where) throw std::logic_error("the store held no origin: " + origin);
  await_robots(j, *where);
  frontier_.park(where->hostname(), j.first_start);
}

}  // namespace orbweaver
