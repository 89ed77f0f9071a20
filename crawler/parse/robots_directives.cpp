#include "crawler/parse/robots_directives.hpp"

#include "crawler/parse/ascii.hpp"

namespace orbweaver {
namespace {

using html::equals_ignoring_case;
using html::trim;

}  // namespace

std::string_view next_directive(std::string_view& rest) noexcept {
  const auto comma = rest.find(',');
  const auto one = trim(rest.substr(0, comma));
  rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
  return one;
}

void robots_directives::add(std::string_view list) noexcept {
  while (!list.empty()) {
    const auto one = next_directive(list);
    const bool none = equals_ignoring_case(one, "none");
    noindex |= none || equals_ignoring_case(one, "noindex");
    nofollow |= none || equals_ignoring_case(one, "nofollow");
    noarchive |= equals_ignoring_case(one, "noarchive");
    nosnippet |= equals_ignoring_case(one, "nosnippet");
    noimageindex |= equals_ignoring_case(one, "noimageindex");
  }
}

std::string_view robots_tag_for(std::string_view value, std::string_view agent) noexcept {
  value = trim(value);
  const auto colon = value.find_first_of(":,");
  if (colon == std::string_view::npos || value[colon] == ',') return value;
  const auto name = trim(value.substr(0, colon));
  for (const std::string_view directive :
       {"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"}) {
    if (equals_ignoring_case(name, directive)) return value;
  }
  const bool ours = !agent.empty() && equals_ignoring_case(name, agent);
  return ours ? trim(value.substr(colon + 1)) : std::string_view{};
}

}  // namespace orbweaver
