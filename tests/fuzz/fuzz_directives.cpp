// Any bytes: the first line is an agent's token, the rest an X-Robots-Tag value or a meta element's
// list. What one directive forbids stays forbidden; what is said to one agent is not said to all.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "crawler/parse/page_scan.hpp"
#include "crawler/parse/robots_directives.hpp"

namespace {

using orbweaver::robots_directives;

void require(bool holds) {
  if (!holds) std::abort();
}

unsigned bits(const robots_directives& d) {
  return (d.noindex ? 1U : 0U) | (d.nofollow ? 2U : 0U) | (d.noarchive ? 4U : 0U) |
         (d.nosnippet ? 8U : 0U) | (d.noimageindex ? 16U : 0U);
}
unsigned of_list(std::string_view list) {
  robots_directives d;
  d.add(list);
  return bits(d);
}
unsigned of_tag(std::string_view value, std::string_view agent) {
  robots_directives d;
  d.add_tag(value, agent);
  return bits(d);
}

// The pieces of a list, each of them read alone, come to what the list does.
unsigned of_pieces(std::string_view list) {
  unsigned all = 0;
  while (!list.empty()) {
    const std::string_view one = orbweaver::next_directive(list);
    require(one.empty() || (one.front() != ' ' && one.back() != ' '));
    all |= of_list(one);
  }
  return all;
}

void compare_with_page(std::string_view list) {
  constexpr std::string_view altered("\"&\r\0", 4);
  if (list.size() > orbweaver::max_url_attribute_bytes || list.find_first_of(altered) != list.npos)
    return;
  static orbweaver::page_scan page;
  const std::string html = "<meta name=Robots content=\"" + std::string(list) + "\">";
  orbweaver::scan_page(html, {.followed_only = true}, page);
  require(bits(page.robots) == of_list(list));
  require(page.robots_list.size() <= orbweaver::max_robots_directives);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(all.find('\n'), all.size());
  const std::string_view agent = all.substr(0, line);
  const std::string_view value = all.substr(std::min(line + 1, all.size()));
  require(of_pieces(value) == of_list(value));
  const unsigned to_all = of_tag(value, "");
  require((to_all & ~of_tag(value, agent)) == 0);
  if (value.find(':') == value.npos) require(of_tag(value, agent) == of_list(value));
  compare_with_page(value);
  return 0;
}
