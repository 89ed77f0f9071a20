#include "crawler/parse/robots_directives.hpp"

#include <algorithm>

#include "crawler/parse/ascii.hpp"

namespace orbweaver {
namespace {

using html::equals_ignoring_case;
using html::trim;

// What stands before a colon: an agent, unless it is a directive with a value or, as in the date
// of unavailable_after, no name at all.
bool is_agent(std::string_view name) noexcept {
  for (const std::string_view directive :
       {"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
    if (equals_ignoring_case(name, directive)) return false;
  return name.find_first_of(" \t") == name.npos;
}

}  // namespace

std::string_view next_directive(std::string_view& rest) noexcept {
  const auto comma = rest.find(',');
  const auto one = trim(rest.substr(0, comma));
  rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
  return one;
}

void robots_directives::add(std::string_view list) noexcept {
  while (!list.empty()) add_one(next_directive(list));
}

// Pages also list "noindex nofollow" or "noindex;nofollow". What has a value is one directive.
void robots_directives::add_one(std::string_view one) noexcept {
  if (one.find(':') != one.npos) return;
  const auto parts = [](char c) { return c == ';' || html::is_space(c); };
  while (!one.empty()) {
    const auto end = std::ranges::find_if(one, parts);
    const auto size = static_cast<std::size_t>(end - one.begin());
    add_word(one.substr(0, size));
    one.remove_prefix(std::min(size + 1, one.size()));
  }
}

void robots_directives::add_word(std::string_view one) noexcept {
  const bool none = equals_ignoring_case(one, "none");
  noindex |= none || equals_ignoring_case(one, "noindex");
  nofollow |= none || equals_ignoring_case(one, "nofollow");
  noarchive |= equals_ignoring_case(one, "noarchive");
  nosnippet |= equals_ignoring_case(one, "nosnippet");
  noimageindex |= equals_ignoring_case(one, "noimageindex");
}

void robots_directives::add_tag(std::string_view value, std::string_view agent) noexcept {
  bool ours = true;
  while (!value.empty()) {
    std::string_view one = next_directive(value);
    const auto colon = one.find(':');
    if (colon != one.npos && is_agent(trim(one.substr(0, colon)))) {
      const auto name = trim(one.substr(0, colon));
      ours = !agent.empty() && equals_ignoring_case(name, agent);
      one = trim(one.substr(colon + 1));
    }
    if (ours) add_one(one);
  }
}

}  // namespace orbweaver
