#include "crawler/export/json_text.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>

#include "crawler/parse/block.hpp"
#include "crawler/parse/utf8.hpp"

namespace orbweaver {
namespace {

// Bytes that stand for themselves within a JSON string.
constexpr std::array<bool, 256> plain = [] {
  std::array<bool, 256> out{};
  for (std::size_t c = 0x20; c < 0x80; ++c) out[c] = c != '"' && c != '\\';
  return out;
}();

// The first byte in [p, end) that does not, or `end`.
const char* skip_plain(const char* p, const char* end) noexcept {
  using html::block;
  for (; end - p >= block::size; p += block::size) {
    const block b = block::load(p);
    const auto odd = (b.at_most(0x1f) | b.equal('"') | b.equal('\\') | b.not_ascii()).bits();
    if (odd != 0) return p + std::countr_zero(odd);
  }
  while (p != end && plain[static_cast<unsigned char>(*p)]) ++p;
  return p;
}

void append_escaped(std::string& out, unsigned char c) {
  constexpr std::string_view hex = "0123456789abcdef";
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default:
      out += "\\u00";
      out += hex[c >> 4];
      out += hex[c & 15];
  }
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  const char* p = text.data();
  const char* const last = p + text.size();
  while (p != last) {
    const char* end = skip_plain(p, last);
    out.append(p, end);
    p = end;
    if (p == last) break;
    if (static_cast<unsigned char>(*p) < 0x80) {
      append_escaped(out, static_cast<unsigned char>(*p++));
      continue;
    }
    while (end != last && static_cast<unsigned char>(*end) >= 0x80) ++end;
    append_utf8(out, {p, static_cast<std::size_t>(end - p)});
    p = end;
  }
  out += '"';
}

void append_json_number(std::string& out, std::uint64_t value) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

void append_json_seconds(std::string& out, double seconds) {
  constexpr std::uint64_t unit = 1'000'000;
  const auto value = static_cast<std::uint64_t>(std::llround(std::max(seconds, 0.0) * unit));
  append_json_number(out, value / unit);
  std::uint64_t rest = value % unit;
  if (rest != 0) out += '.';
  for (std::uint64_t digit = unit / 10; rest != 0; rest %= digit, digit /= 10)
    out += static_cast<char>('0' + rest / digit);
}

}  // namespace orbweaver
