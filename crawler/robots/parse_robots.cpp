#include <algorithm>
#include <charconv>
#include <cmath>

#include "common/ascii.hpp"
#include "common/url/percent.hpp"
#include "crawler/robots/pattern.hpp"
#include "crawler/robots/robots.hpp"

namespace orbweaver {
namespace {

using delay_type = std::chrono::duration<double>;

enum class record : std::uint8_t { unknown, user_agent, allow, disallow, sitemap, crawl_delay };

constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) noexcept {
  return text.size() >= prefix.size() &&
         std::ranges::equal(text.substr(0, prefix.size()), prefix, {}, ascii_lower);
}

std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// Section 2.2 with the misspellings that Google's parser accepts, each as a prefix as there.
record record_of(std::string_view key) noexcept {
  struct spelling {
    std::string_view prefix;
    record kind;
  };
  static constexpr spelling spellings[] = {
      {"user-agent", record::user_agent},   {"useragent", record::user_agent},
      {"user agent", record::user_agent},   {"allow", record::allow},
      {"disallow", record::disallow},       {"dissallow", record::disallow},
      {"dissalow", record::disallow},       {"disalow", record::disallow},
      {"diasllow", record::disallow},       {"disallaw", record::disallow},
      {"sitemap", record::sitemap},         {"site-map", record::sitemap},
      {"crawl-delay", record::crawl_delay}, {"crawldelay", record::crawl_delay},
      {"crawl delay", record::crawl_delay},
  };
  for (const spelling& s : spellings)
    if (starts_with_ignoring_case(key, s.prefix)) return s.kind;
  return record::unknown;
}

struct key_value {
  std::string_view key, value;
};

// The length of a key that white space separates from its value, which is one word and may hold a
// colon of its own ("Disallow /a:b"); 0 when there is none.
std::size_t key_before_blank(std::string_view line) noexcept {
  std::size_t size = line.find_first_of(" \t:");
  for (const std::string_view two_words : {"user agent", "crawl delay"})
    if (starts_with_ignoring_case(line, two_words)) size = two_words.size();
  if (size >= line.size() || !is_blank(line[size])) return 0;
  if (record_of(line.substr(0, size)) == record::unknown) return 0;
  const std::string_view value = trim(line.substr(size));
  return value.starts_with(':') || value.find_first_of(" \t") != value.npos ? 0 : size;
}

// "key: value # comment". Where the colon is missing, white space will do if it leaves exactly
// two words.
key_value split(std::string_view line) noexcept {
  line = trim(line.substr(0, line.find('#')));
  if (const std::size_t key = key_before_blank(line); key != 0)
    return {line.substr(0, key), trim(line.substr(key))};
  const std::size_t colon = line.find(':');
  if (colon == line.npos) return {};
  return {trim(line.substr(0, colon)), trim(line.substr(colon + 1))};
}

// The part of a line that is read of one that is too long, so that a pattern cut there is a prefix
// of what was written: it ends with no half of a character or of an escape, and with no '$', which
// would mean the end of the path.
std::string_view cut_line(std::string_view line) noexcept {
  constexpr std::size_t longest_character = 4;  // in UTF-8
  const auto begins_character = [line](std::size_t at) { return (line[at] & 0xc0) != 0x80; };
  std::size_t end = max_robots_line;
  while (end > max_robots_line - longest_character && !begins_character(end)) --end;
  if (!begins_character(end)) end = max_robots_line;  // no UTF-8
  for (const std::size_t back : {1UL, 2UL})
    if (is_escape(line, end - back)) end -= back;
  while (end != 0 && line[end - 1] == '$') --end;
  return line.substr(0, end);
}

// Seconds, maybe with a fraction; what follows the number is ignored.
std::optional<delay_type> parse_delay(std::string_view value) noexcept {
  double seconds = 0;
  const auto parsed =
      std::from_chars(value.data(), value.data() + value.size(), seconds, std::chars_format::fixed);
  if (parsed.ec != std::errc() || !std::isfinite(seconds) || seconds < 0) return std::nullopt;
  return delay_type(seconds);
}

}  // namespace

// Reads line after line and keeps two sets of rules: the agent's own and those of "*".
class robots_parser {
 public:
  explicit robots_parser(std::string_view agent) noexcept : agent_(agent) {}

  robots_rules parse(std::string_view text);

 private:
  struct group_set {
    bool seen = false;     // anywhere in the file
    bool current = false;  // named by the group that is being read
    std::vector<robots_rules::rule> rules;
    std::optional<delay_type> delay;
  };

