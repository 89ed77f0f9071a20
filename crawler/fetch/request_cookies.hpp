#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orbweaver {

inline constexpr std::size_t max_request_cookies = 64;
inline constexpr std::size_t max_request_cookie_bytes = 8190;  // all names and values together

using cookie_pairs = std::vector<std::pair<std::string, std::string>>;

// Why a crawl's user may not send this cookie: one sentence. nullopt if they may. Names are tokens
// (RFC 6265 4.1.1); values hold neither what ends a cookie, ';', nor what ends a line.
std::optional<std::string> why_not_cookie(std::string_view name, std::string_view value);

// The value of a Cookie field taken apart (RFC 6265bis 4.2.1).
cookie_pairs read_cookie_pairs(std::string_view field);

// The value of the Cookie field to send: what the site has set, and of the user's own cookies
// those it has not replaced by one of the same name.
std::string merge_cookies(const cookie_pairs& own, std::string_view from_site);

}  // namespace orbweaver
