#pragma once

#include <atomic>
#include <cstddef>
#include <string>

#include "common/async/task.hpp"

namespace orbweaver {

// Owns the coroutines spawned into it: no child outlives join(). Its owner keeps it as the last
// member, so that children never see a half-destroyed owner.
class task_scope {
 public:
  // `own` serialises the bookkeeping; children run on strands of their own.
  explicit task_scope(strand own);
  // The scope must be joined, or the io_context stopped, before.
  ~task_scope() = default;
  task_scope(const task_scope&) = delete;
  task_scope& operator=(const task_scope&) = delete;

  // From any strand. An exception that leaves `child` is a bug: it is logged under `name`.
  void spawn(strand where, task<> child, std::string name);

  // Comes back when no child is left. To stop them is their owner's business.
  task<> join();

  std::size_t size() const noexcept { return size_.load(std::memory_order_relaxed); }

 private:
  void ended(std::exception_ptr failure, const std::string& name);

  strand own_;
  timer emptied_;  // never expires: cancelling it wakes join()
  std::atomic<std::size_t> size_{0};
};

}  // namespace orbweaver
