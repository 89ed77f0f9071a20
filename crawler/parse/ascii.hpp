#pragma once

#include <cstddef>
#include <string_view>

// Character classes as the HTML and Infra standards define them; none depends on a locale.
namespace orbweaver::html {

// Infra: ASCII whitespace.
constexpr bool is_space(char c) noexcept {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}
constexpr char to_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
constexpr bool is_alpha(char c) noexcept {
  const auto folded = static_cast<unsigned char>(c | 0x20);
  return folded >= 'a' && folded <= 'z';
}
constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_alphanumeric(char c) noexcept { return is_alpha(c) || is_digit(c); }

// ASCII case-insensitive.
constexpr bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (to_lower(a[i]) != to_lower(b[i])) return false;
  }
  return true;
}

// Without leading and trailing ASCII whitespace.
constexpr std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// Takes the next token off `rest`, a list separated by ASCII whitespace; empty when there is none.
constexpr std::string_view next_token(std::string_view& rest) noexcept {
  while (!rest.empty() && is_space(rest.front())) rest.remove_prefix(1);
  std::size_t n = 0;
  while (n < rest.size() && !is_space(rest[n])) ++n;
  const std::string_view token = rest.substr(0, n);
  rest.remove_prefix(n);
  return token;
}

// Whether the whitespace-separated list `tokens` contains `token`, ignoring ASCII case.
constexpr bool has_token(std::string_view tokens, std::string_view token) noexcept {
  for (auto rest = tokens;;) {
    const auto t = next_token(rest);
    if (t.empty()) return false;
    if (equals_ignoring_case(t, token)) return true;
  }
}

}  // namespace orbweaver::html
