#include "server/app.hpp"

#include "common/log.hpp"

namespace orbweaver {
namespace {

// Of the time to stop in, what is kept for answering requests after the last fetch has ended.
constexpr std::chrono::milliseconds answering_time{1000};

}  // namespace

app::app(const settings& with)
    : listen_(with.listen),
      runtime_(with),
      api_(runtime_.crawls(), runtime_.records(), with.max_body_size),
      routes_(api_.routes()),
      listener_(runtime_.context(), runtime_.deadlines(), routes_, http_limits{}) {}

app::~app() {
  try {
    stop(clock::duration::zero());
  } catch (const std::exception& e) {
    log_error("stopping failed", {{"what", e.what()}});
  }
}

// The threads first: a listener without them would take connections that nobody serves.
result<asio::ip::tcp::endpoint> app::start() {
  runtime_.start();
  running_ = true;
  return listener_.start(listen_);
}

void app::stop(clock::duration grace) {
  if (!std::exchange(running_, false)) return;
  const auto until = clock::now() + grace;
  api_.begin_drain();
  runtime_.call(runtime_.crawls().drain(std::max(grace - answering_time, clock::duration::zero())));
  runtime_.call(listener_.stop(std::max<clock::duration>(until - clock::now(), answering_time)));
  runtime_.stop(clock::duration::zero());
}

}  // namespace orbweaver
