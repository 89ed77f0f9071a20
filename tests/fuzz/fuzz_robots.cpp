// Any bytes: the first line is a path, the rest robots.txt.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "crawler/robots/robots.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orbweaver;
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(all.find('\n'), all.size());
  const std::string_view path = all.substr(0, line);
  const std::string_view text = all.substr(line);
  const robots_rules rules = parse_robots(text, "foobot");
  const robots_verdict verdict = rules.check(path);
  const auto lines =
      std::count_if(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; });
  if (verdict.line > lines + 1) std::abort();
  if (verdict.line != 0 && verdict.rule().empty()) std::abort();
  if (rules.crawl_delay() && *rules.crawl_delay() > max_crawl_delay) std::abort();
  // Without any group of its own an agent gets what every other one gets.
  if (!rules.names_agent() && parse_robots(text, "\x01").check(path).line != verdict.line)
    std::abort();
  return 0;
}
