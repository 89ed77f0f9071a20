#include <CLI/CLI.hpp>
#include <optional>

#include "server/commands/complain.hpp"
#include "server/commands/jobs.hpp"
#include "server/commands/jobs_output.hpp"

namespace orbweaver {
namespace {

struct results_call {
  std::string id;
  std::string output;
  std::string format = "ndjson";
  std::string outcome;
  std::string cursor;
  std::optional<std::uint64_t> limit;
  bool follow = false;

  int run(service_client& service) const;

 private:
  std::string target() const;
};

std::string results_call::target() const {
  std::string out =
      path_of_crawl(id) + "/results?format=" + percent_encoded(limit ? "json" : format);
  if (!outcome.empty()) out += "&outcome=" + percent_encoded(outcome);
  if (!limit && !cursor.empty()) out += "&cursor=" + percent_encoded(cursor);
  if (follow) out += "&follow=true";
  return out;
}

int results_call::run(service_client& service) const {
  if (!limit) return write_answer(service, target(), output);
  if (format != "ndjson") return complain("--limit is for --format ndjson", exit_mistaken);
  return write_items(service, target(), *limit, cursor, output);
}

}  // namespace

void add_results_job(CLI::App& jobs, int& exit_code) {
  auto what = std::make_shared<results_call>();
  CLI::App* command =
      add_service_command(jobs, "results", "Print the records of a crawl", exit_code,
                          [what](service_client& service) { return what->run(service); });
  command->add_option("ID", what->id, "The crawl")->required();
  command->add_option("-o,--output", what->output, "Write to this file; - is standard output")
      ->type_name("FILE");
  command
      ->add_option("--format", what->format,
                   "ndjson is one JSON object a line, csv a table, warc an archive of requests and "
                   "answers, cdxj that archive's index")
      ->check(CLI::IsMember({"ndjson", "csv", "warc", "cdxj"}))
      ->capture_default_str();
  command->add_option("--outcome", what->outcome, "Only records of this outcome")
      ->check(CLI::IsMember({"fetched", "failed", "skipped"}));
  add_page_flags(*command, what->limit, what->cursor);
  command
      ->add_flag("--follow", what->follow, "Go on, with the records to come, until the crawl ends")
      ->excludes("--limit");
  command->footer(R"(Examples:
  orbweaver jobs results ID --follow | jq -r .url
  orbweaver jobs results ID --outcome failed
  orbweaver jobs results ID --format warc -o site.warc.gz

Exit codes: 0 done, 1 the service refused or did not answer, or the stream broke off, 2 a mistake in
the command line.)");
}

}  // namespace orbweaver
