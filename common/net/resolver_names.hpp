#pragma once

#include <boost/asio/ip/address.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace orbweaver {

namespace asio = boost::asio;

inline constexpr std::size_t max_dns_name = 253;  // characters as written, RFC 1035 section 2.3.4
inline constexpr std::size_t max_dns_label = 63;  // bytes, ditto

// What a URL's host means to the resolver.
struct dns_name {
  std::string text;  // lower case, without the root's dot
};
struct never_exists {};  // no name server can or should be asked
struct this_machine {
  std::string text;  // "localhost" or a name below it
};
using host_meaning = std::variant<asio::ip::address, this_machine, dns_name, never_exists>;

// Takes any bytes. Brackets around an IPv6 address are accepted, as URLs write them. Names that
// end in a number are addresses misspelt and never names (WHATWG URL section 3.5, "ends in a
// number"); .onion (RFC 7686) and .invalid (RFC 6761) never reach DNS; localhost stays on the
// machine (RFC 6761 section 6.3).
host_meaning read_host(std::string_view host);

// Addresses by lower-case name: what hosts(5) lists, in the file's order. Lines and addresses that
// make no sense are passed over, as the system's resolver does.
using hosts_table = std::unordered_map<std::string, std::vector<asio::ip::address>>;
hosts_table parse_hosts(std::string_view text);

inline constexpr std::size_t max_addresses_per_host = 64;  // further ones are passed over
inline constexpr std::size_t max_hosts_file = 8 << 20;     // bytes; what lies beyond is not read
// Empty when the file cannot be read.
hosts_table load_hosts(const std::string& path);

}  // namespace orbweaver
