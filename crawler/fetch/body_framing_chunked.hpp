#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace orbweaver {

struct chunk_limits {
  std::size_t max_line_bytes =
      std::size_t{16} * 1024;  // one chunk-size line with the line end before it
  std::size_t max_extension_bytes = std::size_t{256} * 1024;  // all chunk extensions of a body
  std::size_t max_trailer_bytes = std::size_t{64} * 1024;     // the whole trailer section
  std::uint64_t max_body_bytes = 10 << 20;
};

// Undoes the chunked transfer coding (RFC 9112 7.1) inside the buffer it was received into. The
// tolerances stand in response_parser.hpp.
class chunked_decoder {
 public:
  enum class state : std::uint8_t { need_more, done, too_long, bad };
  // `begin` and `end` enclose the body in the buffer; bytes from `consumed` on were not looked at.
  struct extent {
    std::size_t begin;
    std::size_t end;
    std::size_t consumed;
  };

  explicit chunked_decoder(const chunk_limits& limits = {}) noexcept : limits_(limits) {}
  void reset() noexcept { *this = chunked_decoder(limits_); }

  // Reads buffer[body.consumed, size) and moves its body bytes to the left, up to body.end. The
  // first chunk is not moved: body.begin is. Nothing is read once the answer is not need_more;
  // too_long means that exactly max_body_bytes were kept.
  state decode(std::span<char> buffer, extent& body);

 private:
  enum class phase : std::uint8_t { size, extension, data, data_end, trailer };

  bool read_size(std::span<char> buffer, extent& body) noexcept;
  bool read_extension(std::span<char> buffer, extent& body) noexcept;
  bool read_data(std::span<char> buffer, extent& body) noexcept;
  bool read_data_end(std::span<char> buffer, extent& body) noexcept;
  bool read_trailer(std::span<char> buffer, extent& body) noexcept;
  bool end_as(state s) noexcept;

  chunk_limits limits_;
  phase phase_ = phase::size;
  state state_ = state::need_more;
  unsigned digits_ = 0;
  std::uint64_t chunk_left_ = 0;
  std::size_t line_bytes_ = 0;
  std::size_t extension_bytes_ = 0;
  std::size_t trailer_bytes_ = 0;
  bool line_empty_ = true;    // of the trailer line being read
  bool line_usable_ = false;  // it has a colon, or continues the line before
};

}  // namespace orbweaver
