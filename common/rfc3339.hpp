#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace orbweaver {

// Appends `time` in UTC with milliseconds, "2026-05-04T12:34:56.789Z" (RFC 3339 section 5.6).
// Years 0 to 9999.
void append_rfc3339(std::string& out, std::chrono::system_clock::time_point time);
std::string to_rfc3339(std::chrono::system_clock::time_point time);

// What the two above write; nothing for any other text.
std::optional<std::chrono::system_clock::time_point> from_rfc3339(std::string_view text) noexcept;

}  // namespace orbweaver
