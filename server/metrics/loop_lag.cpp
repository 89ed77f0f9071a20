#include "server/metrics/loop_lag.hpp"

namespace orbweaver {

loop_lag::loop_lag(asio::io_context& context)
    : strand_(asio::make_strand(context)), next_(strand_), scope_(strand_) {}

void loop_lag::start() { scope_.spawn(strand_, watch(), "loop lag"); }

task<> loop_lag::stop() {
  auto end = [this] {
    stopping_ = true;
    next_.cancel();
  };
  co_await run_on(strand_, std::move(end));
  co_await scope_.join();
}

task<latency_histogram> loop_lag::histogram() {
  auto copy = [this] { return seen_; };
  co_return co_await run_on(strand_, std::move(copy));
}

task<> loop_lag::watch() {
  while (!stopping_) {
    next_.expires_after(interval);
    const auto [ec] = co_await next_.async_wait(as_ec);
    if (ec) continue;
    seen_.add(std::chrono::duration<double>(clock::now() - next_.expiry()).count());
  }
}

}  // namespace orbweaver
