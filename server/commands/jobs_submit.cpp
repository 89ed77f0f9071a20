#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <iterator>

#include "server/api/idempotency.hpp"
#include "server/commands/complain.hpp"
#include "server/commands/crawl_view.hpp"
#include "server/commands/jobs.hpp"
#include "server/commands/request_flags.hpp"

namespace orbweaver {
namespace {

struct submission {
  std::vector<std::string> urls;
  std::optional<request_flags> request;
  std::string file;
  std::string idempotency_key;
  bool json = false;
  bool watch = false;
  bool quiet = false;

  int run(service_client& service) const;

 private:
  int send(service_client& service, std::string text, const pointer_name& name_of) const;
};

int submission::run(service_client& service) const {
  if (!idempotency_key.empty() && !is_idempotency_key(idempotency_key))
    return complain("--idempotency-key must be a word of at most 255 visible ASCII characters",
                    exit_mistaken);
  if (file.empty() == urls.empty())
    return complain("a crawl begins at one URL or more, or is read by --request, and not both",
                    exit_mistaken);
  if (file.empty()) {
    auto [text, mistakes] = request->write(urls);
    if (!mistakes.empty()) return complain(mistakes);
    return send(service, std::move(text),
                [this](std::string_view pointer) { return place_on_command_line(pointer, urls); });
  }
  if (!request->empty())
    return complain("--request holds the whole request: no flag of one can stand beside it",
                    exit_mistaken);
  std::ifstream opened;
  if (file != "-") opened.open(file, std::ios::binary);
  std::istream& in = file == "-" ? std::cin : opened;
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (in.bad() || (file != "-" && !opened.is_open()))
    return complain("--request: " + file + " cannot be read", exit_mistaken);
  return send(service, std::move(text), [](std::string_view pointer) {
    return pointer.empty() ? std::string("the request") : std::string(pointer);
  });
}

int submission::send(service_client& service, std::string text, const pointer_name& name_of) const {
  const service_result answer = service.call({.method = "POST",
                                              .target = "/v1/crawls",
                                              .body = std::move(text),
                                              .idempotency_key = idempotency_key});
  if (!answer) return complain_of(service, answer.error());
  if (!answer->good()) return complain_of(*answer, name_of);
  const auto made = parse_view(answer->body);
  if (!made) return complain_of_nonsense(service);
  std::cout << (json ? answer->body : made->id) << std::endl;
  if (!quiet)
    for (const std::string& warning : made->status.warnings)
      std::cerr << "orbweaver: note: " << warning << '\n';
  return watch ? watch_crawl(service, made->id, quiet) : 0;
}

}  // namespace

void add_submit_job(CLI::App& jobs, int& exit_code) {
  auto what = std::make_shared<submission>();
  CLI::App* command =
      add_service_command(jobs, "submit", "Start a crawl and print its id", exit_code,
                          [what](service_client& service) { return what->run(service); });
  what->request.emplace(*command, field_use::crawl);
  command->add_option("URL", what->urls, "Where to begin: one or more http or https URLs");
  command->add_option("--request", what->file, "A whole request in JSON; - is standard input")
      ->type_name("FILE");
  command
      ->add_option("--idempotency-key", what->idempotency_key,
                   "Start the crawl once, however often this is repeated with the same key")
      ->type_name("KEY");
  command->add_flag("--json", what->json, "Print the whole status object instead of the id");
  command->add_flag("--watch", what->watch, "Then watch the crawl, as 'jobs watch' does");
  command->add_flag("--quiet", what->quiet, "No notes, no progress line and no summary");
  command->footer(R"(Examples:
  orbweaver jobs submit https://example.com/ --limit 100 --watch
  orbweaver jobs submit https://example.com/docs/ --scope path --name docs --label team=search
  echo '{"urls": ["https://example.com/"]}' | orbweaver jobs submit --request -
  orbweaver jobs submit https://example.com/ --server https://crawler.example.org

The id is the only thing on standard output. The crawl goes on whatever becomes of this command.

Exit codes: 0 started (with --watch: and a page was fetched), 1 refused, or no answer, 2 a mistake in
the command line or in the request.)");
}

}  // namespace orbweaver
