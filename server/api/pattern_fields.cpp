// The fields that hold users' patterns: includePaths, excludePaths, extract.
#include <numeric>

#include "crawler/parse/extract.hpp"
#include "server/api/crawl_request.hpp"
#include "server/api/field_readers.hpp"
#include "server/api/json_document.hpp"

namespace orbweaver::field_readers {
namespace {

std::size_t cost_of(const std::vector<user_pattern>& patterns) {
  return std::accumulate(patterns.begin(), patterns.end(), std::size_t{0},
                         [](std::size_t sum, const user_pattern& p) { return sum + p.cost(); });
}

// What the patterns of one field may cost, after those of the fields before it.
class pattern_budget {
 public:
  explicit pattern_budget(const field_reading& in) : in_(in) {
    std::size_t spent = cost_of(in.spec.include_paths) + cost_of(in.spec.exclude_paths);
    for (const extract_rule& rule : in.spec.extract) spent += rule.regex.cost();
    left_ = max_pattern_cost - std::min(spent, max_pattern_cost);
  }

  // nullopt: a mistake was reported, or was before: once the budget is spent, nothing is compiled
  // any more.
  std::optional<user_pattern> compile(const std::string& within, const std::string& text,
                                      std::size_t max_bytes) {
    if (exceeded_) return std::nullopt;
    if (auto wrong = length_problem(text, max_bytes)) {
      in_.refuse(within, std::move(*wrong));
      return std::nullopt;
    }
    user_pattern pattern(text);
    exceeded_ = pattern.cost() > left_;
    left_ -= std::min(pattern.cost(), left_);
    if (!pattern.error().empty()) {
      in_.refuse(within, "is not a valid RE2 pattern: " + pattern.error());
    } else if (exceeded_) {
      in_.refuse(within, "makes the request's patterns too large all together");
    } else {
      return pattern;
    }
    return std::nullopt;
  }

 private:
  const field_reading& in_;
  std::size_t left_ = 0;
  bool exceeded_ = false;
};

void read_patterns(const field_reading& in, const json& value, std::vector<user_pattern>& out) {
  const auto given =
      texts(in, value, [](std::string_view) { return std::optional<std::string>(); });
  if (!given) return;
  pattern_budget budget(in);
  for (std::size_t i = 0; i < given->size(); ++i) {
    auto pattern = budget.compile("/" + std::to_string(i), (*given)[i], max_pattern_bytes);
    if (pattern) out.push_back(std::move(*pattern));
  }
}

json show_patterns(const std::vector<user_pattern>& patterns) {
  json out = json::array();
  for (const user_pattern& p : patterns) out.push_back(p.text());
  return out;
}

// One rule of `extract`. false: a mistake was reported.
bool read_rule(const field_reading& in, pattern_budget& budget, const std::string& within,
               const json& value, extract_rule& rule) {
  const std::size_t before = in.errors.size();
  if (!value.is_object()) {
    refuse_value(in, within, "an object with regex", value);
    return false;
  }
  bool compiled = false;
  for (const auto& [key, v] : value.items()) {
    const std::string at = child_pointer(within, key);
    if (key == "regex" && v.is_string()) {
      auto pattern =
          budget.compile(at, v.get_ref<const std::string&>(), extractor::max_pattern_bytes);
      compiled = pattern.has_value();
      if (pattern) rule.regex = std::move(*pattern);
    } else if (key == "regex") {
      refuse_value(in, at, "a string", v);
    } else if (key == "group" && v.is_number_unsigned() &&
               v.get<std::uint64_t>() <= max_extract_group) {
      rule.group = v.get<int>();
    } else if (key == "group") {
      refuse_value(in, at, "a whole number, 0 to " + std::to_string(max_extract_group), v);
    } else if (key == "all" && v.is_boolean()) {
      rule.all = v.get<bool>();
    } else if (key == "all") {
      refuse_value(in, at, "true or false", v);
    } else if (key == "on" && (v == "body" || v == "text")) {
      rule.on_text = v == "text";
    } else if (key == "on") {
      refuse_value(in, at, "one of body, text", v);
    } else {
      in.refuse(at, "is not a known field; regex, group, all and on are");
    }
  }
  if (!value.contains("regex")) in.refuse(child_pointer(within, "regex"), "is missing");
  if (!compiled || in.errors.size() != before) return false;
  const std::string wrong = extractor::why_not(rule);
  if (!wrong.empty()) in.refuse(within, "cannot be used: " + wrong);
  return wrong.empty();
}

}  // namespace

void read_include_paths(const field_reading& in, const json& value) {
  read_patterns(in, value, in.spec.include_paths);
}
void read_exclude_paths(const field_reading& in, const json& value) {
  read_patterns(in, value, in.spec.exclude_paths);
}

void read_extract(const field_reading& in, const json& value) {
  if (!value.is_object()) return refuse_value(in, "", expectation(in.field), value);
  if (!right_size(in, value, "rules")) return;
  pattern_budget budget(in);
  for (const auto& [name, v] : value.items()) {
    const std::string within = child_pointer("", name);
    if (name.empty() || name.size() > max_rule_name_bytes)
      in.refuse(within,
                "a rule's name must have 1 to " + std::to_string(max_rule_name_bytes) + " bytes");
    extract_rule rule;
    rule.name = name;
    if (read_rule(in, budget, within, v, rule)) in.spec.extract.push_back(std::move(rule));
  }
}

json show_include_paths(const crawl_spec& spec) { return show_patterns(spec.include_paths); }
json show_exclude_paths(const crawl_spec& spec) { return show_patterns(spec.exclude_paths); }

json show_extract(const crawl_spec& spec) {
  json out = json::object();
  for (const extract_rule& rule : spec.extract) {
    json& shown = out[rule.name] = {{"regex", rule.regex.text()}, {"all", rule.all}};
    if (rule.group) shown["group"] = *rule.group;
    if (rule.on_text) shown["on"] = "text";
  }
  return out;
}

}  // namespace orbweaver::field_readers
