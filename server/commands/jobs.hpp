#pragma once

#include <functional>
#include <memory>
#include <string>

#include "server/commands/refusal.hpp"
#include "server/commands/service_flags.hpp"

namespace orbweaver {

// The subcommands of `jobs`, each of which asks a service. All answer 0 when it did what was asked,
// 1 when it did not, 2 for a mistake in what was asked.
void add_submit_job(CLI::App& jobs, int& exit_code);
void add_list_jobs(CLI::App& jobs, int& exit_code);
void add_show_job(CLI::App& jobs, int& exit_code);
void add_watch_job(CLI::App& jobs, int& exit_code);
void add_results_job(CLI::App& jobs, int& exit_code);
void add_urls_job(CLI::App& jobs, int& exit_code);
void add_body_job(CLI::App& jobs, int& exit_code);
void add_changes_of_jobs(CLI::App& jobs, int& exit_code);

// A command with the service's flags, which runs as the command line has been read.
CLI::App* add_service_command(CLI::App& to, const std::string& name, const std::string& what,
                              int& exit_code, std::function<int(service_client&)> run);

// "/v1/crawls/ID", whatever the id holds.
std::string path_of_crawl(std::string_view id);
// `text` as a part of a path or a query (RFC 3986 section 2.1).
std::string percent_encoded(std::string_view text);

// Each says on standard error why there is no good answer, and answers the exit code.
int complain_of(const service_client& service, const no_answer& failed);
int complain_of(const service_answer& refused, const pointer_name& name_of);
int complain_of(const service_answer& refused);
// The body of a good answer was not what the API promises.
int complain_of_nonsense(const service_client& service);

// Shows a crawl's progress until it is over, and then, unless `quiet`, its summary. A service that
// goes away is waited for. The exit code is that of `crawl`.
int watch_crawl(service_client& service, const std::string& id, bool quiet);

}  // namespace orbweaver
