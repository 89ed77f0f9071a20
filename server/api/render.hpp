#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/model.hpp"

namespace orbweaver {

// Seeds that an answer repeats at most; a longer list is cut, and a warning says so.
inline constexpr std::size_t max_seeds_in_status = 1000;
inline constexpr std::size_t max_seeds_in_list = 10;

// What a client may ask of a crawl in this state: "pause", "resume", "cancel", "delete".
std::vector<std::string_view> available_actions(crawl_state state);

// The status object of the interface.
nlohmann::ordered_json status_as_json(const crawl_status& status,
                                      std::size_t seeds = max_seeds_in_status);
// Its members that change from second to second.
nlohmann::ordered_json progress_as_json(const crawl_status& status);

}  // namespace orbweaver
