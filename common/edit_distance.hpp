#pragma once

#include <cstddef>
#include <string_view>

namespace orbweaver {

// Levenshtein's distance: insertions, deletions and replacements of bytes that turn `a` into `b`.
// Takes the product of their sizes in time.
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace orbweaver
