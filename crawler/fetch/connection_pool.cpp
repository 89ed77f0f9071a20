#include "crawler/fetch/connection_pool.hpp"

#include <algorithm>

#include "crawler/fetch/connection.hpp"

namespace orbweaver {

connection_pool::connection_pool(std::size_t max_open) : max_open_(max_open) {}
connection_pool::~connection_pool() = default;

std::shared_ptr<connection> connection_pool::take(const connection_place& where) {
  const auto at = hosts_.find(where.host);
  if (at == hosts_.end()) return nullptr;
  const auto& idle = at->second.idle;
  const auto last = std::find_if(idle.rbegin(), idle.rend(),
                                 [&](idle_list::iterator it) { return it->where == where; });
  return last == idle.rend() ? nullptr : remove(*last);
}

std::vector<std::shared_ptr<connection>> connection_pool::trim(std::string_view host,
                                                               std::size_t most) {
  std::vector<std::shared_ptr<connection>> surplus;
  const auto at = hosts_.find(std::string(host));
  if (at == hosts_.end()) return surplus;
  host_entry& entry = at->second;
  while (entry.open > most && !entry.idle.empty()) {
    const bool last = entry.open == 1;
    surplus.push_back(remove(entry.idle.front()));
    forget_open(host);
    if (last) break;  // the host's entry is gone with it
  }
  return surplus;
}

std::vector<std::shared_ptr<connection>> connection_pool::open(const connection_place& where,
                                                               std::size_t per_host) {
  auto surplus = trim(where.host, per_host - 1);
  if (open_ >= max_open_ && !idle_.empty()) {
    const std::string host = idle_.front().where.host;
    surplus.push_back(remove(idle_.begin()));
    forget_open(host);
  }
  ++hosts_[where.host].open;
  ++open_;
  return surplus;
}

void connection_pool::put(connection_place where, std::shared_ptr<connection> idle,
                          clock::time_point now) {
  const auto it = idle_.insert(idle_.end(), {std::move(where), std::move(idle), now});
  hosts_[it->where.host].idle.push_back(it);
}

void connection_pool::closed(std::string_view host) { forget_open(host); }

std::vector<std::shared_ptr<connection>> connection_pool::expire(clock::time_point limit) {
  std::vector<std::shared_ptr<connection>> out;
  while (!idle_.empty() && idle_.front().since < limit) {
    const std::string host = idle_.front().where.host;
    out.push_back(remove(idle_.begin()));
    forget_open(host);
  }
  return out;
}

std::shared_ptr<connection> connection_pool::remove(idle_list::iterator it) {
  std::erase(hosts_.find(it->where.host)->second.idle, it);
  auto held = std::move(it->held);
  idle_.erase(it);
  return held;
}

void connection_pool::forget_open(std::string_view host) {
  const auto at = hosts_.find(std::string(host));
  --open_;
  if (--at->second.open == 0) hosts_.erase(at);
}

}  // namespace orbweaver
