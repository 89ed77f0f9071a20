#include <CLI/CLI.hpp>
#include <array>
#include <iostream>

#include "server/commands/complain.hpp"
#include "server/commands/crawl_view.hpp"
#include "server/commands/inspect_text.hpp"
#include "server/commands/jobs.hpp"

namespace orbweaver {
namespace {

struct change {
  const char* name;
  const char* what;
  std::string_view method;
  const char* path;  // behind the crawl's
  const char* footer;
};

constexpr std::array<change, 4> changes{{
    {"pause", "Let no further fetch of a crawl start", "POST", "/pause", ""},
    {"resume", "Let a paused crawl go on", "POST", "/resume", ""},
    {"cancel", "End a crawl now and keep what it has brought", "POST", "/cancel", ""},
    {"delete", "End a crawl, if it is not over, and remove all it has brought", "DELETE", "",
     "There is no way back, and no question is asked."},
}};

// Each of these crawls, also behind one of which it is refused.
int apply(const change& to, service_client& service, const std::vector<std::string>& ids) {
  int worst = 0;
  for (const std::string& id : ids) {
    const service_result answer =
        service.call({.method = to.method, .target = path_of_crawl(id) + to.path});
    if (!answer) return complain_of(service, answer.error());
    if (!answer->good()) {
      if (ids.size() > 1) std::cerr << printable(id) << ": ";
      worst = std::max(worst, complain_of(*answer));
      continue;
    }
    const auto crawl = parse_view(answer->body);
    std::cout << id << ' ' << (crawl ? name(crawl->status.state) : "deleted") << std::endl;
  }
  return worst;
}

}  // namespace

void add_changes_of_jobs(CLI::App& jobs, int& exit_code) {
  for (const change& one : changes) {
    auto ids = std::make_shared<std::vector<std::string>>();
    CLI::App* command = add_service_command(
        jobs, one.name, one.what, exit_code,
        [ids, &one](service_client& service) { return apply(one, service, *ids); });
    command->add_option("ID", *ids, "The crawls")->required();
    command->footer(one.footer);
  }
}

}  // namespace orbweaver
