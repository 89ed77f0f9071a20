#include "common/async/task_scope.hpp"

#include <boost/asio/co_spawn.hpp>

#include "common/log.hpp"

namespace orbweaver {

task_scope::task_scope(strand own) : own_(own), emptied_(own, clock::time_point::max()) {}

void task_scope::spawn(strand where, task<> child, std::string name) {
  size_.fetch_add(1, std::memory_order_relaxed);
  asio::co_spawn(where, std::move(child),
                 asio::bind_executor(own_, [this, name = std::move(name)](std::exception_ptr e) {
                   ended(std::move(e), name);
                 }));
}

void task_scope::ended(std::exception_ptr failure, const std::string& name) {
  if (failure) {
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& e) {
      log_error("a task ended with an exception", {{"task", name}, {"what", e.what()}});
    }
  }
  if (size_.fetch_sub(1, std::memory_order_acq_rel) == 1) emptied_.cancel();
}

task<> task_scope::join() {
  co_await asio::dispatch(asio::bind_executor(own_, use_task));
  while (size() != 0) co_await emptied_.async_wait(asio::bind_executor(own_, as_ec));
  co_await asio::post(use_task);
}

}  // namespace orbweaver
