#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace orbweaver::html {

// Where `<`, `>`, `"` and `'` stand in a document, in order. They are found for some kilobytes at
// once, without a branch or an address that depends on what is there: following a document by these
// positions is nearly twice as fast as searching from one of them to the next, where each search
// waits for the one before.
class markup_index {
 public:
  // Whether this machine has the instructions that read twice as much at once (AVX2, BMI, POPCNT).
  static bool is_wide_here() noexcept;
  explicit markup_index(bool wide = is_wide_here()) noexcept : wide_(wide) {}

  // A chunk's positions that are still to be used. Small and apart from the rest, so that a loop
  // can keep it in registers.
  struct cursor {
    const char* base;           // what the offsets count from
    const std::uint32_t* at;    // the next offset
    const std::uint32_t* stop;  // behind the last
    const char* unread;         // the document from here on is not indexed yet
  };

  // The positions in the first chunk from `p` on that has any; at == stop if none has.
  cursor read(const char* p, const char* end) noexcept;

 private:
  static constexpr std::size_t chunk_bytes = 4096;
  static constexpr std::size_t batch = 8;

  struct by_16;
  struct by_32;
  template <class How>
  std::uint32_t* read_blocks(const char*& p, const char* until, const char* end) noexcept;
  std::uint32_t* read_blocks_wide(const char*& p, const char* until, const char* end) noexcept;

  const bool wide_;
  // The last batch is written whole, and so may exceed the chunk's number of bytes.
  std::array<std::uint32_t, chunk_bytes + batch> offsets_;
};

// Goes through a document by its index.
class markup_cursor {
 public:
  markup_cursor(std::string_view text, markup_index& index) noexcept
      : index_(index), end_(text.data() + text.size()), now_{text.data(), {}, {}, text.data()} {}

  // The next of the four, or the end of the text.
  [[gnu::always_inline]] const char* peek() noexcept {
    if (now_.at == now_.stop) [[unlikely]] {
      now_ = index_.read(now_.unread, end_);
      if (now_.at == now_.stop) return end_;
    }
    return now_.base + *now_.at;
  }
  // Past the one that peek() answered, which was not the end.
  [[gnu::always_inline]] void next() noexcept { ++now_.at; }
  // The next '<', or the end.
  [[gnu::always_inline]] const char* peek_less_than() noexcept {
    for (;; next()) {
      const char* const p = peek();
      if (p == end_ || *p == '<') return p;
    }
  }
  // Past all before `p`.
  [[gnu::always_inline]] void seek(const char* p) noexcept {
    if (p >= now_.unread) {
      now_.unread = p;
      now_.at = now_.stop;
      return;
    }
    while (now_.at != now_.stop && now_.base + *now_.at < p) ++now_.at;
  }

 private:
  markup_index& index_;
  const char* const end_;
  markup_index::cursor now_;
};

}  // namespace orbweaver::html
