#include "common/url/idna.hpp"

#include <algorithm>
#include <vector>

#include "common/url/punycode.hpp"
#include "common/url/unicode.hpp"

namespace orbweaver {
namespace {

using unicode::bidi_class;
using unicode::joining_type;
using unicode::properties;

constexpr char32_t zero_width_non_joiner = 0x200c;
constexpr char32_t zero_width_joiner = 0x200d;

bool is_ascii(std::u32string_view text) noexcept {
  return std::ranges::all_of(text, [](char32_t c) { return c < 0x80; });
}

// RFC 5892, appendix A.1: between a left- or dual-joining and a right- or dual-joining letter,
// with none but transparent ones between.
bool joins_across(std::u32string_view label, std::size_t at) noexcept {
  const auto type = [&](std::size_t i) { return properties(label[i]).joining; };
  std::size_t left = at;
  while (left > 0 && type(left - 1) == joining_type::transparent) --left;
  if (left == 0 || (type(left - 1) != joining_type::left && type(left - 1) != joining_type::dual))
    return false;
  std::size_t right = at + 1;
  while (right < label.size() && type(right) == joining_type::transparent) ++right;
  return right < label.size() &&
         (type(right) == joining_type::right || type(right) == joining_type::dual);
}

// RFC 5892, appendices A.1 and A.2.
bool joiners_are_valid(std::u32string_view label) noexcept {
  for (std::size_t i = 0; i < label.size(); ++i) {
    if (label[i] != zero_width_non_joiner && label[i] != zero_width_joiner) continue;
    if (i > 0 && properties(label[i - 1]).combining_class == unicode::virama) continue;
    if (label[i] == zero_width_joiner || !joins_across(label, i)) return false;
  }
  return true;
}

// UTS 46, section 4.1: the validity criteria but for the Bidi rule, which asks for all labels.
bool is_valid_label(std::u32string_view label) {
  if (label.empty()) return true;
  if (properties(label[0]).mark || !std::ranges::all_of(label, unicode::is_valid)) return false;
  return joiners_are_valid(label);
}

// RFC 5893, section 1.4.
bool has_right_to_left(std::u32string_view label) noexcept {
  return std::ranges::any_of(label, [](char32_t c) {
    const bidi_class b = properties(c).bidi;
    return b == bidi_class::right || b == bidi_class::arabic_number;
  });
}

// RFC 5893, section 2, in the order of its conditions.
bool satisfies_bidi_rule(std::u32string_view label) noexcept {
  if (label.empty()) return true;
  const bidi_class first = properties(label[0]).bidi;
  if (first != bidi_class::left && first != bidi_class::right) return false;  // 1
  const bool rtl = first == bidi_class::right;
  bool seen[7] = {};
  bidi_class last = bidi_class::other;
  for (const char32_t c : label) {
    const bidi_class b = properties(c).bidi;
    seen[static_cast<std::size_t>(b)] = true;
    if (b != bidi_class::mark) last = b;
  }
  const auto has = [&](bidi_class b) { return seen[static_cast<std::size_t>(b)]; };
  if (has(bidi_class::other)) return false;
  if (!rtl)
    return !has(bidi_class::right) && !has(bidi_class::arabic_number) &&  // 5
           (last == bidi_class::left || last == bidi_class::number);      // 6
  return !has(bidi_class::left) &&                                        // 2
         last != bidi_class::neutral &&                                   // 3
         !(has(bidi_class::number) && has(bidi_class::arabic_number));    // 4
}

// UTS 46, section 4, step 4 for one label: what it stands for, or nullopt.
std::optional<std::u32string> process_label(std::u32string_view label) {
  if (!label.starts_with(U"xn--")) {
    if (!is_valid_label(label)) return std::nullopt;
    return std::u32string(label);
  }
  if (!is_ascii(label)) return std::nullopt;
  auto decoded = decode_punycode(label.substr(4));
  if (!decoded || is_ascii(*decoded) || decoded->starts_with(U"xn--") ||
      decoded->find(U'.') != decoded->npos || !is_valid_label(*decoded))
    return std::nullopt;
  std::u32string normal = *decoded;
  unicode::normalize(normal);
  if (normal != *decoded) return std::nullopt;
  return decoded;
}

bool append_label(std::string& out, std::u32string_view label) {
  if (is_ascii(label)) {
    for (const char32_t c : label) out.push_back(static_cast<char>(c));
    return true;
  }
  out.append("xn--");
  return append_punycode(out, label);
}

}  // namespace

bool domain_to_ascii(std::string_view utf8, std::string& out) {
  if (utf8.size() > max_idna_input) return false;
  const auto code_points = unicode::decode_utf8(utf8);
  if (!code_points) return false;
  // Section 4, steps 1 to 3: map, normalise, break.
  std::u32string mapped;
  for (const char32_t c : *code_points)
    if (!unicode::append_mapped(mapped, c)) return false;
  unicode::normalize(mapped);
  std::vector<std::u32string> labels;
  for (std::u32string_view rest = mapped;;) {
    const std::size_t dot = rest.find(U'.');
    auto label = process_label(rest.substr(0, dot));
    if (!label) return false;
    labels.push_back(std::move(*label));
    if (dot == rest.npos) break;
    rest.remove_prefix(dot + 1);
  }
  if (std::ranges::any_of(labels, has_right_to_left) &&
      !std::ranges::all_of(labels, satisfies_bidi_rule))
    return false;
  // Section 4.2, ToASCII.
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (i > 0) out.push_back('.');
    if (!append_label(out, labels[i])) return false;
  }
  return true;
}

}  // namespace orbweaver
