#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "common/async/task.hpp"

namespace orbweaver {

class deadline_service;

namespace detail {
struct deadline_entry;
}

// An absolute limit on whatever its owner is doing. Arming it is one atomic store, so it can be
// moved before every step of an exchange; Asio's own per-operation timers cost more than a
// microsecond each. Expires up to deadline_service::resolution late, never early.
//
// Used only on its strand; made and destroyed there too, or while it is clear and no step runs.
class deadline {
 public:
  // `on_expiry` runs on `where`, once per arming: close or cancel there what should end.
  deadline(deadline_service& service, strand where, std::function<void()> on_expiry);
  ~deadline();
  deadline(const deadline&) = delete;
  deadline& operator=(const deadline&) = delete;

  void expires_at(clock::time_point when) noexcept;
  void expires_after(clock::duration time) noexcept { expires_at(clock::now() + time); }
  void clear() noexcept;
  // Whether it has expired since it was last armed.
  bool expired() const noexcept;

 private:
  deadline_service& service_;
  std::shared_ptr<detail::deadline_entry> entry_;
};

// Looks over all deadlines of the process several times a second.
class deadline_service {
 public:
  static constexpr std::chrono::milliseconds resolution{100};

  explicit deadline_service(asio::io_context& context);
  ~deadline_service();
  deadline_service(const deadline_service&) = delete;
  deadline_service& operator=(const deadline_service&) = delete;

  // Ends its waiting, so that the io_context can run out of work. Nothing expires afterwards.
  void stop();

 private:
  friend class deadline;
  void add(std::shared_ptr<detail::deadline_entry> entry);
  void remove(const std::shared_ptr<detail::deadline_entry>& entry) noexcept;
  void wait();
  void scan(clock::time_point now);

  strand strand_;
  timer timer_;
  bool stopped_ = false;  // on strand_
  std::mutex mutex_;      // guards entries_, held for one pass over it at most
  std::vector<std::shared_ptr<detail::deadline_entry>> entries_;
};

}  // namespace orbweaver
