#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/config/settings.hpp"
#include "common/log_line.hpp"
#include "common/net/ip_network.hpp"
#include "common/parsed.hpp"

namespace orbweaver {

// What a setting's text means. Pure and strict: no blanks, nothing left over, no guess.

// A whole number from `least` to `most`.
parsed<std::uint64_t> parse_count(std::string_view text, std::uint64_t least, std::uint64_t most);

// "10485760", "10MiB", "64KiB", "1GiB", "10MB" (decimal), in any case; bytes.
parsed<std::uint64_t> parse_bytes(std::string_view text, std::uint64_t least, std::uint64_t most);

// "500ms", "30s", "2m", "1h", or seconds without a unit; at most three decimals ("0.25", "1.5m"),
// and a whole number of milliseconds.
parsed<std::chrono::milliseconds> parse_duration(std::string_view text,
                                                 std::chrono::milliseconds least,
                                                 std::chrono::milliseconds most);

// "127.0.0.1:8080", "[::1]:80", "localhost:80" (127.0.0.1). Port 0 lets the system choose.
parsed<asio::ip::tcp::endpoint> parse_listen_address(std::string_view text);

// "9.9.9.9", "127.0.0.1:5353", "2620:fe::fe", "[::1]:53"; port 53 unless given, never 0.
parsed<asio::ip::udp::endpoint> parse_name_server(std::string_view text);

parsed<log_level> parse_log_level(std::string_view text);
parsed<log_format> parse_log_format(std::string_view text);
parsed<store_kind> parse_store_kind(std::string_view text);
// The name of a directory: not empty.
// See webhook_secret_problem(); or nothing.
parsed<std::string> parse_webhook_secret(std::string_view text);
parsed<std::string> parse_directory(std::string_view text);

// An origin as browsers send it (HTML Living Standard, section 7.1.1): scheme, host and a port
// unless it is the scheme's own, in lower case, nothing behind: "https://app.example.com". No
// wildcard.
parsed<std::string> parse_web_origin(std::string_view text);

// The value of a User-Agent header (RFC 9110 section 10.1.5): it begins with a product, and holds
// printable ASCII only.
inline constexpr std::size_t max_user_agent = 256;  // bytes
parsed<std::string> parse_user_agent(std::string_view text);

// In words, as the parsers read them: "10MiB", "30s".
std::string bytes_text(std::uint64_t bytes);
std::string duration_text(std::chrono::milliseconds duration);

}  // namespace orbweaver
