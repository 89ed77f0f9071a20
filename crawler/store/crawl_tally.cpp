#include "crawler/store/crawl_tally.hpp"

#include <algorithm>

#include "crawler/store/store.hpp"

namespace orbweaver {

void crawl_tally::count(outcome fate) {
  switch (kind(fate)) {
    case outcome_kind::fetched: ++fetched; break;
    case outcome_kind::failed: ++failed; break;
    case outcome_kind::skipped: ++skipped; break;
  }
  ++by_outcome[fate];
}

void crawl_tally::apply(const page_commit& commit) {
  if (!commit.found.empty())
    next_url = std::max(next_url, commit.first_found + static_cast<url_id>(commit.found.size()));
  discovered += commit.found.size();
  for (const discovered_url& found : commit.found)
    if (found.fate) count(*found.fate);
  for (const revived_url& one : commit.revived) {
    --skipped;
    const auto was = by_outcome.find(one.was);
    if (--was->second == 0) by_outcome.erase(was);
    if (one.found.fate) count(*one.found.fate);
  }
  bytes_on_wire += commit.bytes_on_wire;
  ran_ms = std::max(ran_ms, commit.ran_ms);
  if (commit.url == no_url) return;
  if (!commit.fate_known) count(commit.fate);
  if (commit.status != 0) ++by_status[commit.status];
  if (!commit.record) return;
  ++last_seq;
  bytes_stored += commit.record->members.size();
  for (const http_exchange& one : commit.exchanges) bytes_stored += orbweaver::stored_bytes(one);
  if (commit.fate == outcome::fetched && commit.record->duplicate_of != no_url) ++duplicates;
}

void crawl_tally::finish(outcome leftover) {
  finished = true;
  const std::uint64_t rest = pending();
  if (rest == 0) return;
  by_outcome[leftover] += rest;
  switch (kind(leftover)) {
    case outcome_kind::fetched: fetched += rest; break;
    case outcome_kind::failed: failed += rest; break;
    case outcome_kind::skipped: skipped += rest; break;
  }
}

}  // namespace orbweaver
