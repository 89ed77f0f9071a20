#include "common/url/percent.hpp"

#include <algorithm>

namespace orbweaver {

void append_escape(std::string& out, char byte) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto value = static_cast<unsigned char>(byte);
  const char escape[3] = {'%', digits[value >> 4], digits[value & 15]};
  out.append(escape, 3);
}

void append_encoded(std::string& out, std::string_view text, encode_set set) {
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!must_encode(text[i], set)) continue;
    out.append(text.data() + plain, i - plain);
    append_escape(out, text[i]);
    plain = i + 1;
  }
  out.append(text.data() + plain, text.size() - plain);
}

void append_decoded(std::string& out, std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_escape(text, i)) {
      out.push_back(escaped_byte(text, i));
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
}

bool has_normal_escapes(std::string_view text) noexcept {
  constexpr auto is_lower_hex = [](char c) { return c >= 'a' && c <= 'f'; };
  for (std::size_t at = text.find('%'); at != text.npos; at = text.find('%', at + 3)) {
    if (!is_escape(text, at) || is_lower_hex(text[at + 1]) || is_lower_hex(text[at + 2]) ||
        is_unreserved(escaped_byte(text, at)))
      return false;
  }
  return true;
}

// Decoding cannot make an escape of what was none: a '%' is never decoded, and one that begins no
// escape is escaped itself. Nor can it make a dot segment of a URL: the URL parser has resolved
// those written "%2e" already.
void append_normal_escapes(std::string& out, std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
    } else if (!is_escape(text, i)) {
      out.append("%25");
    } else {
      const char byte = escaped_byte(text, i);
      if (is_unreserved(byte))
        out.push_back(byte);
      else
        append_escape(out, byte);
      i += 2;
    }
  }
}

}  // namespace orbweaver
