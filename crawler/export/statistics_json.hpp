#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crawler/statistics/crawl_statistics.hpp"

namespace orbweaver {

// The answer of GET /v1/crawls/{id}/statistics, which is also what the store keeps.
std::string statistics_as_json(const statistics_snapshot& s);
// nullopt: it is no such text.
std::optional<statistics_snapshot> statistics_from_json(std::string_view text);

}  // namespace orbweaver
