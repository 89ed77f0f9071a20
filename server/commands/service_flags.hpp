#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "server/commands/service_client.hpp"

namespace CLI {
class App;
}

namespace orbweaver {

inline constexpr std::string_view server_variable = "ORBWEAVER_SERVER";
inline constexpr std::string_view key_variable = "ORBWEAVER_KEY";
inline constexpr std::string_view default_server = "http://127.0.0.1:8080";

// Longer keys are refused; in bytes.
inline constexpr std::size_t max_key_bytes = 1024;

// The flags by which a command finds a service: --server, --key, --ca-file, or the environment.
class service_flags {
 public:
  // Adds them to `command`, whose parsing this must outlive.
  explicit service_flags(CLI::App& command);
  service_flags(const service_flags&) = delete;
  service_flags& operator=(const service_flags&) = delete;

  struct found {
    service_address address;
    std::string key;
    std::string ca_file;
  };
  // Or one line for each mistake.
  std::variant<found, std::vector<std::string>> read() const;

 private:
  std::string server_{default_server};
  std::string key_;
  std::string ca_file_;
};

}  // namespace orbweaver
