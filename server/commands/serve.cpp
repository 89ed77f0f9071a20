#include <CLI/CLI.hpp>
#include <future>
#include <iostream>
#include <sstream>

#include "common/config.hpp"
#include "common/log.hpp"
#include "common/signals.hpp"
#include "common/version.hpp"
#include "server/app.hpp"
#include "server/commands/commands.hpp"
#include "server/commands/complain.hpp"

namespace orbweaver {
namespace {

// Waits for the first signal to stop. The second one ends the process: see stop_signals.
class stop_request {
 public:
  stop_request() : signals_(asio::make_strand(context_), [this](int) { context_.stop(); }) {}
  void wait() { context_.run(); }

 private:
  asio::io_context context_{1};
  stop_signals signals_;
};

void announce(const asio::ip::tcp::endpoint& at, const settings& with, bool keys) {
  std::ostringstream address;
  address << (with.tls_cert.empty() ? "http://" : "https://") << at;
  std::cout << "Orbweaver " << version << " listens on " << address.str() << "\nTry: curl "
            << address.str() << "/v1/crawls -H 'Content-Type: application/json' "
            << (keys ? "-H 'Authorization: Bearer KEY' " : "")
            << R"(-d '{"urls": ["https://example.com/"], "limit": 10}')" << std::endl;
}

int serve(const settings& with) try {
  configure_log({with.level, with.format});
  ignore_sigpipe();
  stop_request stop;
  app service(with);
  // Whoever can connect can crawl then.
  if (!service.asks_for_keys() && !with.listen.address().is_loopback())
    return complain(
        "--listen must be a loopback address as long as there are no API keys; orbweaver key "
        "create makes one",
        exit_mistaken);
  const auto at = service.start();
  if (!at) {
    std::ostringstream where;
    where << with.listen;
    return complain("cannot listen on " + where.str() + ": " + at.error().message(), exit_failed);
  }
  announce(*at, with, service.asks_for_keys());
  stop.wait();
  log_info("stopping", {{"within", with.drain_timeout}});
  service.stop(with.drain_timeout);
  log_info("stopped");
  return 0;
} catch (const store_refused& why) {
  return complain(why.what(), exit_failed);
} catch (const certificate_refused& why) {
  return complain(why.what(), exit_failed);
} catch (const keys_refused& why) {
  return complain("the API keys cannot be read: " + std::string(why.what()), exit_failed);
}

}  // namespace

void add_serve_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("serve", "Run the service with its REST API");
  command->footer(R"(Examples:
  orbweaver serve
  orbweaver serve --listen 127.0.0.1:9000 --threads 4 --log-format json
  orbweaver serve --data-dir /var/lib/orbweaver
  orbweaver serve --allow-net 127.0.0.0/8,::1/128      may crawl sites on this machine, for trials

The first SIGINT, SIGTERM or SIGHUP stops it gracefully within --drain-timeout, a second one at
once. Each setting can also be given as ORBWEAVER_NAME in the environment, or in the file that
--config names.

Without API keys it listens on a loopback address alone; see orbweaver key --help.

Crawls are kept in --data-dir: those that have not ended, however the service did, go on when it is
started again.

Exit codes: 0 stopped on request, 1 it could not listen or open its store, keys or certificate, 2 a mistake in the settings.)");
  const auto names = all_option_names();
  auto flags = std::make_shared<config_flags>(*command, names);
  command->callback([flags, &exit_code] {
    const settings_or_mistakes settings = flags->read();
    exit_code = settings ? serve(*settings) : complain(settings.error().to_string(), exit_mistaken);
  });
}

}  // namespace orbweaver
