#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "crawler/parse/ascii.hpp"
#include "crawler/parse/block.hpp"

// Recognises the few element and attribute names that mean something to us, whatever their case:
// two machine words per name, a perfect hash found by the compiler, one comparison.
namespace orbweaver::html {

// A name of up to 16 bytes in lower case, padded with zeros.
struct name_key {
  static constexpr std::size_t max_size = 16;
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  constexpr bool operator==(const name_key&) const = default;
};

// For names known to the compiler; `name` in lower case.
constexpr name_key make_key(std::string_view name) noexcept {
  name_key out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto byte = static_cast<std::uint64_t>(static_cast<unsigned char>(name[i]));
    (i < 8 ? out.low : out.high) |= byte << (8 * (i % 8));
  }
  return out;
}

// Lower-cases A to Z in each of eight bytes.
inline std::uint64_t lower_word(std::uint64_t w) noexcept {
  constexpr std::uint64_t ones = 0x0101010101010101;
  const std::uint64_t low7 = w & (0x7f * ones);
  const std::uint64_t from_a = low7 + (0x80 - 'A') * ones;        // top bit: at least 'A'
  const std::uint64_t beyond_z = low7 + (0x80 - 'Z' - 1) * ones;  // top bit: above 'Z'
  const std::uint64_t upper = (from_a & ~beyond_z & ~w) & (0x80 * ones);
  return w | (upper >> 2);
}

// For a name in a document; `end` is the end of what may be read behind it. Names longer than
// max_size, empty ones and those with a NUL have the key of no name.
inline name_key read_key(std::string_view name, const char* end) noexcept {
  static_assert(std::endian::native == std::endian::little);
  if (name.size() > name_key::max_size || name.empty() || name.back() == '\0') return {};
  std::uint64_t words[2] = {};
  if (end - name.data() >= 16) {
    std::memcpy(words, name.data(), 16);
    const auto bits = static_cast<unsigned>(8 * name.size());
    if (bits < 64) {
      words[0] &= (std::uint64_t{1} << bits) - 1;
      words[1] = 0;
    } else {
      words[1] &= bits == 128 ? ~std::uint64_t{0} : (std::uint64_t{1} << (bits - 64)) - 1;
    }
  } else {
    std::memcpy(words, name.data(), name.size());
  }
  return {lower_word(words[0]), words[1] == 0 ? 0 : lower_word(words[1])};
}

// Maps the Count names given to their places in that list.
template <std::size_t Count>
class name_table {
  static_assert(Count < 255);

 public:
  static constexpr std::size_t none = Count;

  constexpr explicit name_table(const std::array<std::string_view, Count>& names) {
    for (std::size_t i = 0; i < Count; ++i) keys_[i] = make_key(names[i]);
    keys_[Count] = {~std::uint64_t{0}, ~std::uint64_t{0}};  // the key of no name
    while (!place_all()) multiplier_ = multiplier_ * 6364136223846793005U + 1442695040888963407U;
  }

  std::size_t find(const name_key& key) const noexcept {
    const std::size_t place = slots_[slot(key)];
    return keys_[place] == key ? place : none;
  }

 private:
  static constexpr int slot_bits = 12;

  constexpr std::size_t slot(const name_key& key) const noexcept {
    return static_cast<std::size_t>(((key.low ^ (key.high * 31)) * multiplier_) >>
                                    (64 - slot_bits));
  }
  constexpr bool place_all() {
    slots_.fill(static_cast<std::uint8_t>(Count));
    for (std::size_t i = 0; i < Count; ++i) {
      auto& s = slots_[slot(keys_[i])];
      if (s != Count) return false;
      s = static_cast<std::uint8_t>(i);
    }
    return true;
  }

  std::uint64_t multiplier_ = 0x9E3779B97F4A7C15;
  std::array<name_key, Count + 1> keys_{};
  std::array<std::uint8_t, std::size_t{1} << slot_bits> slots_{};
};

}  // namespace orbweaver::html
