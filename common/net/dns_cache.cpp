#include "common/net/dns_cache.hpp"

#include <algorithm>

namespace orbweaver {

std::chrono::seconds dns_lifetime(const dns_answer& answer, std::chrono::seconds ttl) noexcept {
  if (answer) return std::clamp(ttl, min_dns_lifetime, max_dns_lifetime);
  return to_outcome(answer.error()) == outcome::dns_nxdomain ? nxdomain_lifetime : failure_lifetime;
}

dns_cache::dns_cache(std::size_t capacity) : capacity_(std::max<std::size_t>(capacity, 1)) {}

const dns_answer* dns_cache::find(std::string_view name, clock::time_point now) {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return nullptr;
  const auto at = found->second;
  if (at->expires <= now) {
    erase(at);
    return nullptr;
  }
  recent_first_.splice(recent_first_.begin(), recent_first_, at);
  return &at->answer;
}

void dns_cache::put(std::string_view name, dns_answer answer, std::chrono::seconds ttl,
                    clock::time_point now) {
  if (const auto old = by_name_.find(name); old != by_name_.end()) erase(old->second);
  if (by_name_.size() >= capacity_) erase(std::prev(recent_first_.end()));
  const auto expires = now + dns_lifetime(answer, ttl);
  recent_first_.push_front({std::string(name), std::move(answer), expires});
  by_name_.emplace(recent_first_.front().name, recent_first_.begin());
}

void dns_cache::erase(entries::iterator at) {
  by_name_.erase(at->name);
  recent_first_.erase(at);
}

}  // namespace orbweaver
