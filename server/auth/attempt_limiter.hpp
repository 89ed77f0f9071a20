#pragma once

#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "common/async/task.hpp"

namespace orbweaver {

struct attempt_limits {
  double burst = 10;                      // wrong keys in a row
  std::chrono::milliseconds each{6'000};  // after which one more is allowed
  std::size_t clients = 10'000;  // remembered; beyond it the one longest unseen is forgotten
};

// How often a client may come with a wrong key: a token bucket for each address, of IPv6 for each
// /64, which is what one subscriber has. Time is passed in. From any thread.
class attempt_limiter {
 public:
  explicit attempt_limiter(attempt_limits limits = {}) : limits_(limits) {}

  // Counts a failure. nullopt: there is room for it; else when there will be.
  std::optional<clock::duration> failed(const asio::ip::address& client, clock::time_point now);

  std::size_t clients() const;

 private:
  using prefix = std::uint64_t;  // see prefix_of()
  struct bucket {
    prefix of;
    double tokens;
    clock::time_point at;
  };
  static prefix prefix_of(const asio::ip::address& client);
  bucket& bucket_of(prefix client, clock::time_point now);

  const attempt_limits limits_;
  mutable std::mutex mutex_;   // guards the rest
  std::list<bucket> buckets_;  // the last seen first
  std::unordered_map<prefix, std::list<bucket>::iterator> places_;
};

}  // namespace orbweaver
