#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#if defined(__SSE2__)
#include <emmintrin.h>
#else
#include <array>
#endif

// Sixteen bytes at a time: what the parser's search loops are made of. SSE2 is part of every
// x86-64; elsewhere the same interface is a loop that compilers turn into their own vectors.
namespace orbweaver::html {

#if defined(__SSE2__)

// One truth value per byte.
struct lanes {
  __m128i value;
  std::uint32_t bits() const noexcept {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(value));
  }
  friend lanes operator|(lanes a, lanes b) noexcept { return {_mm_or_si128(a.value, b.value)}; }
};

struct block {
  static constexpr std::ptrdiff_t size = 16;
  __m128i value;

  // Reads exactly `size` bytes.
  static block load(const char* p) noexcept {
    return {_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))};
  }
  lanes equal(char c) const noexcept { return {_mm_cmpeq_epi8(value, _mm_set1_epi8(c))}; }
  // Unsigned comparison.
  lanes at_most(unsigned char c) const noexcept {
    const __m128i limit = _mm_set1_epi8(static_cast<char>(c));
    return {_mm_cmpeq_epi8(_mm_min_epu8(value, limit), value)};
  }
  lanes not_ascii() const noexcept { return {value}; }  // only the top bit of a lane counts
};

#else

struct lanes {
  std::array<std::uint8_t, 16> value;
  std::uint32_t bits() const noexcept {
    std::uint32_t out = 0;
    for (unsigned i = 0; i < 16; ++i) out |= static_cast<std::uint32_t>(value[i] >> 7) << i;
    return out;
  }
  friend lanes operator|(lanes a, const lanes& b) noexcept {
    for (unsigned i = 0; i < 16; ++i) a.value[i] |= b.value[i];
    return a;
  }
};

struct block {
  static constexpr std::ptrdiff_t size = 16;
  std::array<std::uint8_t, 16> value;

  static block load(const char* p) noexcept {
    block out;
    std::memcpy(out.value.data(), p, 16);
    return out;
  }
  lanes equal(char c) const noexcept {
    lanes out;
    for (unsigned i = 0; i < 16; ++i)
      out.value[i] = value[i] == static_cast<std::uint8_t>(c) ? 0xff : 0;
    return out;
  }
  lanes at_most(unsigned char c) const noexcept {
    lanes out;
    for (unsigned i = 0; i < 16; ++i) out.value[i] = value[i] <= c ? 0xff : 0;
    return out;
  }
  lanes not_ascii() const noexcept { return {value}; }
};

#endif

// The first `c` in [p, end), or `end`. Short runs are found without a call, long ones by memchr.
// Two blocks at a time: most runs in a document are shorter, and so the branches are foreseen.
inline const char* find_byte(const char* p, const char* end, char c) noexcept {
  for (int i = 0; i < 2 && end - p >= 2 * block::size; ++i, p += 2 * block::size) {
    const std::uint32_t found = block::load(p).equal(c).bits() |
                                (block::load(p + block::size).equal(c).bits() << block::size);
    if (found != 0) return p + std::countr_zero(found);
  }
  if (p == end) return end;
  const void* found = std::memchr(p, c, static_cast<std::size_t>(end - p));
  return found != nullptr ? static_cast<const char*>(found) : end;
}

// The first byte in [p, end) that is one of `Bytes`, or `end`. Up to `readable` bytes may be read.
template <char... Bytes>
const char* find_any(const char* p, const char* end, const char* readable) noexcept {
  for (; p < end && readable - p >= block::size; p += block::size) {
    const block b = block::load(p);
    if (const auto found = (b.equal(Bytes) | ...).bits(); found != 0) {
      p += std::countr_zero(found);
      return p < end ? p : end;
    }
  }
  while (p < end && ((*p != Bytes) && ...)) ++p;
  return p < end ? p : end;
}
template <char... Bytes>
const char* find_any(const char* p, const char* end) noexcept {
  return find_any<Bytes...>(p, end, end);
}

}  // namespace orbweaver::html
