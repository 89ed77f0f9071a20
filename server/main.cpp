#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "common/version.hpp"
#include "server/commands/commands.hpp"
#include "server/heap_trim.hpp"

int main(int argc, char** argv) {
  orbweaver::keep_heap();
  CLI::App app("Orbweaver: a web-crawl service", "orbweaver");
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string("orbweaver ") + orbweaver::version);
  int exit_code = 0;
  orbweaver::add_serve_command(app, exit_code);
  orbweaver::add_crawl_command(app, exit_code);
  orbweaver::add_fetch_command(app, exit_code);
  orbweaver::add_key_command(app, exit_code);
  orbweaver::add_jobs_command(app, exit_code);
  orbweaver::add_health_command(app, exit_code);
  orbweaver::add_store_command(app, exit_code);
  orbweaver::add_inspect_command(app, exit_code);
  orbweaver::add_completion_command(app, exit_code);
  orbweaver::add_man_command(app, exit_code);
  orbweaver::add_version_command(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "orbweaver: %s\n", e.what());
    return 1;
  }
  return exit_code;
}
