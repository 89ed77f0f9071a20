#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "common/config.hpp"
#include "common/log.hpp"
#include "common/signals.hpp"
#include "server/commands/commands.hpp"
#include "server/commands/complain.hpp"
#include "server/commands/request_flags.hpp"
#include "server/crawl_runtime.hpp"

namespace orbweaver {
namespace {

constexpr std::array<std::string_view, 4> setting_names{"allow-net", "dns-server", "ca-file",
                                                        "log-level"};

struct fetch_command {
  explicit fetch_command(CLI::App& command)
      : settings_flags(command, setting_names), request(command, field_use::fetch) {
    command.add_option("URL", address, "The page: an http or https URL")->required();
  }

  int run();

  config_flags settings_flags;
  request_flags request;
  std::string address;
};

int fetch_command::run() {
  settings_or_mistakes settings = settings_flags.read();
  if (!settings) return complain(settings.error().lines);
  auto spec = request.read({address});
  if (auto* mistakes = std::get_if<1>(&spec)) return complain(*mistakes);
  configure_log({settings->level, settings->format});
  ignore_sigpipe();
  settings->threads = 1;
  settings->store = store_kind::memory;
  crawl_runtime runtime(*settings);
  runtime.start();
  const auto record = runtime.call(runtime.crawls().fetch_page(std::move(std::get<0>(spec))));
  runtime.stop(std::chrono::seconds(0));
  if (!record) {
    return complain(record.error().message(), exit_failed);
  }
  const auto shown = nlohmann::ordered_json::parse(*record);
  std::cout << shown.dump(2) << '\n';
  return shown.value("outcome", "") == "fetched" ? 0 : 1;
}

}  // namespace

void add_fetch_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("fetch", "Fetch one page and print its record");
  command->footer(R"(Examples:
  orbweaver fetch https://example.com/
  orbweaver fetch https://example.com/ --formats metadata,text

Exit codes: 0 fetched, 1 not fetched (the record says why), 2 a mistake in the command line.)");
  auto state = std::make_shared<fetch_command>(*command);
  command->callback([state, &exit_code] { exit_code = state->run(); });
}

}  // namespace orbweaver
