#include "crawler/parse/markup_index.hpp"

#include <algorithm>
#include <bit>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "crawler/parse/block.hpp"

namespace orbweaver::html {
namespace {

constexpr std::size_t word_bytes = 64;
// How far ahead of its reading a document is asked for. The processor's own prefetching stops at
// each page of 4 KiB, and in between the document is left alone for a chunk's time.
constexpr std::ptrdiff_t prefetch_bytes = 1024;

bool is_markup(char c) noexcept { return c == '<' || c == '>' || c == '"' || c == '\''; }

}  // namespace

// What every machine has.
struct markup_index::by_16 {
  // One bit for each of 64 bytes.
  static std::uint64_t find(const char* p) noexcept {
    const auto bits = [p](unsigned at) {
      const block b = block::load(p + at);
      const lanes found = b.equal('<') | b.equal('>') | b.equal('"') | b.equal('\'');
      return std::uint64_t{found.bits()} << at;
    };
    return bits(0) | bits(16) | bits(32) | bits(48);
  }
  // Without a library call, which is what std::popcount is for every x86-64.
  static std::size_t count(std::uint64_t x) noexcept {
    x -= (x >> 1) & 0x5555555555555555;
    x = (x & 0x3333333333333333) + ((x >> 2) & 0x3333333333333333);
    x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0f;
    return static_cast<std::size_t>((x * 0x0101010101010101) >> 56);
  }
};

// Writes a batch at a time whether needed or not, for the number of bits cannot be foreseen.
template <class How>
[[gnu::always_inline]] inline std::uint32_t* markup_index::read_blocks(const char*& p,
                                                                       const char* until,
                                                                       const char* end) noexcept {
  const char* const base = p;
  std::uint32_t* out = offsets_.data();
  for (; until - p >= static_cast<std::ptrdiff_t>(word_bytes); p += word_bytes) {
    __builtin_prefetch(p + std::min(prefetch_bytes, end - p));
    std::uint64_t found = How::find(p);
    const std::size_t count = How::count(found);
    const auto offset = static_cast<unsigned>(p - base);
    for (std::size_t done = 0; done < count; done += batch) {
#pragma GCC unroll 8
      for (std::size_t i = 0; i < batch; ++i) {
        const auto bit = static_cast<unsigned>(std::countr_zero(found | (std::uint64_t{1} << 63)));
        out[done + i] = static_cast<std::uint32_t>(offset + bit);
        found &= found - 1;
      }
    }
    out += count;
  }
  return out;
}

#if defined(__x86_64__)

struct markup_index::by_32 {
  // The four differ in their low half-bytes, by which one instruction looks each byte up in a
  // table: it is one of the four if that is what it finds there. Elsewhere the table has bytes that
  // no look-up for themselves comes to; for a byte that is not ASCII it has 0.
  [[gnu::target("avx2")]] static std::uint64_t find(const char* p) noexcept {
    return find_half(p) | find_half(p + 32) << 32;
  }
  [[gnu::target("avx2")]] static std::uint64_t find_half(const char* p) noexcept {
    const __m256i table = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(1, 0, '"', 0, 0, 0, 0, '\'', 0, 0, 0, 0, '<', 0, '>', 0));
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
    const __m256i found = _mm256_cmpeq_epi8(_mm256_shuffle_epi8(table, bytes), bytes);
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(found));
  }
  [[gnu::target("popcnt")]] static std::size_t count(std::uint64_t x) noexcept {
    return static_cast<std::size_t>(std::popcount(x));
  }
};

bool markup_index::is_wide_here() noexcept {
  static const bool answer = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                             __builtin_cpu_supports("popcnt");
  return answer;
}
[[gnu::target("avx2,bmi,popcnt")]] std::uint32_t* markup_index::read_blocks_wide(
    const char*& p, const char* until, const char* end) noexcept {
  return read_blocks<by_32>(p, until, end);
}

#else

bool markup_index::is_wide_here() noexcept { return false; }
std::uint32_t* markup_index::read_blocks_wide(const char*& p, const char* until,
                                              const char* end) noexcept {
  return read_blocks<by_16>(p, until, end);
}

#endif

markup_index::cursor markup_index::read(const char* p, const char* end) noexcept {
  while (p != end) {
    const char* const base = p;
    const auto left = static_cast<std::size_t>(end - p);
    const char* const until = p + std::min(left, chunk_bytes);
    std::uint32_t* out =
        wide_ ? read_blocks_wide(p, until, end) : read_blocks<by_16>(p, until, end);
    for (; p != until; ++p) {
      if (is_markup(*p)) *out++ = static_cast<std::uint32_t>(p - base);
    }
    if (out != offsets_.data()) return {base, offsets_.data(), out, p};
  }
  return {end, nullptr, nullptr, end};
}

}  // namespace orbweaver::html
