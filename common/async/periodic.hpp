#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "common/async/task.hpp"
#include "common/async/task_scope.hpp"

namespace orbweaver {

// Does something again and again, with a pause before each turn, on a strand of its own.
class periodic {
 public:
  // Told how late the turn is. An exception that leaves it is a bug: no turn follows, and it is
  // logged.
  using turn = std::function<task<>(clock::duration late)>;

  periodic(asio::io_context& context, clock::duration pause, std::string name);
  periodic(const periodic&) = delete;
  periodic& operator=(const periodic&) = delete;

  // Once. The first turn comes at once, or after a pause.
  enum class first : std::uint8_t { at_once, after_pause };
  void start(turn what, first when = first::after_pause);
  // Once, started or not. Comes back when no turn is under way any more.
  task<> stop();

  const strand& executor() const noexcept { return strand_; }
  // For turns that take long. From any thread.
  bool is_stopping() const noexcept { return stopping_.load(std::memory_order_relaxed); }

 private:
  task<> run(first when);

  strand strand_;
  timer next_;
  const clock::duration pause_;
  const std::string name_;
  turn turn_;
  std::atomic<bool> stopping_{false};
  task_scope scope_;
};

}  // namespace orbweaver
