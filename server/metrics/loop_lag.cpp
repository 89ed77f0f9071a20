#include "server/metrics/loop_lag.hpp"

namespace orbweaver {

loop_lag::loop_lag(asio::io_context& context) : turns_(context, interval, "loop lag") {}

void loop_lag::start() {
  turns_.start([this](clock::duration late) { return note(late); });
}

task<latency_histogram> loop_lag::histogram() {
  auto copy = [this] { return seen_; };
  co_return co_await run_on(turns_.executor(), std::move(copy));
}

task<> loop_lag::note(clock::duration late) {
  seen_.add(std::chrono::duration<double>(late).count());
  co_return;
}

}  // namespace orbweaver
