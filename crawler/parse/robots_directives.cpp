#include "crawler/parse/robots_directives.hpp"

#include <algorithm>
#include <optional>
#include <span>

#include "crawler/parse/ascii.hpp"

namespace orbweaver {
namespace {

using html::equals_ignoring_case;
using html::trim;

constexpr std::size_t npos = std::string_view::npos;
constexpr std::string_view spaces = " \t\n\f\r";
constexpr std::string_view separators = ",; \t\n\f\r";
constexpr std::string_view name_enders = ":,; \t\n\f\r";
constexpr std::string_view list_enders = ",;";
constexpr std::string_view digits = "0123456789";

constexpr std::string_view date_directive = "unavailable_after";
// Whose value is one word.
constexpr std::string_view valued[] = {"max-snippet", "max-image-preview", "max-video-preview"};
constexpr std::string_view plain[] = {"all",     "index",        "follow",     "none",
                                      "noindex", "nofollow",     "noarchive",  "nosnippet",
                                      "nocache", "noimageindex", "notranslate"};

bool is_one_of(std::span<const std::string_view> list, std::string_view name) noexcept {
  return std::ranges::any_of(list, [&](auto one) { return equals_ignoring_case(one, name); });
}

std::size_t skip(std::string_view text, std::string_view what, std::size_t at) noexcept {
  return std::min(text.find_first_not_of(what, at), text.size());
}
std::size_t position_of(std::string_view text, std::string_view what, std::size_t at) noexcept {
  return std::min(text.find_first_of(what, at), text.size());
}

// What a directive begins with: its name and, if it has a value, where that begins.
struct directive_head {
  std::string_view name;
  std::size_t value = npos;
};
directive_head head_of(std::string_view text) noexcept {
  const std::size_t end = position_of(text, name_enders, 0);
  const std::size_t colon = skip(text, spaces, end);
  const bool has_value = colon < text.size() && text[colon] == ':';
  return {text.substr(0, end), has_value ? colon + 1 : npos};
}

// The end of the date that begins at `at`: where the next directive begins, or at a comma. That
// behind the name of a day does not count.
std::size_t date_end(std::string_view text, std::size_t at) noexcept {
  for (std::size_t end = at;;) {
    at = skip(text, spaces, at);
    if (at < text.size() && text[at] == ',') {
      at = skip(text, spaces, at + 1);
      if (at == text.size() || digits.find(text[at]) == npos) return end;
    }
    const std::string_view name = text.substr(at, position_of(text, name_enders, at) - at);
    if (at == text.size() || text[at] == ';' || is_one_of(valued, name) || is_one_of(plain, name))
      return end;
    at = end = std::max(position_of(text, separators, at), at + 1);
  }
}

std::size_t directive_end(std::string_view text) noexcept {
  const auto [name, value] = head_of(text);
  if (value == npos) return name.size();
  if (equals_ignoring_case(name, date_directive)) return date_end(text, value);
  if (is_one_of(valued, name)) return position_of(text, separators, skip(text, spaces, value));
  // An agent's name, or what nobody knows: all that follows may be its value.
  return position_of(text, list_enders, value);
}

// Takes the name of an agent, with its colon, off `rest` if it begins with one. What is all digits
// is none, but a part of a time.
std::optional<std::string_view> take_agent(std::string_view& rest) noexcept {
  const auto [name, value] = head_of(rest);
  if (value == npos || equals_ignoring_case(name, date_directive) || is_one_of(valued, name))
    return std::nullopt;
  if (!name.empty() && name.find_first_not_of(digits) == npos) return std::nullopt;
  rest.remove_prefix(value);
  return name;
}

void skip_separators(std::string_view& rest) noexcept {
  rest.remove_prefix(skip(rest, separators, 0));
}

}  // namespace

std::string_view next_directive(std::string_view& rest) noexcept {
  skip_separators(rest);
  const std::size_t end = directive_end(rest);
  const auto one = trim(rest.substr(0, end));
  rest.remove_prefix(end);
  return one;
}

void robots_directives::add(std::string_view list) noexcept {
  while (!list.empty()) add_one(next_directive(list));
}

void robots_directives::add_one(std::string_view one) noexcept {
  const bool none = equals_ignoring_case(one, "none");
  noindex |= none || equals_ignoring_case(one, "noindex");
  nofollow |= none || equals_ignoring_case(one, "nofollow");
  noarchive |= equals_ignoring_case(one, "noarchive");
  nosnippet |= equals_ignoring_case(one, "nosnippet");
  noimageindex |= equals_ignoring_case(one, "noimageindex");
}

void robots_directives::add_tag(std::string_view value, std::string_view agent) noexcept {
  bool ours = true;
  for (skip_separators(value); !value.empty(); skip_separators(value)) {
    if (const auto name = take_agent(value)) {
      ours = !agent.empty() && equals_ignoring_case(*name, agent);
    } else {
      const std::string_view one = next_directive(value);
      if (ours) add_one(one);
    }
  }
}

}  // namespace orbweaver
