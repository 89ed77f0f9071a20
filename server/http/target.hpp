#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orbweaver {

// A request target in origin, absolute or asterisk form (RFC 9112 section 3.2), taken apart.
struct request_target {
  // Begins with '/', or is "*". As sent, but without escapes that mean the same as the character
  // itself (RFC 3986 section 6.2.2.2).
  std::string path;
  std::vector<std::pair<std::string, std::string>> query;  // decoded, in order
  std::string authority;                                   // of the absolute form
};

inline constexpr std::size_t max_query_parameters = 64;

// nullopt: another form, a broken percent-encoding, or too many parameters.
std::optional<request_target> parse_target(std::string_view target);

}  // namespace orbweaver
