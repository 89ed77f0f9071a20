#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace orbweaver {

// Whether a URL may be fetched, and which line of robots.txt says so.
struct robots_verdict {
  bool allowed = true;
  std::uint32_t line = 0;    // from 1; 0: no rule decided
  std::string_view pattern;  // as written; a view into the rules

  // Refused because the comparison took too much work: no rule says so.
  bool undecided() const noexcept { return !allowed && line == 0; }
  // "Disallow: /private", or "" when no rule decided.
  std::string rule() const;
  // "line 3: Disallow: /private", or what else decided.
  std::string reason() const;
};

// What one robots.txt says to one agent (RFC 9309). Immutable, so safe from any thread; holds
// nothing of the groups of other agents. A default-constructed one allows everything.
class robots_rules {
 public:
  // `path_and_query` as url::request_target() prints it. The longest pattern that matches decides,
  // and of two as long the one that allows (section 2.2.2). Where that would take more than
  // max_robots_work, as only a file made for it does, the answer is no, with line 0.
  robots_verdict check(std::string_view path_and_query) const;

  // Between two fetches, from 0 to max_crawl_delay; the largest where several are given.
  std::optional<std::chrono::duration<double>> crawl_delay() const noexcept { return delay_; }
  // The file asked for more than max_crawl_delay.
  bool crawl_delay_clamped() const noexcept { return delay_clamped_; }
  // As written, in the order of the file; they hold for every agent.
  std::span<const std::string> sitemaps() const noexcept { return sitemaps_; }

  // A group names the agent, so that those of "*" do not count.
  bool names_agent() const noexcept { return names_agent_; }
  // Something lay beyond max_robots_size or max_robots_line and was ignored.
  bool truncated() const noexcept { return truncated_; }
  std::size_t size() const noexcept { return rules_.size(); }
  std::size_t memory_bytes() const noexcept;

 private:
  friend class robots_parser;

  struct rule {
    std::string pattern;  // normalised, see pattern.hpp
    std::string written;  // empty: as `pattern`
    std::string plain;    // with_plain_query(), where that differs from `pattern`
    std::uint32_t line;
    bool allow;
  };

  std::vector<rule> rules_;  // the one that would win first
  std::vector<std::string> sitemaps_;
  std::optional<std::chrono::duration<double>> delay_;
  bool delay_clamped_ = false;
  bool names_agent_ = false;
  bool truncated_ = false;
};

inline constexpr std::size_t max_robots_size = 500 << 10;  // bytes; RFC 9309, section 2.5
inline constexpr std::size_t max_robots_line = 16 << 10;   // bytes; longer lines are cut
// What one URL may cost for wildcards' sake, in units of a little more than half a nanosecond: the
// worst file found takes 5 ms, which the engine's strand can bear. Rules without wildcards cost no
// more than the file is long.
inline constexpr std::size_t max_robots_work = 8 << 20;
inline constexpr std::chrono::duration<double> max_crawl_delay{300};

// Reads any bytes as robots.txt, for the agent with this product token ("*" groups where none
// names it). Takes time linear in the size of `text`.
robots_rules parse_robots(std::string_view text, std::string_view agent_product_token);

// The product token of a User-Agent value: "Name/1.0 (+url)" → "Name", and for those that speak as
// a browser first, "Mozilla/5.0 (compatible; Name/1.0; +url)" → "Name". Letters, '-' and '_' as in
// RFC 9309, section 2.2.1, and digits, which real names have. A view into `user_agent`.
std::string_view product_token(std::string_view user_agent) noexcept;

}  // namespace orbweaver
