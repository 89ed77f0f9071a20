#include "crawler/parse/character_reference.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "crawler/parse/ascii.hpp"
#include "crawler/parse/utf8.hpp"

namespace orbweaver::html {
namespace {

struct source_row {
  std::string_view name, text;
};
constexpr source_row source[] = {
#include "crawler/parse/named_references.inc"
};
constexpr std::size_t row_count = std::size(source);
constexpr std::size_t name_bytes = [] {
  std::size_t n = 0;
  for (const auto& row : source) n += row.name.size();
  return n;
}();

// The same table in 12 bytes a row and one run of names, without a pointer to relocate.
struct row {
  std::uint16_t name;
  std::uint8_t name_size;
  std::uint8_t text_size;
  char text[8];
};
struct packed_table {
  std::array<row, row_count> rows{};
  std::array<char, name_bytes> names{};
};
constexpr packed_table table = [] {
  packed_table out;
  std::size_t at = 0;
  for (std::size_t i = 0; i < row_count; ++i) {
    auto& r = out.rows[i];
    r.name = static_cast<std::uint16_t>(at);
    r.name_size = static_cast<std::uint8_t>(source[i].name.size());
    r.text_size = static_cast<std::uint8_t>(source[i].text.size());
    for (const char c : source[i].name) out.names[at++] = c;
    for (std::size_t k = 0; k < source[i].text.size(); ++k) r.text[k] = source[i].text[k];
  }
  return out;
}();
static_assert(name_bytes < 65536);

std::string_view name_of(const row& r) noexcept { return {&table.names[r.name], r.name_size}; }

// 13.2.5.80 Numeric character reference end state: what the C1 controls were taken for.
constexpr std::array<std::uint16_t, 32> windows_1252 = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

char32_t numeric_value(char32_t code) noexcept {
  if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return 0xFFFD;
  if (code <= 0xFF) return windows_1252_code_point(static_cast<unsigned char>(code));
  return code;
}

int hex_value(char c) noexcept {
  if (is_digit(c)) return c - '0';
  const char folded = to_lower(c);
  return folded >= 'a' && folded <= 'f' ? folded - 'a' + 10 : -1;
}

// 13.2.5.75 ff. `after` begins with '#'.
character_reference match_numeric(std::string_view after) noexcept {
  std::size_t i = 1;
  const bool hex = i < after.size() && (after[i] == 'x' || after[i] == 'X');
  if (hex) ++i;
  const std::size_t digits = i;
  const int base = hex ? 16 : 10;
  char32_t code = 0;
  for (; i < after.size(); ++i) {
    const int digit = hex_value(after[i]);
    if (digit < 0 || digit >= base) break;
    if (code <= 0x10FFFF) code = code * static_cast<char32_t>(base) + static_cast<char32_t>(digit);
  }
  if (i == digits) return {};
  if (i < after.size() && after[i] == ';') ++i;
  character_reference out{.length = i};
  out.text_size =
      static_cast<std::uint8_t>(encode_code_point(numeric_value(code), out.text) - out.text);
  return out;
}

// 13.2.5.73 Named character reference state: the longest name that `after` begins with. Rows that
// share the bytes read so far are [low, high); the shortest stands first.
const row* longest_name(std::string_view after) noexcept {
  const row* low = table.rows.data();
  const row* high = low + row_count;
  const row* match = nullptr;
  for (std::size_t i = 0; i < after.size() && low != high; ++i) {
    const char c = after[i];
    low = std::partition_point(low, high,
                               [&](const row& r) { return r.name_size <= i || name_of(r)[i] < c; });
    high = std::partition_point(low, high, [&](const row& r) { return name_of(r)[i] == c; });
    if (low != high && low->name_size == i + 1) match = low;
  }
  return match;
}

character_reference match_named(std::string_view after, references where) noexcept {
  const row* match = longest_name(after);
  if (match == nullptr) return {};
  const std::string_view name = name_of(*match);
  // For historical reasons `?a=1&copy=2` in an attribute is no reference.
  if (where == references::in_attribute && name.back() != ';' && after.size() > name.size()) {
    const char next = after[name.size()];
    if (next == '=' || is_alphanumeric(next)) return {};
  }
  character_reference out{.length = name.size()};
  out.text_size = match->text_size;
  std::memcpy(out.text, match->text, sizeof out.text);
  return out;
}

}  // namespace

character_reference match_reference(std::string_view after, references where) noexcept {
  // 13.2.5.72 Character reference state
  if (after.empty() || where == references::none) return {};
  if (after.front() == '#') return match_numeric(after);
  if (is_alphanumeric(after.front())) return match_named(after, where);
  return {};
}

char* decode(std::string_view raw, decode_mode mode, char* out) noexcept {
  decode_pieces(raw, mode, [&](std::string_view piece) {
    std::memcpy(out, piece.data(), piece.size());
    out += piece.size();
  });
  return out;
}

void append_decoded(std::string& out, std::string_view raw, decode_mode mode) {
  decode_pieces(raw, mode, [&](std::string_view piece) { out.append(piece); });
}

char32_t windows_1252_code_point(unsigned char byte) noexcept {
  return byte >= 0x80 && byte <= 0x9F ? char32_t{windows_1252[byte - 0x80U]} : char32_t{byte};
}

std::size_t named_reference_count() noexcept { return row_count; }
std::string_view named_reference_name(std::size_t n) noexcept { return name_of(table.rows[n]); }
std::string_view named_reference_text(std::size_t n) noexcept {
  return {table.rows[n].text, table.rows[n].text_size};
}

}  // namespace orbweaver::html
