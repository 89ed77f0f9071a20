#include "crawler/parse/extract.hpp"

#include <algorithm>
#include <re2/re2.h>

#include "crawler/export/json_text.hpp"

namespace orbweaver {
namespace {

// Pages may be anything: what a pattern finds is made valid UTF-8 when it is written.
int group_of(const extract_rule& rule) {
  return rule.group.value_or(std::min(1, rule.regex.program().NumberOfCapturingGroups()));
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

extractor::extractor(const std::vector<extract_rule>& rules) {
  for (const extract_rule& rule : rules) rules_.push_back({rule, group_of(rule)});
}

bool extractor::wants_text() const noexcept {
  return std::ranges::any_of(rules_, [](const compiled& c) { return c.rule.on_text; });
}

void extractor::append_values(std::string& json, std::string_view body,
                              std::string_view text) const {
  json += ",\"extracted\":";
  char before = '{';
  for (const compiled& c : rules_) {
    json += before;
    before = ',';
    append_json_string(json, c.rule.name);
    json += ':';
    const std::string_view subject = (c.rule.on_text ? text : body).substr(0, max_subject_bytes);
    const re2::StringPiece piece(subject.data(), subject.size());
    std::vector<re2::StringPiece> groups(static_cast<std::size_t>(c.group) + 1);
    std::size_t at = 0, matches = 0, bytes = 0;
    const std::size_t wanted = c.rule.all ? max_matches : 1;
    if (c.rule.all) json += '[';
    while (matches < wanted && bytes < max_value_bytes && at <= subject.size() &&
           c.rule.regex.program().Match(piece, at, subject.size(), re2::RE2::UNANCHORED,
                                        groups.data(), static_cast<int>(groups.size()))) {
      const re2::StringPiece& value = groups.back();
      const std::string_view kept =
          std::string_view(value.data(), value.size()).substr(0, max_value_bytes - bytes);
      if (matches++ != 0) json += ',';
      append_json_string(json, kept);
      bytes += kept.size();
      const auto end =
          static_cast<std::size_t>(groups[0].data() - subject.data()) + groups[0].size();
      at = end + (groups[0].empty() ? 1 : 0);
    }
    if (c.rule.all) json += ']';
    if (!c.rule.all && matches == 0) json += "null";
  }
  json += before == '{' ? "{}" : "}";
}

}  // namespace orbweaver
