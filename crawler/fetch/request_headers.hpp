#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace orbweaver {

inline constexpr std::size_t max_request_header_name_bytes = 256;
inline constexpr std::size_t max_request_header_value_bytes = 8192;

// Why a crawl's user may not send this field with every request: one sentence. nullopt if they
// may. Names are tokens (RFC 9110 5.1); values hold no controls but HTAB (RFC 9110 5.5), so
// nothing can break out of its line; and what decides about connection, framing, identity or
// encoding is the crawler's.
std::optional<std::string> why_not(std::string_view name, std::string_view value);

}  // namespace orbweaver
