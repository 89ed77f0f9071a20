#include "server/api/query.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "server/api/nearest_name.hpp"
#include "server/api/request_field.hpp"

namespace orbweaver {

const query_parameter& query_reader::row(std::string_view name, parameter_type type) const {
  const auto it = std::ranges::find(known_, name, &query_parameter::name);
  if (it == known_.end() || it->type != type)
    throw std::logic_error("no such parameter: " + std::string(name));
  return *it;
}

std::optional<std::string> query_reader::value_of(std::string_view name) {
  std::optional<std::string> out;
  for (const auto& [key, value] : query_) {
    if (key != name) continue;
    if (out) {
      refuse(name, "is given twice");
      break;
    }
    out = value;
  }
  return out;
}

std::optional<std::string> query_reader::text(std::string_view name) {
  row(name, parameter_type::text);
  return value_of(name);
}

std::uint64_t query_reader::whole_number(std::string_view name) {
  const query_parameter& known = row(name, parameter_type::whole_number);
  const auto given = value_of(name);
  if (!given) return known.fallback.value_or(0);
  std::uint64_t value = 0;
  const char* const end = given->data() + given->size();
  const auto [stop, error] = std::from_chars(given->data(), end, value);
  const bool in_range = value >= known.minimum && value <= known.maximum;
  if (error == std::errc() && stop == end && in_range) return value;
  refuse(name, "must be a whole number, " + std::to_string(known.minimum) + " to " +
                   std::to_string(known.maximum));
  return known.fallback.value_or(0);
}

bool query_reader::flag(std::string_view name) {
  row(name, parameter_type::boolean);
  const auto given = value_of(name);
  if (given && *given != "true" && *given != "false") refuse(name, "must be true or false");
  return given == "true";
}

std::optional<std::string_view> query_reader::word(std::string_view name) {
  const auto words = row(name, parameter_type::word).words;
  const auto given = value_of(name);
  if (!given) return std::nullopt;
  const auto it = std::ranges::find(words, *given);
  if (it != words.end()) return *it;
  refuse(name, "must be one of " + listed(words));
  return std::nullopt;
}

std::optional<outcome> query_reader::outcome_code(std::string_view name) {
  row(name, parameter_type::outcome_code);
  const auto given = value_of(name);
  if (!given) return std::nullopt;
  const auto code = outcome_from_name(*given);
  if (!code) refuse(name, "is not the code of an outcome");
  return code;
}

void query_reader::refuse(std::string_view name, std::string detail) {
  errors_.push_back({std::string(name), std::move(detail)});
}

bool query_reader::given(std::string_view name) const noexcept {
  return std::ranges::any_of(query_, [&](const auto& pair) { return pair.first == name; });
}

std::optional<problem> query_reader::finish() {
  std::vector<std::string_view> names;
  for (const query_parameter& known : known_) names.push_back(known.name);
  for (const auto& [key, value] : query_) {
    if (std::ranges::find(names, key) != names.end()) continue;
    const std::string_view near = nearest_name(key, names);
    std::string detail = "is not a known parameter";
    if (!near.empty()) detail += "; did you mean \"" + std::string(near) + "\"?";
    refuse(key, std::move(detail));
  }
  if (errors_.empty()) return std::nullopt;
  return problem{problem_code::invalid_parameter, "", std::move(errors_)};
}

}  // namespace orbweaver
