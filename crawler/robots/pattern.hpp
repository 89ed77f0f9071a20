#pragma once

#include <string>
#include <string_view>

namespace orbweaver::robots {

// Patterns and paths are compared in one normal form (RFC 9309, section 2.2.2): bytes that no URL
// holds unescaped are escaped, in upper case; escapes of unreserved characters are decoded; a '%'
// that begins no escape is "%25". In a path, '*' and '$' are escaped too, so that in a pattern the
// two, unescaped, can be the wildcard and the end of the path (section 2.2.3).
std::string normal_pattern(std::string_view written);
std::string normal_path(std::string_view path_and_query);

// Both in normal form. Searching what lies behind a wildcard takes its length from `work_left`, in
// bytes; when that runs out it is 0 and the answer is false.
bool matches(std::string_view pattern, std::string_view path, std::size_t& work_left) noexcept;

// Behind the first '?', ':' '/' '?' '@' '[' and ']' mean the same escaped or not: the form with
// all of them unescaped (the RFC's example "?baz=https://foo.bar").
std::string with_plain_query(std::string_view normal);
// False when with_plain_query() would change nothing.
bool has_escaped_query(std::string_view normal) noexcept;

}  // namespace orbweaver::robots
