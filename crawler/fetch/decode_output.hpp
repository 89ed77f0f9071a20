#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace orbweaver {

struct decode_limits {
  std::size_t max_output_bytes = 10 << 20;
  // A body of more than bomb_floor_bytes that is more than max_ratio times its size on the wire
  // is a bomb. Deflate reaches 1032, honest pages seldom 50.
  std::size_t max_ratio = 200;  // at least 1
  std::size_t bomb_floor_bytes = 4 << 20;
};

// How one coding's decoder ended. What it had written until then counts.
enum class decode_end : std::uint8_t {
  complete,
  cut_off,      // the input ended before the stream did
  corrupt,      // the input cannot be what its label says, not all of it
  at_limit,     // max_output_bytes were written, and there is more
  bomb,         // see decode_limits
  not_encoded,  // the input is not what its label says at all; nothing was written
};

// Where a decoder writes: a string that grows while it stays within the limits.
class decode_output {
 public:
  // `wire_bytes`: the size of the body as it was received, before any decoding.
  decode_output(std::string& text, const decode_limits& limits, std::size_t wire_bytes)
      : text_(text), limits_(limits), wire_bytes_(wire_bytes) {}

  // Begins anew. `expected_bytes` is a guess that need not be right.
  void start(std::size_t expected_bytes) {
    used_ = 0;
    const std::size_t sane = std::max(smallest, 32 * wire_bytes_);
    text_.resize(std::min({std::max(expected_bytes, smallest), sane, limit() + 1}));
  }

  // Where to write next; never empty.
  std::span<char> room() {
    if (used_ == text_.size()) text_.resize(std::min(2 * text_.size(), limit() + 1));
    return std::span(text_).subspan(used_);
  }

  // Takes over the first `n` bytes of room(). Anything but `complete` ends the decoding.
  decode_end commit(std::size_t n) noexcept {
    used_ += n;
    if (used_ > limits_.bomb_floor_bytes && used_ / limits_.max_ratio > wire_bytes_) {
      return decode_end::bomb;
    }
    return used_ > limit() ? decode_end::at_limit : decode_end::complete;
  }

  std::size_t size() const noexcept { return used_; }

  // Leaves exactly what was written in the string.
  void finish() { text_.resize(std::min(used_, limit())); }

 private:
  static constexpr std::size_t smallest = std::size_t{16} * 1024;
  // Room for one byte more tells a body of exactly the limit from a longer one.
  std::size_t limit() const noexcept { return limits_.max_output_bytes; }

  std::string& text_;
  const decode_limits& limits_;
  std::size_t wire_bytes_;
  std::size_t used_ = 0;
};

// Each undoes one coding of `in`, a whole body. The decoders' contexts belong to the thread and
// are used again.
decode_end undo_gzip(std::string_view in, decode_output& out);
decode_end undo_deflate(std::string_view in, decode_output& out);
decode_end undo_brotli(std::string_view in, decode_output& out);
decode_end undo_zstd(std::string_view in, decode_output& out);

// Whether a body begins like text: no control characters but white space in its first 64 bytes.
// True of less than one compressed stream in a thousand.
bool begins_like_text(std::string_view body) noexcept;

}  // namespace orbweaver
