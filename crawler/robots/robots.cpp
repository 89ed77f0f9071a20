#include "crawler/robots/robots.hpp"

#include "crawler/robots/pattern.hpp"

namespace orbweaver {

std::string robots_verdict::rule() const {
  if (line == 0) return {};
  return std::string(allowed ? "Allow: " : "Disallow: ").append(pattern);
}

std::string robots_verdict::reason() const {
  if (line != 0) return "line " + std::to_string(line) + ": " + rule();
  return allowed ? "no rule matches" : "the rules take too much work to compare";
}

robots_verdict robots_rules::check(std::string_view path_and_query) const {
  // Section 2.2.2: "The /robots.txt URI is implicitly allowed."
  if (rules_.empty() || path_and_query == "/robots.txt") return {};
  const std::string path = robots::normal_path(path_and_query);
  const bool escaped_query = robots::has_escaped_query(path);
  const std::string plain = escaped_query ? robots::with_plain_query(path) : path;
  std::size_t work_left = max_robots_work;
  const auto matches = [&](const rule& r) {
    if (robots::matches(r.pattern, path, work_left)) return true;
    if (!escaped_query && !r.escaped_query) return false;
    return robots::matches(robots::with_plain_query(r.pattern), plain, work_left);
  };
  for (const rule& r : rules_) {
    if (matches(r)) return {r.allow, r.line, r.written.empty() ? r.pattern : r.written};
    if (work_left == 0) return {false, 0, {}};
  }
  return {};
}

std::size_t robots_rules::memory_bytes() const noexcept {
  std::size_t bytes = rules_.size() * sizeof(rule) + sitemaps_.size() * sizeof(std::string);
  for (const rule& r : rules_) bytes += r.pattern.capacity() + r.written.capacity();
  for (const std::string& s : sitemaps_) bytes += s.capacity();
  return bytes;
}

}  // namespace orbweaver
