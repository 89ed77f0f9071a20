#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace orbweaver {

// RFC 4648 section 4, with padding.
std::string to_base64(std::string_view bytes);
// nullopt for what to_base64() does not print.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace orbweaver
