#pragma once

#include <array>
#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/parsed.hpp"

namespace orbweaver {

namespace asio = boost::asio;

// The longest address a person can write: eight groups with an embedded IPv4, and "/128".
inline constexpr std::size_t max_network_text = 64;  // bytes

// A block of addresses of one family in CIDR notation (RFC 4632 section 3.1, RFC 4291 section 2.3).
class ip_network {
 public:
  // "127.0.0.0/8", "::1/128"; an address alone means itself. Strict: no zone, no leading zeros, no
  // bits set beyond the prefix. A block of IPv4-mapped addresses becomes the IPv4 block it maps.
  static parsed<ip_network> parse(std::string_view text);

  // False for addresses of the other family. An IPv4-mapped address counts as its IPv4 address.
  bool contains(const asio::ip::address& address) const noexcept;
  int prefix_length() const noexcept { return prefix_; }
  std::string to_string() const;

  bool operator==(const ip_network&) const = default;

 private:
  ip_network(const asio::ip::address& first, int prefix) noexcept;

  std::array<std::uint8_t, 16> first_{};  // IPv4 uses the first four bytes
  int prefix_ = 0;                        // 0 to 32 or 0 to 128
  bool v6_ = false;
};

// Reads an address as strictly as ip_network::parse does; a zone id is an error.
parsed<asio::ip::address> parse_ip_address(std::string_view text);

// The IPv4 address inside an IPv4-mapped one (RFC 4291 section 2.5.5.2), else the address itself.
asio::ip::address unmapped(const asio::ip::address& address) noexcept;

}  // namespace orbweaver
