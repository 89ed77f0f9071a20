#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/parse/page_scan.hpp"

namespace CLI {
class App;
}

namespace orbweaver {

// `orbweaver inspect KIND`: what the crawler would make of something, without any network.

// Each takes one line of --batch, a JSON object, and appends its answer to `out`: one JSON object
// without a line end. What is not JSON or lacks a member is answered by {"error": "..."}, and
// false.
bool inspect_url(std::string_view line, std::string& out);
bool inspect_robots(std::string_view line, std::string& out);
bool inspect_links(std::string_view line, std::string& out);
bool inspect_sitemap(std::string_view line, std::string& out);

// What single use prints: lines for people. `good` decides the exit code.
struct explanation {
  std::string text;
  bool good = true;
};
// `good`: it is a URL.
explanation explain_url(std::string_view input, std::optional<std::string_view> base);
// `good`: all of the URLs are, and may be fetched. `agent` is a token or a whole User-Agent.
explanation explain_robots(std::string_view robots, std::string_view agent,
                           const std::vector<std::string>& urls);
// `html` is in any charset, as a file holds it. `good`: `base` is a URL.
explanation explain_links(std::string_view html, std::string_view base, std::string_view agent);
// `good`: it is a sitemap of some kind and could be read to its end. It may be a gzip file.
explanation explain_sitemap(std::string_view file);

// Each adds the arguments of single use to `command`; what it answers runs it.
using inspect_run = std::function<explanation()>;
inspect_run add_url_arguments(CLI::App& command);
inspect_run add_robots_arguments(CLI::App& command);
inspect_run add_links_arguments(CLI::App& command);
inspect_run add_sitemap_arguments(CLI::App& command);

}  // namespace orbweaver
