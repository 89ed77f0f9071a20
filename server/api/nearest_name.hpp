#pragma once

#include <span>
#include <string_view>

namespace orbweaver {

// The one of `names` that `wanted` was most likely meant to be: the same but for case, '-' and
// '_', or at most two edits away. Empty if none is near.
std::string_view nearest_name(std::string_view wanted, std::span<const std::string_view> names);

}  // namespace orbweaver
