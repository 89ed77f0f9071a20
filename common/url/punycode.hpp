#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace orbweaver {

// Punycode (RFC 3492), without the "xn--". Encoding takes time in the square of the length.
// Appends; false when a number overflows.
bool append_punycode(std::string& out, std::u32string_view label);
// nullopt when `encoded` is not Punycode of Unicode scalar values.
std::optional<std::u32string> decode_punycode(std::u32string_view encoded);

}  // namespace orbweaver
