#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "crawler/frontier/seen_set.hpp"

namespace orbweaver {

// A Bloom filter of fingerprints: what it has not been told of is new, for certain; what it has,
// may be known. Six bits of one 64-byte block for each, so that a question costs one access to
// memory: one new fingerprint in a hundred looks known at 12 bits a fingerprint, one in seven at 6.
class print_filter {
 public:
  // The greatest power of two within `bytes`, one block at least.
  explicit print_filter(std::size_t bytes);

  void add(fingerprint f) noexcept;
  bool may_contain(fingerprint f) const noexcept;
  // Gives memory back; it knows what it knew.
  void shrink(std::size_t bytes);
  std::size_t memory_bytes() const noexcept { return words_.size() * sizeof(std::uint64_t); }

 private:
  static constexpr std::size_t block_words = 8;
  static constexpr int bits_each = 6;
  std::size_t block_of(fingerprint f) const noexcept;

  std::vector<std::uint64_t> words_;
};

}  // namespace orbweaver
