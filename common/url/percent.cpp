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

}  // namespace orbweaver
