#pragma once

#include <boost/asio/ip/address.hpp>

#include "server/auth/attempt_limiter.hpp"

namespace orbweaver {

// Lines of the log on refused requests, of one client: of IPv6, of one /64.
inline constexpr attempt_limits refusal_lines{.burst = 10, .each = std::chrono::seconds(6)};
// And of all: some 150,000 a day at most, whoever asks.
inline constexpr attempt_limits all_refusal_lines{
    .burst = 100, .each = std::chrono::milliseconds(600), .clients = 1};

// Whether a refusal is worth a line: nobody shall fill a disk by asking for what is not for him.
// Time is passed in. From any thread.
class refusal_log {
 public:
  bool has_room(const asio::ip::address& client, clock::time_point now) {
    return !of_each_.failed(client, now) && !of_all_.failed(asio::ip::address(), now);
  }

 private:
  attempt_limiter of_each_{refusal_lines};
  attempt_limiter of_all_{all_refusal_lines};
};

}  // namespace orbweaver
