#pragma once

namespace CLI {
class App;
}

namespace orbweaver {

// Each adds one subcommand to `app`; its callback leaves the exit code in `exit_code`.
void add_crawl_command(CLI::App& app, int& exit_code);
void add_fetch_command(CLI::App& app, int& exit_code);
void add_key_command(CLI::App& app, int& exit_code);
void add_serve_command(CLI::App& app, int& exit_code);
void add_jobs_command(CLI::App& app, int& exit_code);
void add_health_command(CLI::App& app, int& exit_code);
void add_store_command(CLI::App& app, int& exit_code);
void add_inspect_command(CLI::App& app, int& exit_code);
// Both tell of all commands of `app`, when they run.
void add_completion_command(CLI::App& app, int& exit_code);
void add_man_command(CLI::App& app, int& exit_code);
void add_version_command(CLI::App& app, int& exit_code);

}  // namespace orbweaver
