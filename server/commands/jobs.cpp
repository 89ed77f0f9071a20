#include "server/commands/jobs.hpp"

#include <CLI/CLI.hpp>

#include "server/commands/commands.hpp"
#include "server/commands/complain.hpp"

namespace orbweaver {

CLI::App* add_service_command(CLI::App& to, const std::string& name, const std::string& what,
                              int& exit_code, std::function<int(service_client&)> run) {
  CLI::App* command = to.add_subcommand(name, what);
  auto flags = std::make_shared<service_flags>(*command);
  command->callback([flags, run = std::move(run), &exit_code] {
    auto found = flags->read();
    if (const auto* mistakes = std::get_if<1>(&found)) {
      exit_code = complain(*mistakes);
      return;
    }
    auto& [address, key, ca_file] = std::get<0>(found);
    service_client service(std::move(address), std::move(key), ca_file);
    exit_code = run(service);
  });
  return command;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += {'%', hex[byte >> 4], hex[byte & 15]};
    }
  }
  return out;
}

std::string path_of_crawl(std::string_view id) { return "/v1/crawls/" + percent_encoded(id); }

int complain_of(const service_client& service, const no_answer& failed) {
  return complain("no answer from " + to_string(service.address()) + ": " + failed.why,
                  exit_failed);
}

int complain_of(const service_answer& refused, const pointer_name& name_of) {
  const refusal why = explain_refusal(refused, name_of);
  return complain(why.lines, why.exit_code);
}

int complain_of(const service_answer& refused) {
  // The query's mistakes are named by its parameters, which are flags of the same names.
  return complain_of(refused, [](std::string_view name) { return "--" + std::string(name); });
}

int complain_of_nonsense(const service_client& service) {
  return complain("what " + to_string(service.address()) + " answers is not of Orbweaver's API",
                  exit_failed);
}

void add_jobs_command(CLI::App& app, int& exit_code) {
  CLI::App* jobs = app.add_subcommand("jobs", "Start, watch and steer crawls of a running service");
  jobs->require_subcommand(1);
  jobs->footer(R"(Examples:
  id=$(orbweaver jobs submit https://example.com/ --limit 100)
  orbweaver jobs watch $id
  orbweaver jobs results $id --follow > pages.ndjson
  orbweaver jobs urls $id --outcome failed
  orbweaver jobs list --state running

The service is that of --server or ORBWEAVER_SERVER; --key or ORBWEAVER_KEY is shown to it.

Exit codes: 0 done, 1 the service refused or did not answer, or the crawl fetched not one page,
2 a mistake in the command line or in the request.)");
  add_submit_job(*jobs, exit_code);
  add_list_jobs(*jobs, exit_code);
  add_show_job(*jobs, exit_code);
  add_watch_job(*jobs, exit_code);
  add_results_job(*jobs, exit_code);
  add_urls_job(*jobs, exit_code);
  add_body_job(*jobs, exit_code);
  add_changes_of_jobs(*jobs, exit_code);
}

}  // namespace orbweaver
