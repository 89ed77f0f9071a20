#include <CLI/CLI.hpp>
#include <iostream>
#include <sstream>

#include "common/config.hpp"
#include "server/commands/commands.hpp"
#include "server/commands/complain.hpp"
#include "server/commands/service_client.hpp"

namespace orbweaver {
namespace {

constexpr std::array<std::string_view, 3> setting_names{"listen", "tls-cert", "tls-key"};
constexpr client_limits in_a_hurry{.connect = std::chrono::seconds(3),
                                   .quiet = std::chrono::seconds(3)};

// Where a service with these settings is reached from its own machine. Its certificate names what
// others call it by, not a loopback address: here it is known by where it listens.
service_address address_of(const settings& with) {
  asio::ip::tcp::endpoint at = with.listen;
  if (at.address().is_unspecified()) {
    if (at.address().is_v4()) {
      at.address(asio::ip::address_v4::loopback());
    } else {
      at.address(asio::ip::address_v6::loopback());
    }
  }
  std::ostringstream authority;
  authority << at;
  return {.tls = !with.tls_cert.empty(),
          .verified = false,
          .host = at.address().to_string(),
          .port = at.port(),
          .authority = authority.str(),
          .base = ""};
}

int health(const config_flags& flags) {
  const settings_or_mistakes settings = flags.read();
  if (!settings) return complain(settings.error().to_string(), exit_mistaken);
  service_client service(address_of(*settings), "", "", in_a_hurry);
  const service_result answer = service.call({.target = "/readyz"});
  if (!answer)
    return complain("no answer from " + to_string(service.address()) + ": " + answer.error().why,
                    exit_failed);
  std::cout << (answer->good() ? "ready" : "not ready") << std::endl;
  return answer->good() ? 0 : exit_failed;
}

}  // namespace

void add_health_command(CLI::App& app, int& exit_code) {
  CLI::App* command =
      app.add_subcommand("health", "Say whether the service on this machine takes work");
  command->footer(
      R"(For supervisors and containers: it asks /readyz of the address that the service with the same
settings listens on.

Exit codes: 0 ready, 1 not ready, or no answer, 2 a mistake in the settings.)");
  auto flags = std::make_shared<config_flags>(*command, setting_names);
  command->callback([flags, &exit_code] { exit_code = health(*flags); });
}

}  // namespace orbweaver
