#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace orbweaver {

// A place in a list as clients see it: opaque, and good for that list alone. `list` names it, for
// instance by its path; whoever makes up a cursor, or takes one to another list, is told so.
std::string write_cursor(std::string_view list, std::uint64_t place);
std::optional<std::uint64_t> read_cursor(std::string_view list, std::string_view cursor) noexcept;

}  // namespace orbweaver
