#include "server/api/query.hpp"

#include <algorithm>
#include <charconv>

#include "server/api/nearest_name.hpp"
#include "server/api/request_field.hpp"

namespace orbweaver {

std::optional<std::string> query_reader::text(std::string_view name) {
  known_.push_back(name);
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

std::uint64_t query_reader::whole_number(std::string_view name, std::uint64_t least,
                                         std::uint64_t most, std::uint64_t otherwise) {
  const auto given = text(name);
  if (!given) return otherwise;
  std::uint64_t value = 0;
  const char* const end = given->data() + given->size();
  const auto [stop, error] = std::from_chars(given->data(), end, value);
  if (error == std::errc() && stop == end && value >= least && value <= most) return value;
  refuse(name, "must be a whole number, " + std::to_string(least) + " to " + std::to_string(most));
  return otherwise;
}

bool query_reader::flag(std::string_view name) {
  const auto given = text(name);
  if (given && *given != "true" && *given != "false") refuse(name, "must be true or false");
  return given == "true";
}

std::optional<std::size_t> query_reader::word(std::string_view name,
                                              std::span<const std::string_view> words) {
  const auto given = text(name);
  if (!given) return std::nullopt;
  const auto it = std::ranges::find(words, *given);
  if (it != words.end()) return static_cast<std::size_t>(it - words.begin());
  refuse(name, "must be one of " + listed(words));
  return std::nullopt;
}

void query_reader::refuse(std::string_view name, std::string detail) {
  errors_.push_back({std::string(name), std::move(detail)});
}

bool query_reader::given(std::string_view name) const noexcept {
  return std::ranges::any_of(query_, [&](const auto& pair) { return pair.first == name; });
}

std::optional<problem> query_reader::finish() {
  for (const auto& [key, value] : query_) {
    if (std::ranges::find(known_, key) != known_.end()) continue;
    const std::string_view near = nearest_name(key, known_);
    std::string detail = "is not a known parameter";
    if (!near.empty()) detail += "; did you mean \"" + std::string(near) + "\"?";
    refuse(key, std::move(detail));
  }
  if (errors_.empty()) return std::nullopt;
  return problem{problem_code::invalid_parameter, "", std::move(errors_)};
}

}  // namespace orbweaver
