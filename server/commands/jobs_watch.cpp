#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <iostream>
#include <unistd.h>

#include "common/async/task.hpp"
#include "server/commands/complain.hpp"
#include "server/commands/crawl_view.hpp"
#include "server/commands/drawn_progress.hpp"
#include "server/commands/jobs.hpp"
#include "server/commands/progress_line.hpp"

namespace orbweaver {
namespace {

// A service has its counts anew once a second.
constexpr timespec between_looks{1, 0};
// How long a service may be away while a crawl is watched: its crawls survive a new start.
constexpr std::chrono::seconds patience{60};

// Waits, or answers the number of the signal to stop that came meanwhile; 0: none did.
int pause_between_looks() {
  sigset_t stops, before;
  sigemptyset(&stops);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&stops, number);
  pthread_sigmask(SIG_BLOCK, &stops, &before);
  const int number = sigtimedwait(&stops, nullptr, &between_looks);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return std::max(number, 0);
}

int end_of(const crawl_view& crawl, bool quiet) {
  if (!quiet) std::cerr << crawl_summary(crawl.status);
  return crawl.status.counts.fetched != 0 ? 0 : exit_failed;
}

}  // namespace

int watch_crawl(service_client& service, const std::string& id, bool quiet) {
  const bool drawing = !quiet && isatty(STDERR_FILENO) != 0;
  drawn_progress line;
  auto last_answer = clock::now();
  for (bool seen = false;; seen = true) {
    const service_result answer = service.call({.target = path_of_crawl(id)});
    const bool away = !answer || answer->status == 503;
    if (away && (!seen || clock::now() - last_answer > patience)) {
      line.clear();
      return answer ? complain_of(*answer) : complain_of(service, answer.error());
    }
    if (!away) {
      last_answer = clock::now();
      if (!answer->good()) {
        line.clear();
        return complain_of(*answer);
      }
      const auto crawl = parse_view(answer->body);
      if (!crawl) return complain_of_nonsense(service);
      if (is_final(crawl->status.state)) {
        line.clear();
        return end_of(*crawl, quiet);
      }
      if (drawing) line.draw(crawl->status);
    }
    if (const int number = pause_between_looks(); number != 0) {
      line.clear();
      if (!quiet) std::cerr << "The crawl goes on; 'orbweaver jobs watch " << id << "' shows it.\n";
      return 128 + number;
    }
  }
}

void add_watch_job(CLI::App& jobs, int& exit_code) {
  struct watching {
    std::string id;
    bool quiet = false;
  };
  auto what = std::make_shared<watching>();
  CLI::App* command = add_service_command(
      jobs, "watch", "Show a crawl's progress until it is over", exit_code,
      [what](service_client& service) { return watch_crawl(service, what->id, what->quiet); });
  command->add_option("ID", what->id, "The crawl")->required();
  command->add_flag("--quiet", what->quiet, "No progress line and no summary: wait, no more");
  command->footer(
      R"(The line is drawn when standard error is a terminal; the summary comes at the end. The crawl does not
mind being watched: SIGINT ends the watching alone. A service that is started anew is waited for.

Exit codes: 0 the crawl is over, 1 not one page was fetched, or the service refused or did not
answer, 2 a mistake in the command line, 130 interrupted by SIGINT, 143 by SIGTERM.)");
}

}  // namespace orbweaver
