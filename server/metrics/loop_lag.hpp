#pragma once

#include "common/async/task_scope.hpp"
#include "crawler/statistics/latency_histogram.hpp"

namespace orbweaver {

// How much later than asked for a timer of the event loop fires: how long whatever is ready has to
// wait for a thread.
class loop_lag {
 public:
  static constexpr std::chrono::milliseconds interval{250};  // between two looks

  explicit loop_lag(asio::io_context& context);
  loop_lag(const loop_lag&) = delete;
  loop_lag& operator=(const loop_lag&) = delete;

  void start();
  // Once; comes back when it looks no more.
  task<> stop();
  // From any strand.
  task<latency_histogram> histogram();

 private:
  task<> watch();

  strand strand_;
  timer next_;
  latency_histogram seen_;  // on strand_
  bool stopping_ = false;
  task_scope scope_;
};

}  // namespace orbweaver
