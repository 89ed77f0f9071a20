#include "common/async/periodic.hpp"

namespace orbweaver {

periodic::periodic(asio::io_context& context, clock::duration pause, std::string name)
    : strand_(asio::make_strand(context)),
      next_(strand_),
      pause_(pause),
      name_(std::move(name)),
      scope_(strand_) {}

void periodic::start(turn what, first when) {
  turn_ = std::move(what);
  scope_.spawn(strand_, run(when), name_);
}

task<> periodic::stop() {
  auto end = [this] {
    stopping_ = true;
    next_.cancel();
  };
  co_await run_on(strand_, std::move(end));
  co_await scope_.join();
}

task<> periodic::run(first when) {
  clock::duration late{};
  for (bool wait = when == first::after_pause; !is_stopping(); wait = true) {
    if (wait) {
      next_.expires_after(pause_);
      const auto [cancelled] = co_await next_.async_wait(as_ec);
      if (cancelled) continue;
      late = clock::now() - next_.expiry();
    }
    co_await turn_(late);
  }
}

}  // namespace orbweaver
