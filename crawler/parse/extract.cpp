#include "crawler/parse/extract.hpp"

#include <algorithm>
#include <optional>
#include <re2/re2.h>

#include "crawler/export/json_text.hpp"
#include "crawler/parse/utf8.hpp"

namespace orbweaver {
namespace {

// Pages may be anything: what a pattern finds is made valid UTF-8 when it is written.
int group_of(const extract_rule& rule) {
  return rule.group.value_or(std::min(1, rule.regex.program().NumberOfCapturingGroups()));
}

// Of the UTF-8 sequence that `text` begins with; 1 for what is none.
std::size_t sequence_length(std::string_view text) {
  for (std::size_t length = 1; length <= 4; ++length)
    if (is_valid_utf8(text.substr(0, length))) return length;
  return 1;
}

}  // namespace

std::string extractor::why_not(const extract_rule& rule) {
  if (rule.regex.text().empty()) return "the pattern is empty";
  if (rule.regex.text().size() > max_pattern_bytes)
    return "the pattern is longer than " + std::to_string(max_pattern_bytes) + " bytes";
  if (!rule.regex.error().empty()) return rule.regex.error();
  const int groups = rule.regex.program().NumberOfCapturingGroups();
  if (rule.group && (*rule.group < 0 || *rule.group > groups))
    return "the pattern has " + std::to_string(groups) + " groups";
  return {};
}

std::size_t extractor::window_of(const extract_rule& rule) {
  const auto groups = static_cast<std::uint64_t>(group_of(rule)) + 1;
  const std::uint64_t byte_cost = std::max<std::uint64_t>(rule.regex.cost(), 1) * (8 + groups);
  return std::clamp<std::uint64_t>(8 * max_search_cost / byte_cost, 2, max_subject_bytes);
}

extractor::extractor(const std::vector<extract_rule>& rules) {
  for (const extract_rule& rule : rules) {
    const std::size_t window = window_of(rule);
    rules_.push_back({rule, group_of(rule), window, rule.regex.longest_match() > window / 2});
  }
}

bool extractor::wants_text() const noexcept {
  return std::ranges::any_of(rules_, [](const compiled& c) { return c.rule.on_text; });
}

// The matches of one rule on one page, one after the other.
class extractor::search {
 public:
  search(const compiled& c, std::string_view subject, clock::time_point until)
      : c_(c),
        subject_(subject),
        size_(std::min(subject.size(), max_subject_bytes)),
        until_(until),
        groups_(static_cast<std::size_t>(c.group) + 1) {}

  bool next();
  // Of the match that was found; nullopt: the group has no part in it.
  std::optional<std::string_view> value() const;
  // Whether the matches so far are surely those that the page has.
  bool sure() const noexcept { return sure_; }

 private:
  bool find_from(std::size_t at);

  const compiled& c_;
  std::string_view subject_;
  std::size_t size_;
  clock::time_point until_;
  std::vector<re2::StringPiece> groups_;
  std::size_t at_ = 0;
  bool sure_ = true;
};

bool extractor::search::next() {
  if (at_ > size_ || !find_from(at_)) return false;
  const auto begin = static_cast<std::size_t>(groups_[0].data() - subject_.data());
  at_ = begin + groups_[0].size();
  if (groups_[0].empty()) at_ += sequence_length(subject_.substr(at_));
  return true;
}

bool extractor::search::find_from(std::size_t at) {
  const re2::StringPiece piece(subject_.data(), subject_.size());
  const std::size_t half = c_.window / 2;
  for (;; at += half) {
    if (clock::now() >= until_) {
      sure_ = false;
      return false;
    }
    const std::size_t end = std::min(size_, at + c_.window);
    const bool found = c_.rule.regex.program().Match(
        piece, at, end, re2::RE2::UNANCHORED, groups_.data(), static_cast<int>(groups_.size()));
    if (end == size_) return found;
    // What begins in the second half may be cut by the window's end; the next window has it whole.
    if (found && groups_[0].data() <= subject_.data() + at + half) {
      sure_ = sure_ && groups_[0].size() <= half;
      return true;
    }
    sure_ = sure_ && !c_.may_exceed;
  }
}

std::optional<std::string_view> extractor::search::value() const {
  const re2::StringPiece& group = groups_.back();
  if (group.data() == nullptr) return std::nullopt;
  return std::string_view(group.data(), group.size());
}

// Whether the value, or the list, is all there is.
bool extractor::append_value(std::string& json, const compiled& c, std::string_view subject,
                             clock::time_point until) {
  search found(c, subject, until);
  std::size_t matches = 0, bytes = 0;
  bool whole = true;
  if (c.rule.all) json += '[';
  for (; whole && (c.rule.all || matches == 0) && found.next(); ++matches) {
    if (matches == max_matches || bytes == max_value_bytes) {
      whole = false;
      break;
    }
    if (matches != 0) json += ',';
    const auto value = found.value();
    if (value) {
      const std::string_view kept = value->substr(0, max_value_bytes - bytes);
      append_json_string(json, kept);
      bytes += kept.size();
      whole = kept.size() == value->size();
    } else {
      json += "null";
    }
  }
  if (c.rule.all) json += ']';
  if (!c.rule.all && matches == 0) json += "null";
  const bool wanted_more = c.rule.all || matches == 0;
  return whole && found.sure() && !(wanted_more && subject.size() > max_subject_bytes);
}

void extractor::append_values(std::string& json, std::string_view body, std::string_view text,
                              clock::time_point until) const {
  std::string cut;
  json += ",\"extracted\":{";
  for (const compiled& c : rules_) {
    if (&c != &rules_.front()) json += ',';
    append_json_string(json, c.rule.name);
    json += ':';
    if (append_value(json, c, c.rule.on_text ? text : body, until)) continue;
    cut += cut.empty() ? ",\"extractCut\":[" : ",";
    append_json_string(cut, c.rule.name);
  }
  json += '}';
  if (!cut.empty()) json.append(cut).append("]");
}

}  // namespace orbweaver
