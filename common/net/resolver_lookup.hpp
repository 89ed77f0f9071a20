#pragma once

#include <array>
#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "common/net/dns_cache.hpp"

namespace orbweaver {

enum class ip_family : std::uint8_t { v4, v6 };

// What asking for one type of record (A or AAAA) came to.
enum class reply_kind : std::uint8_t {
  addresses,
  no_such_name,  // NXDOMAIN
  no_address,    // the name exists without such records (NODATA, RFC 2308 section 2.2)
  failed,        // the server refused, failed or answered nonsense
  timed_out,
  out_of_resources,  // this machine could not ask
};

struct family_reply {
  reply_kind kind = reply_kind::failed;
  std::vector<asio::ip::address> addresses = {};
  std::chrono::seconds ttl{0};  // the shortest of the records and aliases that led to them
};

// One name's look-up: two questions, one answer. Pure; time is passed in.
class resolver_lookup {
 public:
  struct patience {
    clock::duration budget;        // for the whole look-up
    clock::duration other_family;  // for the second family once the first brought addresses
  };

  resolver_lookup(clock::time_point start, patience how_long);

  void take(ip_family family, family_reply reply, clock::time_point now);
  // Nothing more is worth waiting for.
  bool done(clock::time_point now) const noexcept;

  // All addresses, IPv6 first; else the reason that says most. Call when done.
  dns_answer answer() const;
  std::chrono::seconds ttl() const noexcept;

 private:
  bool has(reply_kind what) const noexcept;

  clock::time_point deadline_;
  clock::duration other_family_;
  std::array<std::optional<family_reply>, 2> replies_;
};

}  // namespace orbweaver
