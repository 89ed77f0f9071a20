#include "server/api/idempotency.hpp"

#include <algorithm>

namespace orbweaver {
namespace {

// An account's id has no blank.
std::string name_of(std::string_view account, std::string_view key) {
  return std::string(account) + ' ' + std::string(key);
}

}  // namespace

bool is_idempotency_key(std::string_view text) noexcept {
  return !text.empty() && text.size() <= max_idempotency_key &&
         std::ranges::all_of(text, [](char c) { return c >= '!' && c <= '~'; });
}

// What is being worked on stays: there are never more of those than connections.
void idempotency_table::make_room(wall_clock::time_point now) {
  const auto goes = [&](const entry& e) {
    return e.crawl && (entries_.size() >= most_ || now - e.made >= idempotency_period);
  };
  while (!entries_.empty() && goes(entries_.front())) {
    places_.erase(entries_.front().name);
    entries_.pop_front();
  }
}

idempotency_table::finding idempotency_table::begin(std::string_view account, std::string_view key,
                                                    std::string_view body_hash,
                                                    wall_clock::time_point now) {
  const std::scoped_lock lock(mutex_);
  std::string name = name_of(account, key);
  const auto known = places_.find(name);
  if (known != places_.end()) {
    const entry& e = *known->second;
    const bool stale = e.crawl && now - e.made >= idempotency_period;
    if (!stale && e.body_hash != body_hash) return {verdict::reused};
    if (!stale && !e.crawl) return {verdict::running};
    if (!stale) return {verdict::repeated, *e.crawl};
    entries_.erase(known->second);
    places_.erase(known);
  }
  make_room(now);
  const place at = entries_.insert(entries_.end(), {name, std::string(body_hash), now, {}});
  places_.emplace(std::move(name), at);
  return {verdict::fresh};
}

void idempotency_table::settle(std::string_view account, std::string_view key, crawl_id crawl) {
  const std::scoped_lock lock(mutex_);
  const auto known = places_.find(name_of(account, key));
  if (known != places_.end()) known->second->crawl = crawl;
}

void idempotency_table::forget(std::string_view account, std::string_view key,
                               std::optional<crawl_id> crawl) {
  const std::scoped_lock lock(mutex_);
  const auto known = places_.find(name_of(account, key));
  if (known == places_.end() || known->second->crawl != crawl) return;
  entries_.erase(known->second);
  places_.erase(known);
}

void idempotency_table::restore(std::string_view account, std::string_view key,
                                std::string_view body_hash, crawl_id crawl,
                                wall_clock::time_point made) {
  const std::scoped_lock lock(mutex_);
  std::string name = name_of(account, key);
  if (entries_.size() >= most_ || places_.contains(name)) return;
  const place at = entries_.insert(entries_.begin(), {name, std::string(body_hash), made, crawl});
  places_.emplace(std::move(name), at);
}

std::size_t idempotency_table::size() const {
  const std::scoped_lock lock(mutex_);
  return entries_.size();
}

}  // namespace orbweaver
