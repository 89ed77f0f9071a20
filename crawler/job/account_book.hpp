#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "crawler/job/account_quota.hpp"
#include "crawler/model.hpp"
#include "crawler/service_error.hpp"

namespace orbweaver {

// What has been used on an account.
struct account_usage {
  std::int64_t day = 0;  // since 1970-01-01, UTC
  std::uint64_t pages = 0;
  std::uint64_t bytes = 0;
  bool operator==(const account_usage&) const = default;
};

std::int64_t day_of(wall_clock::time_point time);
// From now to the next day, whole seconds, at least one.
std::chrono::seconds rest_of_day(wall_clock::time_point now);

// What accounts may use and have used. Time is passed in. From any thread.
class account_book {
 public:
  using quotas = std::map<std::string, account_quota, std::less<>>;
  using usages = std::map<std::string, account_usage, std::less<>>;

  // Of all accounts; one that is not among them is unlimited, and what it used is forgotten.
  void set_quotas(quotas all);
  void set_quota(const std::string& account, const account_quota& quota);

  // Books; true: that has used up the day's pages or bytes.
  bool spend(const std::string& account, std::uint64_t pages, std::uint64_t bytes,
             wall_clock::time_point now);
  // Why it may not go on; `one_more`: beside so many unfinished crawls. nullopt: it may.
  std::optional<service_error> refusal(const std::string& account, std::uint64_t unfinished,
                                       bool one_more, wall_clock::time_point now) const;

  // What was used today, for the next start.
  usages used(wall_clock::time_point now) const;
  void restore(usages used);

 private:
  mutable std::mutex mutex_;  // guards the rest
  quotas quotas_;
  usages used_;  // of accounts with a quota a day
};

}  // namespace orbweaver
