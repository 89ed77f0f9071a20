#include "server/auth/attempt_limiter.hpp"

#include <algorithm>

namespace orbweaver {

// The first half of an IPv6 address; an IPv4 address stands in ::/64, where no client is, whether
// it came mapped (RFC 4291 section 2.5.5.2) or not.
attempt_limiter::prefix attempt_limiter::prefix_of(const asio::ip::address& client) {
  if (client.is_v4()) return client.to_v4().to_uint();
  const auto v6 = client.to_v6();
  if (v6.is_v4_mapped()) return asio::ip::make_address_v4(asio::ip::v4_mapped, v6).to_uint();
  prefix out = 0;
  const auto bytes = v6.to_bytes();
  for (std::size_t i = 0; i < 8; ++i) out = out << 8 | bytes[i];
  return out;
}

attempt_limiter::bucket& attempt_limiter::bucket_of(prefix client, clock::time_point now) {
  const auto known = places_.find(client);
  if (known != places_.end()) {
    buckets_.splice(buckets_.begin(), buckets_, known->second);
    return buckets_.front();
  }
  if (buckets_.size() >= limits_.clients) {
    places_.erase(buckets_.back().of);
    buckets_.pop_back();
  }
  buckets_.push_front({client, limits_.burst, now});
  places_.emplace(client, buckets_.begin());
  return buckets_.front();
}

std::optional<clock::duration> attempt_limiter::failed(const asio::ip::address& client,
                                                       clock::time_point now) {
  const std::scoped_lock lock(mutex_);
  bucket& b = bucket_of(prefix_of(client), now);
  const std::chrono::duration<double> each = limits_.each;
  const std::chrono::duration<double> passed = std::max(now - b.at, clock::duration::zero());
  b.tokens = std::min(limits_.burst, b.tokens + passed / each);
  b.at = now;
  if (b.tokens >= 1) {
    b.tokens -= 1;
    return std::nullopt;
  }
  return std::chrono::duration_cast<clock::duration>((1 - b.tokens) * each);
}

std::size_t attempt_limiter::clients() const {
  const std::scoped_lock lock(mutex_);
  return buckets_.size();
}

}  // namespace orbweaver
