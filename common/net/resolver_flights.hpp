#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace orbweaver {

// Who waits for which name, and which names are being looked up: one look-up per name however
// many wait for it, a bounded number of look-ups at once, and a bounded queue behind them. Pure
// bookkeeping; not for several threads.
class resolver_flights {
 public:
  using waiter = std::uint64_t;
  struct limits {
    std::size_t in_flight = 1'000;  // names looked up at once
    std::size_t names = 100'000;    // names looked up or queued
    // Names started before one of them has ended, or refill() was called: more questions at one
    // moment than a socket's buffer holds are lost, and cost a second each.
    std::size_t burst = 100;
  };

  explicit resolver_flights(limits most) : most_(most), startable_(most.burst) {}

  // False when no further name may be queued; the waiter is then not remembered.
  bool join(std::string_view name, waiter who);
  // The waiter no longer waits. A queued name that nobody waits for is never looked up.
  void leave(std::string_view name, waiter who);
  // The next name to look up now, or nullopt while none may be started.
  std::optional<std::string> start_next();
  // Those who wait for `name`, if it is being looked up; else nobody.
  std::span<const waiter> waiting(std::string_view name) const;
  // The look-up of `name` has ended: those who waited for it.
  std::vector<waiter> finish(std::string_view name);
  // Some time has passed: another burst may start, whatever became of the last.
  void refill() noexcept { startable_ = most_.burst; }

  std::size_t in_flight() const noexcept { return in_flight_; }
  std::size_t queued() const noexcept { return queue_.size(); }

 private:
  struct flight {
    std::vector<waiter> waiters;
    bool started = false;
  };

  limits most_;
  std::unordered_map<std::string, flight> by_name_;
  std::deque<std::string> queue_;
  std::size_t in_flight_ = 0;
  std::size_t startable_;
};

}  // namespace orbweaver
