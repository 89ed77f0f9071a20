#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

namespace orbweaver {

// Counts how often keys come, in bounded memory (Misra and Gries, 1982): when there is no room for
// a new key, every count goes down by one instead and keys at zero are forgotten. So a count may
// be too low, by the number of calls over that of keys at most, and never too high.
class bounded_counter {
 public:
  // About so many bytes each.
  static constexpr std::size_t key_bytes = 48;

  explicit bounded_counter(std::size_t max_keys) : max_keys_(max_keys) {}
  // From now on. What there is more of goes, the least counts first, and each other count goes down
  // by the greatest of these.
  void set_max_keys(std::size_t keys);

  std::uint32_t count(std::uint64_t key) const;
  void add(std::uint64_t key);
  // Takes one add() back.
  void remove(std::uint64_t key);
  std::size_t keys() const noexcept { return counts_.size(); }

 private:
  std::size_t max_keys_;
  std::unordered_map<std::uint64_t, std::uint32_t> counts_;
};

}  // namespace orbweaver
