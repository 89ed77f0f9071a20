#include "crawler/frontier/seen_set.hpp"

#include <algorithm>
#include <bit>
#include <random>

namespace orbweaver {
namespace {

// Drawn once per process: nobody outside can make up URLs that pile up in one place.
const std::uint64_t spread = [] {
  std::random_device random;
  return (std::uint64_t{random()} << 32 | random()) | 1;
}();

}  // namespace

std::size_t seen_set::probe(fingerprint f) const noexcept {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = static_cast<std::size_t>((f.low * spread) >> 20) & mask;
  while (slots_[at].id != no_url && slots_[at].print != f) at = (at + 1) & mask;
  return at;
}

seen_set::known seen_set::insert(fingerprint f, url_id id) {
  if ((size_ + 1) * 4 > slots_.size() * 3) grow();
  slot& place = slots_[probe(f)];
  if (place.id != no_url) return {place.id, false, place.mark};
  place = {f, id};
  ++size_;
  return {id, true, 0};
}

std::optional<seen_set::entry> seen_set::get(fingerprint f) const noexcept {
  if (slots_.empty()) return std::nullopt;
  const slot& place = slots_[probe(f)];
  if (place.id == no_url) return std::nullopt;
  return entry{place.id, place.mark};
}

std::size_t seen_set::entries_within(std::size_t bytes) noexcept {
  return std::max(std::bit_floor(bytes / sizeof(slot)), least_slots) / 4 * 3;
}

void seen_set::grow() {
  std::vector<slot> old(slots_.empty() ? least_slots : slots_.size() * 2);
  old.swap(slots_);
  for (const slot& s : old)
    if (s.id != no_url) slots_[probe(s.print)] = s;
}

}  // namespace orbweaver
