#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace orbweaver {

// Length in bytes of the longest prefix of `bytes` that is valid UTF-8 (RFC 3629: no overlong
// forms, no surrogates, nothing above U+10FFFF). A sequence cut off at the end is not valid.
std::size_t valid_utf8_length(std::string_view bytes) noexcept;
// Length in bytes of the longest prefix of `bytes` that is ASCII.
std::size_t ascii_length(std::string_view bytes) noexcept;
inline bool is_valid_utf8(std::string_view bytes) noexcept {
  return valid_utf8_length(bytes) == bytes.size();
}

// Appends `bytes` to `out` as valid UTF-8: every maximal part of an ill-formed sequence becomes
// one U+FFFD, as the Encoding Standard's UTF-8 decoder does it. A byte order mark is kept.
void append_utf8(std::string& out, std::string_view bytes);
std::string to_utf8(std::string_view bytes);

// The longest prefix of at most `max_bytes` bytes that does not end within a sequence; for text
// that is valid UTF-8.
std::string_view clip_utf8(std::string_view text, std::size_t max_bytes) noexcept;

// Writes `code`, which must be a Unicode scalar value, to `out` (1 to 4 bytes); answers the end.
char* encode_code_point(char32_t code, char* out) noexcept;

}  // namespace orbweaver
