#pragma once

#include <algorithm>
#include <string_view>

namespace orbweaver {

// RFC 9110 5.6.2: tchar.
constexpr bool is_token_char(char c) noexcept {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         marks.find(c) != marks.npos;
}

// RFC 9110 5.6.2: token = 1*tchar.
constexpr bool is_token(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, is_token_char);
}

}  // namespace orbweaver
