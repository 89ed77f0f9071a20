#include "common/net/resolver_flights.hpp"

#include <algorithm>

namespace orbweaver {

bool resolver_flights::join(std::string_view name, waiter who) {
  std::string key(name);
  const auto found = by_name_.find(key);
  if (found != by_name_.end()) {
    found->second.waiters.push_back(who);
    return true;
  }
  if (by_name_.size() >= most_.names) return false;
  queue_.push_back(key);
  by_name_[std::move(key)].waiters.push_back(who);
  return true;
}

void resolver_flights::leave(std::string_view name, waiter who) {
  const auto found = by_name_.find(std::string(name));
  if (found != by_name_.end()) std::erase(found->second.waiters, who);
}

std::optional<std::string> resolver_flights::start_next() {
  while (startable_ > 0 && in_flight_ < most_.in_flight && !queue_.empty()) {
    std::string name = std::move(queue_.front());
    queue_.pop_front();
    const auto found = by_name_.find(name);
    if (found->second.waiters.empty()) {
      by_name_.erase(found);
      continue;
    }
    found->second.started = true;
    ++in_flight_;
    --startable_;
    return name;
  }
  return std::nullopt;
}

std::span<const resolver_flights::waiter> resolver_flights::waiting(std::string_view name) const {
  const auto found = by_name_.find(std::string(name));
  if (found == by_name_.end() || !found->second.started) return {};
  return found->second.waiters;
}

std::vector<resolver_flights::waiter> resolver_flights::finish(std::string_view name) {
  const auto found = by_name_.find(std::string(name));
  if (found == by_name_.end() || !found->second.started) return {};
  std::vector<waiter> waiters = std::move(found->second.waiters);
  by_name_.erase(found);
  --in_flight_;
  startable_ = std::min(startable_ + 1, most_.burst);
  return waiters;
}

}  // namespace orbweaver
