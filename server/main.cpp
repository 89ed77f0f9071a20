#include <CLI/CLI.hpp>

#include "server/commands/commands.hpp"

int main(int argc, char** argv) {
  CLI::App app("Orbweaver: a web-crawl service", "orbweaver");
  app.require_subcommand(1);
  int exit_code = 0;
  orbweaver::add_version_command(app, exit_code);
  CLI11_PARSE(app, argc, argv);
  return exit_code;
}
