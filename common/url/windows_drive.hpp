#pragma once

#include <string_view>

namespace orbweaver {

// Windows drive letters in file URLs (URL Standard, section 4.2): "C:" or "C|".
constexpr bool is_windows_drive(std::string_view text) noexcept {
  if (text.size() != 2 || (text[1] != ':' && text[1] != '|')) return false;
  const char letter = static_cast<char>(text[0] | 0x20);
  return letter >= 'a' && letter <= 'z';
}

// "Starts with a Windows drive letter": one that ends there, or before a '/', '\', '?' or '#'.
constexpr bool starts_with_windows_drive(std::string_view text) noexcept {
  return is_windows_drive(text.substr(0, 2)) &&
         (text.size() == 2 || std::string_view("/\\?#").find(text[2]) != std::string_view::npos);
}

// True for a serialised path whose first segment is a normalised drive letter: "/C:".
constexpr bool has_windows_drive(std::string_view path) noexcept {
  return path.size() >= 3 && path[0] == '/' && path[2] == ':' &&
         is_windows_drive(path.substr(1, 2)) && (path.size() == 3 || path[3] == '/');
}

}  // namespace orbweaver
