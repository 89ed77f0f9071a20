#include "common/async/deadline.hpp"

#include <limits>

namespace orbweaver {
namespace detail {

constexpr clock::rep never = std::numeric_limits<clock::rep>::max();

struct deadline_entry {
  deadline_entry(strand w, std::function<void()> f)
      : where(std::move(w)), on_expiry(std::move(f)) {}

  std::atomic<clock::rep> at{never};
  std::atomic<bool> posted{false};  // a check is on its way to `where`
  strand where;
  std::function<void()> on_expiry;  // touched on `where` only
  bool fired = false;               // likewise
  std::size_t index = 0;            // in the service's list, guarded by its mutex
};

// The owner may have moved on since the scan: only what is due now, on its own strand, fires.
static void fire_if_due(deadline_entry& entry) {
  entry.posted.store(false, std::memory_order_relaxed);
  const auto at = entry.at.load(std::memory_order_relaxed);
  if (at == never || clock::now().time_since_epoch().count() < at) return;
  entry.at.store(never, std::memory_order_relaxed);
  entry.fired = true;
  entry.on_expiry();
}

}  // namespace detail

using detail::deadline_entry;

deadline::deadline(deadline_service& service, strand where, std::function<void()> on_expiry)
    : service_(service),
      entry_(std::make_shared<deadline_entry>(std::move(where), std::move(on_expiry))) {
  service_.add(entry_);
}

deadline::~deadline() {
  clear();
  service_.remove(entry_);
}

void deadline::expires_at(clock::time_point when) noexcept {
  entry_->fired = false;
  entry_->at.store(when.time_since_epoch().count(), std::memory_order_relaxed);
}

void deadline::clear() noexcept { entry_->at.store(detail::never, std::memory_order_relaxed); }

bool deadline::expired() const noexcept { return entry_->fired; }

deadline_service::deadline_service(asio::io_context& context)
    : strand_(asio::make_strand(context)), timer_(strand_) {
  asio::post(strand_, [this] { wait(); });
}

deadline_service::~deadline_service() = default;

void deadline_service::stop() {
  asio::post(strand_, [this] {
    stopped_ = true;
    timer_.cancel();
  });
}

void deadline_service::wait() {
  if (stopped_) return;
  timer_.expires_after(resolution);
  timer_.async_wait([this](error_code ec) {
    if (ec || stopped_) return;
    scan(clock::now());
    wait();
  });
}

void deadline_service::scan(clock::time_point now) {
  const auto due = now.time_since_epoch().count();
  const std::scoped_lock lock(mutex_);
  for (const auto& entry : entries_) {
    if (entry->at.load(std::memory_order_relaxed) > due) continue;
    if (entry->posted.exchange(true, std::memory_order_relaxed)) continue;
    asio::post(entry->where, [entry] { detail::fire_if_due(*entry); });
  }
}

void deadline_service::add(std::shared_ptr<deadline_entry> entry) {
  const std::scoped_lock lock(mutex_);
  entry->index = entries_.size();
  entries_.push_back(std::move(entry));
}

void deadline_service::remove(const std::shared_ptr<deadline_entry>& entry) noexcept {
  const std::scoped_lock lock(mutex_);
  entries_.back()->index = entry->index;
  std::swap(entries_[entry->index], entries_.back());
  entries_.pop_back();
}

}  // namespace orbweaver
