#include "crawler/robots/robots_book.hpp"

#include <algorithm>

namespace orbweaver {

const robots_book::standing* robots_book::find(const file& which, clock::time_point now) const {
  const auto it = known_.find(which);
  if (it == known_.end() || it->second.until <= now) return nullptr;
  return &it->second.held;
}

bool robots_book::wait(const file& which, frontier::crawl_key crawl) {
  auto& waiting = pending_[which];
  const bool first = waiting.empty();
  if (std::ranges::find(waiting, crawl) == waiting.end()) waiting.push_back(crawl);
  return first;
}

std::vector<frontier::crawl_key> robots_book::settle(const file& which, standing result,
                                                     clock::time_point now) {
  if (known_.size() >= max_known) make_room(now);
  const clock::duration keep = result.rules ? clock::duration(good_for) : clock::duration(bad_for);
  known_.insert_or_assign(which, known_file{std::move(result), now + keep});
  const auto it = pending_.find(which);
  if (it == pending_.end()) return {};
  auto waiting = std::move(it->second);
  pending_.erase(it);
  return waiting;
}

std::optional<frontier::crawl_key> robots_book::fetcher(const file& which) const {
  const auto it = pending_.find(which);
  if (it == pending_.end()) return std::nullopt;
  return it->second.front();
}

std::vector<robots_book::handover> robots_book::forget_crawl(frontier::crawl_key crawl) {
  std::vector<handover> out;
  for (auto it = pending_.begin(); it != pending_.end();) {
    auto& [which, waiting] = *it;
    const bool was_fetcher = waiting.front() == crawl;
    std::erase(waiting, crawl);
    if (waiting.empty()) {
      it = pending_.erase(it);
      continue;
    }
    if (was_fetcher) out.push_back({which, waiting.front()});
    ++it;
  }
  return out;
}

// First what has expired; if that is not enough, everything.
void robots_book::make_room(clock::time_point now) {
  std::erase_if(known_, [now](const auto& k) { return k.second.until <= now; });
  if (known_.size() >= max_known) known_.clear();
}

}  // namespace orbweaver
