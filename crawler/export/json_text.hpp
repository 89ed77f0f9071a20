#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace orbweaver {

// Appends `text` as a JSON string with its quotes (RFC 8259 section 7). Bytes that are not UTF-8
// become U+FFFD, so the result is always valid JSON.
void append_json_string(std::string& out, std::string_view text);

void append_json_number(std::string& out, std::uint64_t value);
// To the microsecond.
void append_json_seconds(std::string& out, double seconds);

}  // namespace orbweaver