  void take_line(std::string_view line);
  void take_agent(std::string_view value);
  void take_rule(std::string_view value, bool allow);
  void take_delay(std::string_view value);

  std::string_view agent_;
  robots_rules out_;
  group_set own_;
  group_set any_;
  bool rules_seen_ = false;  // in the current group: the next agent begins another
  std::uint32_t line_ = 0;
};

robots_rules robots_parser::parse(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  const bool too_large = text.size() > max_robots_size;
  out_.truncated_ = too_large;
  text = text.substr(0, max_robots_size);
  while (!text.empty()) {
    // Section 2.2: lines end with CR, LF or both.
    const std::size_t end = text.find_first_of("\r\n");
    if (end == text.npos && too_large) break;  // the rest of this line is missing
    ++line_;
    take_line(text.substr(0, end));
    if (end == text.npos) break;
    text.remove_prefix(end + (text.substr(end).starts_with("\r\n") ? 2 : 1));
  }
  group_set& chosen = own_.seen ? own_ : any_;
  out_.names_agent_ = own_.seen;
  out_.rules_ = std::move(chosen.rules);
  std::ranges::stable_sort(out_.rules_, [](const auto& a, const auto& b) {
    if (a.pattern.size() != b.pattern.size()) return a.pattern.size() > b.pattern.size();
    return a.allow && !b.allow;
  });
  if (chosen.delay) {
    out_.delay_clamped_ = *chosen.delay > max_crawl_delay;
    out_.delay_ = std::min(*chosen.delay, max_crawl_delay);
  }
  return std::move(out_);
}

void robots_parser::take_line(std::string_view line) {
  if (line.size() > max_robots_line) {
    out_.truncated_ = true;
    line = cut_line(line);
  }
  const auto [key, value] = split(line);
  switch (record_of(key)) {
    case record::user_agent: return take_agent(value);
    case record::allow: return take_rule(value, true);
    case record::disallow: return take_rule(value, false);
    case record::crawl_delay: return take_delay(value);
    case record::sitemap:
      if (!value.empty()) out_.sitemaps_.emplace_back(value);
      return;
    case record::unknown: return;
  }
}

// Section 2.2.1. Agents in a row share the rules that follow them.
void robots_parser::take_agent(std::string_view value) {
  if (rules_seen_) own_.current = any_.current = rules_seen_ = false;
  if (value.starts_with('*') && (value.size() == 1 || is_blank(value[1]))) {
    any_.seen = any_.current = true;
    return;
  }
  const std::string_view token = product_token(value);
  if (token.empty() || !std::ranges::equal(token, agent_, {}, ascii_lower, ascii_lower)) return;
  own_.seen = own_.current = true;
}

// Section 2.2.2. An empty pattern matches nothing.
void robots_parser::take_rule(std::string_view value, bool allow) {
  rules_seen_ = true;
  if (value.empty()) return;
  for (group_set* set : {&own_, &any_}) {
    if (!set->current) continue;
    std::string pattern = robots::normal_pattern(value);
    std::string written = pattern == value ? std::string() : std::string(value);
    std::string plain =
        robots::has_escaped_query(pattern) ? robots::with_plain_query(pattern) : std::string();
    set->rules.push_back({std::move(pattern), std::move(written), std::move(plain), line_, allow});
  }
}

// Not of the RFC (section 2.2.4), so it begins no new group; it holds for the agents named so far.
void robots_parser::take_delay(std::string_view value) {
  const auto delay = parse_delay(value);
  if (!delay) return;
  for (group_set* set : {&own_, &any_})
    if (set->current) set->delay = std::max(set->delay.value_or(*delay), *delay);
}

robots_rules parse_robots(std::string_view text, std::string_view agent_product_token) {
  return robots_parser(agent_product_token).parse(text);
}

std::string_view product_token(std::string_view user_agent) noexcept {
  constexpr std::string_view browser = "mozilla/", mark = "compatible;";
  if (starts_with_ignoring_case(user_agent, browser)) {
    const auto* const found =
        std::search(user_agent.begin(), user_agent.end(), mark.begin(), mark.end(),
                    [](char a, char b) { return ascii_lower(a) == b; });
    if (found != user_agent.end()) user_agent = trim({found + mark.size(), user_agent.end()});
  }
  const auto is_token = [](char c) {
    const char l = ascii_lower(c);
    return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  const auto end = std::ranges::find_if_not(user_agent, is_token);
  return user_agent.substr(0, static_cast<std::size_t>(end - user_agent.begin()));
}

}  // namespace orbweaver
