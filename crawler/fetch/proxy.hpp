#pragma once

#include <string>
#include <string_view>

#include "common/parsed.hpp"
#include "crawler/model.hpp"

namespace orbweaver {

// RFC 1929 section 2 counts both in one byte.
inline constexpr std::size_t max_proxy_credential_bytes = 255;

// `http://[user:password@]host[:port]` or `socks5://…`; the usual ports are 80 and 1080. Escapes
// in user name and password are decoded.
parsed<proxy_server> parse_proxy(std::string_view text);

// As it is written, with the password or without.
std::string to_string(const proxy_server& proxy, bool with_password);

}  // namespace orbweaver
