#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crawler/fetch/http_date.hpp"

namespace orbweaver {

inline constexpr std::size_t max_cookie_bytes = 4096;            // name and value together
inline constexpr std::size_t max_cookie_attribute_bytes = 1024;  // longer ones are overlooked
inline constexpr std::chrono::seconds longest_cookie_life = std::chrono::hours(24 * 400);

// A Set-Cookie field as it was written; the views point into it.
struct set_cookie {
  std::string_view name;  // may be empty
  std::string_view value;
  std::optional<http_time> expires;      // none: until the end of the crawl
  std::optional<std::string> domain;     // lower case, no leading dot; none if empty
  std::optional<std::string_view> path;  // none unless it begins with '/'
  bool secure = false;
  bool http_only = false;
  bool same_site_none = false;
};

// RFC 6265bis 5.6. nullopt if the whole field is to be ignored: control characters in it, too
// long, or neither name nor value. `now` is what Max-Age counts from.
std::optional<set_cookie> parse_set_cookie(std::string_view field, http_time now);

}  // namespace orbweaver
