#pragma once

#include <cstdint>

namespace orbweaver {

// When to try again after what passes quickly, seconds (problem::retry_after).
inline constexpr std::uint32_t retry_soon = 1;

}  // namespace orbweaver
