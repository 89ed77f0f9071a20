#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/parsed.hpp"

namespace orbweaver {

// Where a service's API is, as --server names it.
struct service_address {
  bool tls = false;
  bool verified = true;  // whether its certificate must be trusted and name the host
  std::string host;      // a name or an address, IPv6 without brackets
  std::uint16_t port = 0;
  std::string authority;  // as a Host field says it (RFC 9110 section 7.2)
  std::string base;       // what stands before /v1 in every path: "" or "/prefix"
};

// An absolute URL of http or https, perhaps with a path, as behind a reverse proxy; nothing else.
parsed<service_address> parse_service_address(std::string_view text);

// "https://example.com/prefix": for messages.
std::string to_string(const service_address& address);

}  // namespace orbweaver
