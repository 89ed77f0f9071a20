#include "crawler/robots/robots.hpp"

#include "crawler/robots/pattern.hpp"

namespace orbweaver {

std::string robots_verdict::rule() const {
  if (line == 0) return {};
  return std::string(allowed ? "Allow: " : "Disallow: ").append(pattern);
}

std::string robots_verdict::reason() const {
  if (line != 0) return "line " + std::to_string(line) + ": " + rule();
  return undecided() ? "the rules take too much work to compare" : "no rule matches";
}

robots_verdict robots_rules::check(std::string_view path_and_query) const {
  // Section 2.2.2: "The /robots.txt URI is implicitly allowed."
  if (rules_.empty() || path_and_query == "/robots.txt") return {};
  std::string path = robots::normal_path(path_and_query);
  std::optional<robots::path_matcher> plain;  // where it differs
  if (robots::has_escaped_query(path)) plain.emplace(robots::with_plain_query(path));
  const robots::path_matcher escaped(std::move(path));
  std::size_t work_left = max_robots_work;
  const auto matches = [&](const rule& r) {
    if (escaped.matches(r.pattern, work_left)) return true;
    if (!plain && r.plain.empty()) return false;
    return (plain ? *plain : escaped).matches(r.plain.empty() ? r.pattern : r.plain, work_left);
  };
  for (const rule& r : rules_) {
    if (matches(r)) return {r.allow, r.line, r.written.empty() ? r.pattern : r.written};
    if (work_left == 0) return {false, 0, {}};
  }
  return {};
}

std::size_t robots_rules::memory_bytes() const noexcept {
  std::size_t bytes = rules_.size() * sizeof(rule) + sitemaps_.size() * sizeof(std::string);
  for (const rule& r : rules_)
    bytes += r.pattern.capacity() + r.written.capacity() + r.plain.capacity();
  for (const std::string& s : sitemaps_) bytes += s.capacity();
  return bytes;
}

}  // namespace orbweaver
