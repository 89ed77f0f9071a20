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

  // Takes in a list of directives; `none` is noindex and nofollow. Unknown ones are ignored. Pages
  // part them with commas, semicolons or white space alone.
  void add(std::string_view list) noexcept;

  // Takes in an X-Robots-Tag value: `noindex` speaks to everyone, `agent: noindex` to one agent
  // only, up to the next agent: proxies join fields with commas. `agent` is our own token, compared
  // ignoring case; directives that take a value (`max-snippet: 5`) are no agents.
  void add_tag(std::string_view value, std::string_view agent) noexcept;

 private:
  void add_one(std::string_view directive) noexcept;
};

// Takes the first directive off `rest`, with its value (`max-snippet: 5`) if it has one; empty:
// there is none. That of a name nobody knows goes on to the next comma or semicolon.
std::string_view next_directive(std::string_view& rest) noexcept;

}  // namespace orbweaver
