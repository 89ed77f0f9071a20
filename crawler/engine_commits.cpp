// What the store is told of a crawl's URLs.
#include "crawler/engine_impl.hpp"
#include "crawler/export/record_json.hpp"

namespace orbweaver {
namespace {

// Of a URL that has ended, in their order.
std::vector<http_exchange> exchanges_of(frontier_entry& entry, fetch_report* report) {
  std::vector<http_exchange> out;
  if (entry.redirects) out = std::move(entry.redirects->exchanges);
  if (report && report->exchange) out.push_back(std::move(*report->exchange));
  return out;
}

}  // namespace

page_commit engine::impl::commit_of(job& j) {
  return {.crawl = j.id, .bytes_on_wire = j.take_wire_bytes(), .ran_ms = j.ran_ms(clock::now())};
}

void engine::impl::end_url(job& j, frontier_entry& entry, outcome code, std::string detail,
                           fetch_report* report, url_id duplicate_of) {
  page_commit commit = commit_of(j);
  commit.url = entry.id;
  commit.fate = code;
  commit.reason = detail;
  const std::string& home = entry.redirects ? entry.redirects->hops.front() : entry.url;
  commit.origin = origin_key(home);
  commit.line = entry.line;
  if (report) commit.status = static_cast<std::uint16_t>(report->status);
  if (report && duplicate_of == no_url && code == outcome::fetched) {
    duplicate_of = j.content_seen(report->content_hash, entry.id);
    if (duplicate_of == no_url) commit.content_hash = report->content_hash;
  }
  const bool asked_for = report || entry.redirects || entry.attempts != 0;
  if (asked_for && kind(code) == outcome_kind::skipped) j.give_page_back(entry);
  // URLs that were asked for have a record, and so have all seeds.
  if (asked_for || entry.depth == 0) {
    record_draft record{.members = {}, .duplicate_of = duplicate_of, .referrer = entry.referrer};
    if (report) record.members = std::move(report->members);
    if (record.members.empty()) append_unread_record(record.members, entry, report);
    append_outcome(record.members, code, detail, entry.attempts + (report ? 1U : 0U));
    j.add_stored_bytes(record.members.size());
    commit.record = std::move(record);
    if (report && kind(code) == outcome_kind::fetched) commit.page = report->page;
    commit.exchanges = exchanges_of(entry, report);
    for (const http_exchange& one : commit.exchanges) j.add_stored_bytes(stored_bytes(one));
  }
  j.ended(code, report);
  totals_.count(code);
  if (kind(code) != outcome_kind::skipped) charge(j, 1, 0);
  j.forget_passed(entry.id);
  job::discovery found;
  if (report && code == outcome::fetched && j.spec().sitemap != sitemap_policy::only) {
    found = j.discover_links(report->links, entry.id, entry.depth + 1);
    enqueue_found(j, found);
    commit.first_found = found.first;
    commit.found = std::move(found.urls);
    commit.revived = std::move(found.revived);
  }
  store_.commit(std::move(commit));
  frontier_.ended(j.key, origin_in(home), clock::now());
}

void engine::impl::commit_discovery(job& j, job::discovery found) {
  if (found.urls.empty() && found.revived.empty()) return;
  page_commit commit = commit_of(j);
  commit.first_found = found.first;
  commit.found = std::move(found.urls);
  commit.revived = std::move(found.revived);
  store_.commit(std::move(commit));
}

// All seeds have a record, for whoever asked for them.
void engine::impl::record_refused_seeds(job& j, const job::discovery& seeds) {
  for (std::size_t i = 0; i < seeds.urls.size(); ++i) {
    const discovered_url& seed = seeds.urls[i];
    if (!seed.fate) continue;
    frontier_entry entry;
    entry.url = seed.url;
    record_draft record;
    append_unread_record(record.members, entry, nullptr);
    append_outcome(record.members, *seed.fate, seed.reason, 0);
    page_commit commit = commit_of(j);
    commit.url = seeds.first + static_cast<url_id>(i);
    commit.fate = *seed.fate;
    commit.fate_known = true;
    commit.reason = seed.reason;
    commit.record = std::move(record);
    store_.commit(std::move(commit));
  }
}

// `entry` goes back to the queue: at once, or after `pause`.
void engine::impl::commit_waiting(job& j, const frontier_entry& entry, job::discovery found,
                                  std::optional<clock::duration> pause) {
  page_commit commit = commit_of(j);
  commit.first_found = found.first;
  commit.found = std::move(found.urls);
  waiting_url waits{
      .url = entry.id,
      .origin = origin_key(entry.redirects ? entry.redirects->hops.front() : entry.url),
      .line = entry.line,
      .attempts = entry.attempts,
      .not_before = std::nullopt,
      .passed = j.passed_by(entry.id)};
  if (pause)
    waits.not_before = wall_clock::now() + std::chrono::duration_cast<wall_clock::duration>(*pause);
  commit.waits = std::move(waits);
  store_.commit(std::move(commit));
}

}  // namespace orbweaver
