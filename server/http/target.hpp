#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orbweaver {

// A request target in origin or absolute form (RFC 9112 section 3.2), taken apart.
struct request_target {
  std::string path;                                        // as sent, not decoded; begins with '/'
  std::vector<std::pair<std::string, std::string>> query;  // decoded, in order
};

inline constexpr std::size_t max_query_parameters = 64;

// nullopt: another form, a broken percent-encoding, or too many parameters.
std::optional<request_target> parse_target(std::string_view target);

}  // namespace orbweaver
