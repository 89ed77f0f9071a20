#pragma once

#include <string_view>

namespace orbweaver {

// What a page asks of crawlers, in <meta name="robots"> or X-Robots-Tag. Several sources add up:
// what one of them forbids stays forbidden.
struct robots_directives {
  bool noindex = false;
  bool nofollow = false;
  bool noarchive = false;
  bool nosnippet = false;
  bool noimageindex = false;

  // Takes in a comma-separated list of directives; `none` is noindex and nofollow. Unknown ones
  // are ignored.
  void add(std::string_view list) noexcept;
};

// Takes the first directive off `rest`, without white space around it; it may be empty.
std::string_view next_directive(std::string_view& rest) noexcept;

// The part of an X-Robots-Tag value that concerns us: `noindex` speaks to everyone, `agent:
// noindex` to one agent only, up to the end of the value. Empty if it speaks to another. `agent` is
// our own token, compared ignoring case; directives that take a value (`max-snippet: 5`) are no
// agents.
std::string_view robots_tag_for(std::string_view value, std::string_view agent) noexcept;

}  // namespace orbweaver
