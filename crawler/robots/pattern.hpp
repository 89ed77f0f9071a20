#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace orbweaver::robots {

// Patterns and paths are compared in one normal form (RFC 9309, section 2.2.2): bytes that no URL
// holds unescaped are escaped, in upper case; escapes of unreserved characters are decoded; a '%'
// that begins no escape is "%25". In a path, '*' and '$' are escaped too, so that in a pattern the
// two, unescaped, can be the wildcard and the end of the path (section 2.2.3).
std::string normal_pattern(std::string_view written);
std::string normal_path(std::string_view path_and_query);

// The path of one URL, to be compared with the patterns of a whole file. What lies between two
// wildcards is looked for by the byte of it that the path holds fewest of: most are done with when
// there is none.
class path_matcher {
 public:
  explicit path_matcher(std::string normal_path);

  // `pattern` is in normal form. What is searched because of its wildcards is taken from
  // `work_left`, in units of max_robots_work; when that runs out it is 0 and the answer is false.
  // Takes at most pattern x path.
  bool matches(std::string_view pattern, std::size_t& work_left) const noexcept;

 private:
  std::size_t find(std::string_view piece, std::size_t from, std::size_t& work_left) const noexcept;
  std::size_t rarest(std::string_view piece) const noexcept;

  std::string path_;
  std::array<std::uint32_t, 256> counts_{};  // of each byte in the path
};

// Behind the first '?', ':' '/' '?' '@' '[' and ']' mean the same escaped or not: the form with
// all of them unescaped (the RFC's example "?baz=https://foo.bar").
std::string with_plain_query(std::string_view normal);
// False when with_plain_query() would change nothing.
bool has_escaped_query(std::string_view normal) noexcept;

}  // namespace orbweaver::robots
