#include "crawler/robots/robots_book.hpp"

#include <algorithm>

namespace orbweaver {

const robots_book::standing* robots_book::find(const file& which, clock::time_point now) const {
  const auto it = known_.find(which);
  if (it == known_.end() || it->second.until <= now) return nullptr;
  return &it->second.held;
}

bool robots_book::wait(const file& which, frontier::crawl_key crawl) {
  const auto [it, first] = pending_.try_emplace(which);
  auto& waiting = it->second;
  if (std::ranges::find(waiting, crawl) == waiting.end()) waiting.push_back(crawl);
  return first;
}

bool robots_book::awaited(const file& which) const {
  const auto it = pending_.find(which);
  return it != pending_.end() && !it->second.empty();
}

std::vector<frontier::crawl_key> robots_book::settle(const file& which, standing result,
                                                     clock::time_point now) {
  const clock::duration keep = result.rules ? clock::duration(good_for) : clock::duration(bad_for);
  const std::size_t bytes = result.rules ? result.rules->memory_bytes() : 0;
  if (known_.size() >= max_known || known_bytes_ + bytes > max_known_bytes) make_room(now);
  known_file& known = known_[which];
  known_bytes_ += bytes - known.bytes;
  known = {std::move(result), now + keep, bytes};
  const auto it = pending_.find(which);
  if (it == pending_.end()) return {};
  auto waiting = std::move(it->second);
  pending_.erase(it);
  return waiting;
}

void robots_book::forget_crawl(frontier::crawl_key crawl) {
  for (auto& [which, waiting] : pending_) std::erase(waiting, crawl);
}

template <class Old>
void robots_book::drop_if(Old old) {
  std::erase_if(known_, [&](const auto& known) {
    if (!old(known.second.until)) return false;
    known_bytes_ -= known.second.bytes;
    return true;
  });
}

// First what has expired; if that is not enough, the half that expires first.
void robots_book::make_room(clock::time_point now) {
  drop_if([now](clock::time_point until) { return until <= now; });
  if (known_.size() <= max_known / 4 * 3 && known_bytes_ <= max_known_bytes / 4 * 3) return;
  std::vector<clock::time_point> ends;
  ends.reserve(known_.size());
  for (const auto& [which, known] : known_) ends.push_back(known.until);
  const auto middle = ends.begin() + static_cast<std::ptrdiff_t>(ends.size() / 2);
  std::ranges::nth_element(ends, middle);
  drop_if([limit = *middle](clock::time_point until) { return until <= limit; });
}

}  // namespace orbweaver
