#include "crawler/parse/charset_corrections.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "crawler/parse/utf8.hpp"

// Found by comparing all sequences of two bytes with what a browser makes of them. Not mended,
// since the text does not tell any more what it was made of:
//   - GBK and gb18030: FE51 to FE91 hold six characters of Unicode's private use area.
//   - Big5: A241 and A242, and 131 characters of HKSCS that iconv does not know.
//   - EUC-JP: the 374 characters of rows 89 to 92 are U+FFFD.
//   - EUC-KR: A2E8, which is none, vanishes.
//   - windows-1255 and windows-1258: letters and their marks are one character where there is one.
namespace orbweaver {
namespace {

struct correction {
  std::string_view charset;
  char32_t first, last;  // as iconv has it: code points that the standard has nowhere in `charset`
  char32_t right;
};

constexpr correction corrections[] = {
    // 9, index macintosh and index x-mac-cyrillic
    {"macintosh", 0x394, 0x394, 0x2206},
    {"macintosh", 0xE01E, 0xE01E, 0xF8FF},
    {"x-mac-cyrillic", 0xA4, 0xA4, 0x20AC},
    // 5, index gb18030
    {"GBK", 0xE5E5, 0xE5E5, 0x3000},
    {"gb18030", 0xE5E5, 0xE5E5, 0x3000},
    // 5, index Big5; 11.1.1: single bytes are ASCII only.
    {"Big5", 0x80, 0x9F, 0xFFFD},
    {"Big5", 0xA2, 0xA2, 0xFFE0},
    {"Big5", 0xA3, 0xA3, 0xFFE1},
    {"Big5", 0xA5, 0xA5, 0xFFE5},
    {"Big5", 0x2022, 0x2022, 0x2027},
    {"Big5", 0x203E, 0x203E, 0xAF},
    {"Big5", 0x223C, 0x223C, 0xFF5E},
    {"Big5", 0x2609, 0x2609, 0x2299},
    {"Big5", 0x2641, 0x2641, 0x2295},
    {"Big5", 0xFF64, 0xFF64, 0xFE51},
    // 12.1.1: single bytes are ASCII only; 5, index jis0208: nothing is of private use.
    {"EUC-JP", 0x80, 0x9F, 0xFFFD},
    {"EUC-JP", 0xE000, 0xF8FF, 0xFFFD},
};

// The character that `rest`, valid UTF-8, begins with.
std::string_view first_character(std::string_view rest) noexcept {
  const auto lead = static_cast<unsigned char>(rest.front());
  return rest.substr(0, lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1);
}
char32_t code_point(std::string_view character) noexcept {
  const auto lead = static_cast<unsigned char>(character.front());
  char32_t code = character.size() == 1 ? lead : lead & (0xFFU >> (character.size() + 1));
  for (const char c : character.substr(1))
    code = code << 6 | (static_cast<unsigned char>(c) & 0x3FU);
  return code;
}

void append_corrected(std::string& out, std::string_view character, std::string_view charset) {
  const char32_t code = code_point(character);
  const auto* const found = std::ranges::find_if(corrections, [&](const correction& c) {
    return code >= c.first && code <= c.last && charset == c.charset;
  });
  if (found == std::end(corrections)) {
    out += character;
    return;
  }
  char bytes[4];
  out.append(bytes, encode_code_point(found->right, bytes));
}

}  // namespace

void correct_decoded(std::string& text, std::string_view charset) {
  if (std::ranges::find(corrections, charset, &correction::charset) == std::end(corrections))
    return;
  std::string out;
  out.reserve(text.size());
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t ascii = ascii_length(rest);
    out.append(rest.substr(0, ascii));
    rest.remove_prefix(ascii);
    if (rest.empty()) break;
    const std::string_view character = first_character(rest);
    append_corrected(out, character, charset);
    rest.remove_prefix(character.size());
  }
  text = std::move(out);
}

}  // namespace orbweaver
