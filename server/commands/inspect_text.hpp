#pragma once

#include <string>
#include <string_view>

namespace orbweaver {

// Longer files are not read, in bytes; as much as a line of --batch may have.
inline constexpr std::size_t max_inspected_bytes = 64 << 20;

// All of a file, "-" being stdin. Throws std::runtime_error when it cannot be read or is longer.
std::string read_source(const std::string& path);

// Fit for a terminal: what is not UTF-8 and control characters, which could drive it, are U+FFFD.
std::string printable(std::string_view text);

// Appends "name      value\n", the value in a column of its own, printable.
void append_row(std::string& out, std::string_view name, std::string_view value);

}  // namespace orbweaver
