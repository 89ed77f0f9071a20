#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/error.hpp"
#include "common/net/ip_network.hpp"

namespace orbweaver {

// Which addresses may be dialled: globally routable ones, and those the operator lists. It guards
// every path alike (seed, redirect, robots, sitemap, proxy), always against the address about to
// be dialled and never against a name. Immutable, so it may be asked from any thread.
//
// An address that carries an IPv4 address for a gateway to unpack (mapped, compatible, NAT64,
// 6to4, Teredo) is judged by what it carries.
class address_policy {
 public:
  explicit address_policy(std::vector<ip_network> allowed = {});

  bool allows(const asio::ip::address& address) const noexcept;
  // One sentence for people; empty when the address is allowed.
  std::string why_not(const asio::ip::address& address) const;

  // For the answers of one name: one refused address refuses them all (outcome::blocked_address),
  // for a name that mixes public and private addresses is being used to reach inside.
  result<> check_all(std::span<const asio::ip::address> addresses) const;
  // The first refused address of them.
  std::optional<asio::ip::address> first_refused(
      std::span<const asio::ip::address> addresses) const noexcept;

 private:
  bool listed(const asio::ip::address& address) const noexcept;

  std::vector<ip_network> allowed_;
};

// What an address block is for. The most specific row that contains an address decides.
struct special_block {
  enum class rule : std::uint8_t {
    global,              // may be dialled: an exception inside a larger special block
    refused,             // not globally reachable
    v4_in_last_32_bits,  // judged by the IPv4 address it carries
    v4_after_16_bits,
    teredo,  // the server's address after 32 bits, the client's inverted in the last 32
  };
  std::string_view network;
  rule verdict;
  std::string_view purpose;
  std::string_view source;  // RFC, or who documents it
};

// IANA's special-purpose address registries of IPv4 and IPv6, and addresses where cloud providers
// serve credentials to their machines.
std::span<const special_block> special_blocks() noexcept;

}  // namespace orbweaver
