// On whose account crawls run, and what that allows.
#include <algorithm>

#include "crawler/engine_impl.hpp"
#include "crawler/job/account_book.hpp"

namespace orbweaver {

std::optional<service_error> engine::impl::over_quota(const std::string& account,
                                                      bool one_more) const {
  if (!settings_.accounts || account.empty()) return std::nullopt;
  const auto counts = [&](const auto& entry) {
    return entry.second->listed && entry.second->client.account == account;
  };
  const auto unfinished = one_more ? std::ranges::count_if(running_, counts) : 0;
  return settings_.accounts->refusal(account, static_cast<std::uint64_t>(unfinished), one_more,
                                     wall_clock::now());
}

void engine::impl::charge(const job& j, std::uint64_t pages, std::uint64_t bytes) {
  const std::string account = j.client.account;
  if (!settings_.accounts || account.empty() || pages + bytes == 0) return;
  if (settings_.accounts->spend(account, pages, bytes, wall_clock::now()))
    overdrawn_.insert(account);
}

// Pauses the crawls of accounts that have used up their day; they can be resumed on another one.
// Not while one of them is in the middle of a step.
void engine::impl::hold_overdrawn() {
  if (overdrawn_.empty()) return;
  const auto over = std::exchange(overdrawn_, {});
  std::vector<job*> held;
  for (const auto& [key, j] : running_)
    if (j->listed && j->state() == crawl_state::running && over.contains(j->client.account))
      held.push_back(j);
  for (job* j : held) {
    frontier_.pause(j->key);
    j->set_state(crawl_state::pausing);
    j->warn("It was paused when the day's quota of its API key was used up.");
    finish_if_done(*j);
    save_if_changed(*j);
  }
}

}  // namespace orbweaver
