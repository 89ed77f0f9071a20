#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace orbweaver {

inline constexpr std::size_t max_seed_bytes = 2048;

// Why this cannot be a crawl's seed, in words that follow "…"; nullopt: it can.
std::optional<std::string> seed_problem(std::string_view url);

}  // namespace orbweaver
