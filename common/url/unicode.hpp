#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace orbweaver::unicode {

enum class bidi_class : std::uint8_t {
  left,           // L
  right,          // R, AL
  arabic_number,  // AN
  number,         // EN
  neutral,        // ES, CS, ET, ON, BN
  mark,           // NSM
  other,
};
enum class joining_type : std::uint8_t { none, left, dual, right, transparent };

struct code_point_properties {
  std::uint8_t combining_class;  // 9: virama
  bidi_class bidi;
  joining_type joining;
  bool mark;  // general category M
};

inline constexpr std::uint8_t virama = 9;

// What UTS 46 (section 5) makes of `c`: appends nothing, itself or its mapping. False: disallowed.
bool append_mapped(std::u32string& out, char32_t c);
// True where append_mapped() appends `c` itself.
bool is_valid(char32_t c) noexcept;
// Right for code points that are valid; others may get any answer.
const code_point_properties& properties(char32_t c) noexcept;

// Normalization Form C (UAX 15) of a string of valid code points.
void normalize(std::u32string& text);

// nullopt when `text` is not UTF-8 (RFC 3629).
std::optional<std::u32string> decode_utf8(std::string_view text);

}  // namespace orbweaver::unicode
