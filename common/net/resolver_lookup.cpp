#include "common/net/resolver_lookup.hpp"

#include <algorithm>

namespace orbweaver {

resolver_lookup::resolver_lookup(clock::time_point start, patience how_long)
    : deadline_(start + how_long.budget), other_family_(how_long.other_family) {}

void resolver_lookup::take(ip_family family, family_reply reply, clock::time_point now) {
  if (reply.kind == reply_kind::addresses) deadline_ = std::min(deadline_, now + other_family_);
  replies_[static_cast<std::size_t>(family)] = std::move(reply);
}

bool resolver_lookup::done(clock::time_point now) const noexcept {
  // NXDOMAIN to one question should end both (RFC 8020 section 2), but some servers deny AAAA that
  // way for names that have A (RFC 4074 section 4.2).
  return now >= deadline_ || (replies_[0] && replies_[1]);
}

bool resolver_lookup::has(reply_kind what) const noexcept {
  return std::any_of(replies_.begin(), replies_.end(),
                     [&](const auto& r) { return r && r->kind == what; });
}

dns_answer resolver_lookup::answer() const {
  std::vector<asio::ip::address> all;
  for (const ip_family f : {ip_family::v6, ip_family::v4}) {
    const auto& reply = replies_[static_cast<std::size_t>(f)];
    if (!reply) continue;
    all.insert(all.end(), reply->addresses.begin(), reply->addresses.end());
  }
  if (!all.empty()) return std::make_shared<const std::vector<asio::ip::address>>(std::move(all));
  if (has(reply_kind::out_of_resources)) return make_error_code(outcome::out_of_resources);
  if (has(reply_kind::no_such_name)) return make_error_code(outcome::dns_nxdomain);
  const bool both = replies_[0] && replies_[1];
  if (!both || has(reply_kind::timed_out)) return make_error_code(outcome::dns_timeout);
  if (has(reply_kind::failed)) return make_error_code(outcome::dns_failed);
  // The name exists, but not as a host: as final as its absence.
  return make_error_code(outcome::dns_nxdomain);
}

std::chrono::seconds resolver_lookup::ttl() const noexcept {
  std::chrono::seconds shortest = max_dns_lifetime;
  for (const auto& r : replies_) {
    if (r && r->kind == reply_kind::addresses) shortest = std::min(shortest, r->ttl);
  }
  return shortest;
}

}  // namespace orbweaver
