#include "crawler/frontier/print_filter.hpp"

#include <algorithm>
#include <bit>

namespace orbweaver {
namespace {

constexpr std::size_t block_bytes = 64;

// The bit of the block that the lowest nine bits say.
std::uint64_t bit_of(std::uint64_t bits) noexcept { return std::uint64_t{1} << (bits & 63); }
std::size_t word_of(std::uint64_t bits) noexcept { return (bits >> 6) & 7; }

}  // namespace

print_filter::print_filter(std::size_t bytes)
    : words_(std::max(std::bit_floor(bytes), block_bytes) / sizeof(std::uint64_t)) {}

// The low half of the fingerprint says which block, the high one which bits.
std::size_t print_filter::block_of(fingerprint f) const noexcept {
  return static_cast<std::size_t>(f.low) * block_words & (words_.size() - 1);
}

void print_filter::add(fingerprint f) noexcept {
  std::uint64_t* const block = &words_[block_of(f)];
  std::uint64_t bits = f.high;
  for (int i = 0; i < bits_each; ++i, bits >>= 9) block[word_of(bits)] |= bit_of(bits);
}

bool print_filter::may_contain(fingerprint f) const noexcept {
  const std::uint64_t* const block = &words_[block_of(f)];
  std::uint64_t bits = f.high;
  for (int i = 0; i < bits_each; ++i, bits >>= 9)
    if ((block[word_of(bits)] & bit_of(bits)) == 0) return false;
  return true;
}

// Half as many blocks: each takes up what was known in two.
void print_filter::shrink(std::size_t bytes) {
  const std::size_t wanted = std::max(std::bit_floor(bytes), block_bytes) / sizeof(std::uint64_t);
  while (words_.size() > wanted) {
    const std::size_t half = words_.size() / 2;
    for (std::size_t i = 0; i < half; ++i) words_[i] |= words_[half + i];
    words_.resize(half);
  }
  words_.shrink_to_fit();
}

}  // namespace orbweaver
