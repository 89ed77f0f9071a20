#include <CLI/CLI.hpp>
#include <limits>
#include <optional>

#include "server/commands/jobs.hpp"
#include "server/commands/jobs_output.hpp"

namespace orbweaver {
namespace {

struct urls_call {
  std::string id;
  std::string output;
  std::string outcome;
  std::string reason;
  std::string prefix;
  std::string cursor;
  std::optional<std::uint64_t> limit;

  int run(service_client& service) const;
};

int urls_call::run(service_client& service) const {
  std::string target = path_of_crawl(id) + "/urls?format=" + std::string(limit ? "json" : "ndjson");
  if (!outcome.empty()) target += "&outcome=" + percent_encoded(outcome);
  if (!reason.empty()) target += "&reason=" + percent_encoded(reason);
  if (!prefix.empty()) target += "&prefix=" + percent_encoded(prefix);
  if (limit) return write_items(service, target, *limit, cursor, output);
  if (!cursor.empty()) target += "&cursor=" + percent_encoded(cursor);
  return write_answer(service, target, output);
}

struct body_call {
  std::string id;
  std::string output;
  std::uint64_t seq = 0;

  int run(service_client& service) const {
    const std::string target = path_of_crawl(id) + "/results/" + std::to_string(seq) + "/body";
    return write_answer(service, target, output);
  }
};

}  // namespace

void add_urls_job(CLI::App& jobs, int& exit_code) {
  auto what = std::make_shared<urls_call>();
  CLI::App* command = add_service_command(
      jobs, "urls", "Print every URL a crawl has seen, what became of it and why", exit_code,
      [what](service_client& service) { return what->run(service); });
  command->add_option("ID", what->id, "The crawl")->required();
  command->add_option("-o,--output", what->output, "Write to this file; - is standard output")
      ->type_name("FILE");
  command
      ->add_option("--outcome", what->outcome,
                   "Only URLs with this outcome; queued are those that have none yet")
      ->check(CLI::IsMember({"queued", "fetched", "failed", "skipped"}));
  command->add_option("--reason", what->reason, "Only URLs with this outcome code")
      ->type_name("CODE");
  command->add_option("--prefix", what->prefix, "Only URLs that begin like this")->type_name("URL");
  add_page_flags(*command, what->limit, what->cursor);
  command->footer(R"(Examples:
  orbweaver jobs urls ID --outcome skipped | jq -r '[.reason.code, .url] | @tsv'
  orbweaver jobs urls ID --reason robots_disallowed --prefix https://example.com/shop/

The URLs come in the order of their discovery, one JSON object a line.

Exit codes: 0 done, 1 the service refused or did not answer, or the stream broke off, 2 a mistake in
the command line.)");
}

void add_body_job(CLI::App& jobs, int& exit_code) {
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();  // -1 is beyond it
  auto what = std::make_shared<body_call>();
  CLI::App* command =
      add_service_command(jobs, "body", "Print a page's bytes", exit_code,
                          [what](service_client& service) { return what->run(service); });
  command->add_option("ID", what->id, "The crawl")->required();
  command->add_option("SEQ", what->seq, "The seq of the page's record")
      ->required()
      ->check(CLI::Range(std::uint64_t{1}, most));
  command->add_option("-o,--output", what->output, "Write to this file; - is standard output")
      ->type_name("FILE");
  command->footer(R"(Examples:
  orbweaver jobs body ID 1 -o page.html

The bytes are those that were fetched, decoded from their Content-Encoding.

Exit codes: 0 done, 1 the service refused or did not answer, or it has no such body, 2 a mistake in
the command line.)");
}

}  // namespace orbweaver
