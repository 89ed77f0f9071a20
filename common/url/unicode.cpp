#include "common/url/unicode.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace orbweaver::unicode {
namespace {

enum class mapping_kind : std::uint8_t { valid, disallowed, ignored, shift, pairs, pool };

// Holds up to the next row's first code point.
struct mapping_row {
  std::uint32_t packed;  // first code point << 3 | kind
  // shift: what is added. pool: offset of the first code point's mapping << 5 | its length in
  // UTF-16 units; the others' follow, all of one length.
  std::int32_t value;

  constexpr char32_t first() const noexcept { return packed >> 3; }
  constexpr mapping_kind kind() const noexcept { return static_cast<mapping_kind>(packed & 7); }
};

struct composition {
  char32_t first, second, composite;
};

struct property_record {
  std::uint8_t combining_class, bidi, joining, mark;
};

#include "common/url/unicode_tables.inc"

constexpr auto records = [] {
  std::array<code_point_properties, std::size(property_records)> out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    const property_record& r = property_records[i];
    out[i] = {r.combining_class, static_cast<bidi_class>(r.bidi),
              static_cast<joining_type>(r.joining), r.mark != 0};
  }
  return out;
}();

const mapping_row& row_of(char32_t c) noexcept {
  return *std::prev(std::ranges::upper_bound(mapping_rows, c, {}, &mapping_row::first));
}

bool is_mapped_pair(const mapping_row& row, char32_t c) noexcept {
  return row.kind() == mapping_kind::pairs && (c - row.first()) % 2 == 0;
}

void append_from_pool(std::u32string& out, const mapping_row& row, char32_t c) {
  const auto value = static_cast<std::uint32_t>(row.value);
  const std::size_t length = value & 31;
  const char16_t* unit = mapping_pool + (value >> 5) + (c - row.first()) * length;
  for (const char16_t* const end = unit + length; unit != end; ++unit) {
    if (*unit < 0xd800 || *unit > 0xdbff) {
      out.push_back(*unit);
    } else {
      out.push_back(0x10000u + ((*unit - 0xd800u) << 10) + (unit[1] - 0xdc00u));
      ++unit;
    }
  }
}

}  // namespace

bool append_mapped(std::u32string& out, char32_t c) {
  const mapping_row& row = row_of(c);
  switch (row.kind()) {
    case mapping_kind::valid: out.push_back(c); return true;
    case mapping_kind::disallowed: return false;
    case mapping_kind::ignored: return true;
    case mapping_kind::shift: out.push_back(c + static_cast<std::uint32_t>(row.value)); return true;
    case mapping_kind::pairs: out.push_back(c + is_mapped_pair(row, c)); return true;
    case mapping_kind::pool: append_from_pool(out, row, c); return true;
  }
  return false;
}

bool is_valid(char32_t c) noexcept {
  const mapping_row& row = row_of(c);
  return row.kind() == mapping_kind::valid ||
         (row.kind() == mapping_kind::pairs && !is_mapped_pair(row, c));
}

const code_point_properties& properties(char32_t c) noexcept {
  const auto first = [](std::uint32_t row) { return row >> 8; };
  const auto row = std::prev(std::ranges::upper_bound(property_rows, c, {}, first));
  return records[*row & 255];
}

// RFC 3629, section 4: no overlong forms, no surrogates, nothing beyond U+10FFFF.
std::optional<std::u32string> decode_utf8(std::string_view text) {
  std::u32string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i++]);
    if (lead < 0x80) {
      out.push_back(lead);
      continue;
    }
    const unsigned more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    if (lead < 0xc2 || lead > 0xf4 || text.size() - i < more) return std::nullopt;
    std::uint32_t c = lead & (0x3fu >> more);
    for (unsigned k = 0; k < more; ++k) {
      const auto byte = static_cast<unsigned char>(text[i++]);
      if ((byte & 0xc0) != 0x80) return std::nullopt;
      c = c << 6 | (byte & 0x3f);
    }
    constexpr std::uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    if (c < least[more] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) return std::nullopt;
    out.push_back(c);
  }
  return out;
}

namespace {

// Hangul syllables are composed by rule (UAX 15 / The Unicode Standard, section 3.12).
constexpr char32_t hangul = 0xac00, lead = 0x1100, vowel = 0x1161, tail = 0x11a7;
constexpr char32_t leads = 19, vowels = 21, tails = 28;

// By composite, then by both parts. Both are small and made once.
const auto& by_composite() {
  static const auto sorted = [] {
    auto copy = std::to_array(compositions);
    std::ranges::sort(copy, {}, &composition::composite);
    return copy;
  }();
  return sorted;
}

char32_t compose(char32_t a, char32_t b) noexcept {
  if (a - lead < leads && b - vowel < vowels)
    return hangul + ((a - lead) * vowels + (b - vowel)) * tails;
  if (a - hangul < leads * vowels * tails && (a - hangul) % tails == 0 && b - tail - 1 < tails - 1)
    return a + (b - tail);
  const auto pair = std::pair(a, b);
  const auto parts = [](const composition& c) { return std::pair(c.first, c.second); };
  const auto it = std::ranges::lower_bound(compositions, pair, {}, parts);
  return it != std::end(compositions) && parts(*it) == pair ? it->composite : 0;
}

void append_decomposed(std::u32string& out, char32_t c) {
  if (c - hangul < leads * vowels * tails) {
    const char32_t index = c - hangul;
    out.push_back(lead + index / (vowels * tails));
    out.push_back(vowel + index % (vowels * tails) / tails);
    if (index % tails != 0) out.push_back(tail + index % tails);
    return;
  }
  const auto& table = by_composite();
  const auto it = std::ranges::lower_bound(table, c, {}, &composition::composite);
  if (it == table.end() || it->composite != c) {
    out.push_back(c);
    return;
  }
  append_decomposed(out, it->first);
  out.push_back(it->second);
}

std::uint8_t combining_class(char32_t c) noexcept { return properties(c).combining_class; }

// UAX 15, D109: marks in the order of their classes.
void reorder(std::u32string& text) {
  for (auto it = text.begin(); it != text.end();) {
    if (combining_class(*it) == 0) {
      ++it;
      continue;
    }
    const auto end =
        std::find_if(it, text.end(), [](char32_t c) { return combining_class(c) == 0; });
    std::stable_sort(
        it, end, [](char32_t a, char32_t b) { return combining_class(a) < combining_class(b); });
    it = end;
  }
}

// UAX 15, D117: each mark joins the last starter unless another one blocks it.
void recompose(std::u32string& text) {
  std::size_t starter = text.npos;
  std::size_t length = 0;
  int last_class = -1;  // of what stands since the starter
  for (const char32_t c : text) {
    const int own_class = combining_class(c);
    if (starter != text.npos && last_class < own_class) {
      if (const char32_t both = compose(text[starter], c); both != 0) {
        text[starter] = both;
        continue;
      }
    }
    if (own_class == 0) {
      starter = length;
      last_class = -1;
    } else {
      last_class = own_class;
    }
    text[length++] = c;
  }
  text.resize(length);
}

}  // namespace

void normalize(std::u32string& text) {
  // Below the first combining mark everything is its own normal form.
  if (std::ranges::all_of(text, [](char32_t c) { return c < 0x300; })) return;
  std::u32string decomposed;
  for (const char32_t c : text) append_decomposed(decomposed, c);
  reorder(decomposed);
  recompose(decomposed);
  text = std::move(decomposed);
}

}  // namespace orbweaver::unicode
