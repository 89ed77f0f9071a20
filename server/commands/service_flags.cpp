#include "server/commands/service_flags.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "common/config/options.hpp"
#include "common/net/tls.hpp"

namespace orbweaver {
namespace {

// What can stand in a header field without ending it.
bool is_key(std::string_view text) {
  return text.size() <= max_key_bytes &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

service_flags::service_flags(CLI::App& command) {
  const auto add = [&](const char* flag, std::string& to, std::string_view variable,
                       const char* placeholder, const char* help) {
    return command.add_option(flag, to, help)
        ->envname(std::string(variable))
        ->type_name(placeholder)
        ->group("Service");
  };
  add("--server", server_, server_variable, "URL", "The service to talk to")->capture_default_str();
  add("--key", key_, key_variable, "KEY",
      "The API key to show to it; other users of this machine can see a command's flags, but not "
      "its environment");
  add("--ca-file", ca_file_, environment_name("ca-file"), "FILE",
      "Certificate authorities, in PEM, to trust beside the system's");
}

std::variant<service_flags::found, std::vector<std::string>> service_flags::read() const {
  std::vector<std::string> mistakes;
  found out{{}, key_, ca_file_};
  if (auto address = parse_service_address(server_)) {
    out.address = std::move(*address);
  } else {
    mistakes.push_back("--server " + address.error().why());
  }
  if (!is_key(key_)) mistakes.emplace_back("--key must be a word of visible ASCII characters");
  if (!ca_file_.empty() && !has_certificates(ca_file_))
    mistakes.push_back("--ca-file: no certificates can be read from " + ca_file_);
  if (!mistakes.empty()) return mistakes;
  return out;
}

}  // namespace orbweaver
