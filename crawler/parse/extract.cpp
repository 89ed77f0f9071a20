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

// Whether the value, or the list, is all there is.
bool extractor::append_value(std::string& json, const compiled& c, std::string_view subject,
                             clock::time_point until) {
  const bool cut = subject.size() > max_subject_bytes;
  subject = subject.substr(0, max_subject_bytes);
  const re2::StringPiece piece(subject.data(), subject.size());
  std::vector<re2::StringPiece> groups(static_cast<std::size_t>(c.group) + 1);
  std::size_t at = 0, matches = 0, bytes = 0;
  bool whole = true;  // but for what lies beyond the subject
  if (c.rule.all) json += '[';
  for (; at <= subject.size() && (c.rule.all || matches == 0); ++matches) {
    const bool over = bytes == max_value_bytes || clock::now() >= until;
    if (!over && !c.rule.regex.program().Match(piece, at, subject.size(), re2::RE2::UNANCHORED,
                                               groups.data(), static_cast<int>(groups.size())))
      break;
    if (over || matches == max_matches) {
      whole = false;
      break;
    }
    const re2::StringPiece& value = groups.back();
    const std::string_view kept =
        std::string_view(value.data(), value.size()).substr(0, max_value_bytes - bytes);
    whole = whole && kept.size() == value.size();
    if (matches != 0) json += ',';
    append_json_string(json, kept);
    bytes += kept.size();
    const auto end = static_cast<std::size_t>(groups[0].data() - subject.data()) + groups[0].size();
    at = end + (groups[0].empty() ? 1 : 0);
  }
  if (c.rule.all) json += ']';
  if (!c.rule.all && matches == 0) json += "null";
  return whole && (!cut || (!c.rule.all && matches != 0));
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
