#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace orbweaver {

// The percent-encode sets of the URL Standard, section 1.3: which bytes are written as %XX in
// which part of a URL. Bytes from 0x80 on are in every one of them.
enum class encode_set : std::uint8_t {
  c0_control = 1,
  fragment = 2,
  query = 4,
  special_query = 8,  // the query of http, https, ws, wss, ftp and file
  path = 16,
  userinfo = 32,
};

namespace detail {

// One byte of encode_set bits per byte value.
inline constexpr auto encode_bits = [] {
  std::array<std::uint8_t, 256> bits{};
  const auto put = [&](std::string_view bytes, int sets) {
    for (const char c : bytes)
      bits[static_cast<unsigned char>(c)] |= static_cast<std::uint8_t>(sets);
  };
  for (std::size_t c = 0; c < 256; ++c)
    if (c < 0x20 || c > 0x7e) bits[c] = 63;
  constexpr int query_and_up = 4 | 8 | 16 | 32;
  put(" \"<>", 2 | query_and_up);
  put("`", 2 | 16 | 32);
  put("#", query_and_up);
  put("'", 8);
  put("?^{}", 16 | 32);
  put("/:;=@[\\]|", 32);
  return bits;
}();

}  // namespace detail

constexpr bool must_encode(char c, encode_set set) noexcept {
  return (detail::encode_bits[static_cast<unsigned char>(c)] & static_cast<std::uint8_t>(set)) != 0;
}

// The value of a hexadecimal digit, or -1.
constexpr int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// True when `text` has '%' and two hexadecimal digits at `at`.
constexpr bool is_escape(std::string_view text, std::size_t at) noexcept {
  return at + 2 < text.size() && text[at] == '%' && hex_value(text[at + 1]) >= 0 &&
         hex_value(text[at + 2]) >= 0;
}
// The byte an escape stands for; only where is_escape() holds.
constexpr char escaped_byte(std::string_view text, std::size_t at) noexcept {
  return static_cast<char>(hex_value(text[at + 1]) * 16 + hex_value(text[at + 2]));
}

// Appends '%' and two upper-case digits.
void append_escape(std::string& out, char byte);
// Appends `text` with the bytes of `set` escaped. Existing escapes stay as they are.
void append_encoded(std::string& out, std::string_view text, encode_set set);
// Appends `text` with every escape decoded; a bare '%' stays.
void append_decoded(std::string& out, std::string_view text);

// RFC 3986, section 2.3.
constexpr bool is_unreserved(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}
// Whether every '%' begins an escape, in upper case, that stands for no unreserved character (RFC
// 3986, section 6.2.2).
bool has_normal_escapes(std::string_view text) noexcept;
// Appends `text` in that form; a '%' that begins no escape becomes "%25".
void append_normal_escapes(std::string& out, std::string_view text);

}  // namespace orbweaver
