#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace orbweaver {

// Dates reach from 1601 to 9999, farther than a system_clock's nanoseconds.
using http_time = std::chrono::sys_seconds;

// IMF-fixdate, RFC 850 and asctime dates (RFC 9110 5.6.7), and whatever else browsers take: this
// is the algorithm of RFC 6265bis 5.1.1, which finds the parts in any order and overlooks the
// week day and the zone. Two-digit years mean 1970 to 2069. nullopt if a part is missing or out
// of range.
std::optional<http_time> parse_http_date(std::string_view text) noexcept;

// IMF-fixdate: `Sun, 06 Nov 1994 08:49:37 GMT`. Years 0 to 9999.
std::string format_http_date(http_time time);

// Longer waits are cut to this.
inline constexpr std::chrono::seconds longest_retry_after = std::chrono::hours(24 * 365);

// Retry-After (RFC 9110 10.2.3) as the time to wait from `now`: delay-seconds or a date; zero for
// a date in the past, nullopt for anything else.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view value,
                                                      http_time now) noexcept;

}  // namespace orbweaver
