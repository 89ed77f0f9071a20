#include "crawler/job/bounded_counter.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

namespace orbweaver {

std::uint32_t bounded_counter::count(std::uint64_t key) const {
  const auto it = counts_.find(key);
  return it == counts_.end() ? 0 : it->second;
}

void bounded_counter::add(std::uint64_t key) {
  if (const auto it = counts_.find(key); it != counts_.end()) {
    ++it->second;
  } else if (counts_.size() < max_keys_) {
    counts_.emplace(key, 1);
  } else {
    // Each pass takes away as many counts as there are keys: it is paid for by as many calls.
    for (auto each = counts_.begin(); each != counts_.end();)
      each = --each->second == 0 ? counts_.erase(each) : std::next(each);
  }
}

void bounded_counter::set_max_keys(std::size_t keys) {
  max_keys_ = keys;
  if (counts_.size() <= max_keys_) return;
  std::vector<std::uint32_t> all;
  all.reserve(counts_.size());
  for (const auto& [key, count] : counts_) all.push_back(count);
  const auto greatest = all.begin() + static_cast<std::ptrdiff_t>(all.size() - max_keys_ - 1);
  std::ranges::nth_element(all, greatest);
  const std::uint32_t less = *greatest;
  std::erase_if(counts_, [less](const auto& each) { return each.second <= less; });
  for (auto& [key, count] : counts_) count -= less;
}

void bounded_counter::remove(std::uint64_t key) {
  const auto it = counts_.find(key);
  if (it != counts_.end() && --it->second == 0) counts_.erase(it);
}

}  // namespace orbweaver
