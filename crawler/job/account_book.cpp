#include "crawler/job/account_book.hpp"

namespace orbweaver {
namespace {

bool reached(std::uint64_t used, const std::optional<std::uint64_t>& most) {
  return most && used >= *most;
}

}  // namespace

std::int64_t day_of(wall_clock::time_point time) {
  return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
}

std::chrono::seconds rest_of_day(wall_clock::time_point now) {
  const auto next = std::chrono::floor<std::chrono::days>(now) + std::chrono::days(1);
  return std::chrono::ceil<std::chrono::seconds>(next - now);
}

void account_book::set_quotas(quotas all) {
  const std::scoped_lock lock(mutex_);
  quotas_ = std::move(all);
  std::erase_if(used_, [&](const auto& entry) { return !quotas_.contains(entry.first); });
}

void account_book::set_quota(const std::string& account, const account_quota& quota) {
  const std::scoped_lock lock(mutex_);
  quotas_.insert_or_assign(account, quota);
}

bool account_book::spend(const std::string& account, std::uint64_t pages, std::uint64_t bytes,
                         wall_clock::time_point now) {
  const std::scoped_lock lock(mutex_);
  const auto quota = quotas_.find(account);
  if (quota == quotas_.end() || (!quota->second.max_pages && !quota->second.max_bytes))
    return false;
  account_usage& used = used_[account];
  // A clock that is set back begins no day anew.
  if (const auto today = day_of(now); today > used.day) used = {today, 0, 0};
  used.pages += pages;
  used.bytes += bytes;
  return reached(used.pages, quota->second.max_pages) ||
         reached(used.bytes, quota->second.max_bytes);
}

std::optional<service_error> account_book::refusal(const std::string& account,
                                                   std::uint64_t unfinished, bool one_more,
                                                   wall_clock::time_point now) const {
  const std::scoped_lock lock(mutex_);
  const auto quota = quotas_.find(account);
  if (quota == quotas_.end()) return std::nullopt;
  if (one_more && reached(unfinished, quota->second.max_crawls))
    return service_error::account_crawls;
  const auto used = used_.find(account);
  if (used == used_.end() || used->second.day < day_of(now)) return std::nullopt;
  if (reached(used->second.pages, quota->second.max_pages)) return service_error::account_pages;
  if (reached(used->second.bytes, quota->second.max_bytes)) return service_error::account_bytes;
  return std::nullopt;
}

account_book::usages account_book::used(wall_clock::time_point now) const {
  const std::scoped_lock lock(mutex_);
  usages out = used_;
  std::erase_if(out, [&](const auto& entry) { return entry.second.day < day_of(now); });
  return out;
}

void account_book::restore(usages used) {
  const std::scoped_lock lock(mutex_);
  used_ = std::move(used);
}

}  // namespace orbweaver
