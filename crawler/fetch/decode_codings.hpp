#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "common/error.hpp"
#include "crawler/fetch/headers.hpp"

namespace orbweaver {

// The codings that can be undone. `x-gzip` is gzip (RFC 9110 8.4.1.3).
enum class content_coding : std::uint8_t { gzip, deflate, br, zstd };

// What to send as Accept-Encoding.
inline constexpr std::string_view accepted_codings = "gzip, deflate, br, zstd";

// Codings in the order in which they were applied; at most `capacity`, as many as curl undoes.
class coding_list {
 public:
  static constexpr std::size_t capacity = 5;

  // False when the list is full.
  bool add(content_coding coding) noexcept {
    if (size_ == capacity) return false;
    codings_[size_++] = coding;
    return true;
  }
  bool empty() const noexcept { return size_ == 0; }
  std::size_t size() const noexcept { return size_; }
  content_coding operator[](std::size_t at) const noexcept { return codings_[at]; }

 private:
  std::array<content_coding, capacity> codings_{};
  std::uint8_t size_ = 0;
};

// All that was done to the body: Content-Encoding, then Transfer-Encoding but for chunked. Names
// that are no coding at all (`utf-8`, `none` and the like are met) count as identity, as in
// browsers. Fails with bad_encoding for a coding of the IANA registry that we cannot undo, and
// for more than coding_list::capacity of them.
result<coding_list> codings_of(const header_list& headers);

}  // namespace orbweaver
