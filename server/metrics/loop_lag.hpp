#pragma once

#include "common/async/periodic.hpp"
#include "crawler/statistics/latency_histogram.hpp"

namespace orbweaver {

// How much later than asked for a timer of the event loop fires: how long whatever is ready has to
// wait for a thread.
class loop_lag {
 public:
  static constexpr std::chrono::milliseconds interval{250};  // between two looks

  explicit loop_lag(asio::io_context& context);

  void start();
  task<> stop() { return turns_.stop(); }
  // From any strand.
  task<latency_histogram> histogram();

 private:
  task<> note(clock::duration late);

  latency_histogram seen_;  // on the strand of turns_
  periodic turns_;
};

}  // namespace orbweaver
