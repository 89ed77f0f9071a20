#include "common/net/dialer.hpp"

#include <iterator>
#include <utility>

#include "common/net/net_error.hpp"

namespace orbweaver {
dialer::dialer(strand where, dial_plan::settings how)
    : strand_(std::move(where)), how_(how), wake_(strand_) {}

task<result<tcp_socket>> dialer::dial(std::vector<asio::ip::address> addresses,
                                      std::uint16_t port) {
  dial_plan plan(addresses, how_);
  result<tcp_socket> out = make_error_code(outcome::cancelled);
  cancelled_ = false;
  dialling_ = true;
  dial_plan::event happened;
  while (!cancelled_) {
    const dial_plan::action next = plan.resume(std::exchange(happened, {}), clock::now());
    if (const auto* attempt = std::get_if<dial_plan::dial>(&next)) {
      start(*attempt, port);
      continue;
    }
    if (const auto* won = std::get_if<dial_plan::connected>(&next)) {
      out = std::move(*std::next(attempts_.begin(), static_cast<std::ptrdiff_t>(won->attempt)));
      break;
    }
    if (const auto* lost = std::get_if<dial_plan::failed>(&next)) {
      out = make_error_code(lost->why);
      break;
    }
    if (events_.empty()) co_await wait(std::get<dial_plan::wait>(next).until);
    if (events_.empty()) continue;
    happened = events_.front();
    events_.pop_front();
  }
  close_all();
  while (pending_ > 0) co_await wait(std::nullopt);
  attempts_.clear();
  events_.clear();
  dialling_ = false;
  co_return std::move(out);
}

void dialer::start(const dial_plan::dial& attempt, std::uint16_t port) {
  tcp_socket& socket = attempts_.emplace_back(strand_);
  ++pending_;
  socket.async_connect({attempt.address, port}, [this, i = attempt.attempt](error_code ec) {
    --pending_;
    using kind = dial_plan::event::kind;
    if (ec) last_error_ = ec.message();
    events_.push_back({ec ? kind::failed : kind::connected, i, outcome_of_connect(ec)});
    wake_.cancel();
  });
}

void dialer::close_all() {
  error_code ignored;
  for (tcp_socket& s : attempts_) s.close(ignored);
}

task<> dialer::wait(std::optional<clock::time_point> until) {
  wake_.expires_at(until.value_or(clock::time_point::max()));
  co_await wake_.async_wait(as_ec);
}

void dialer::cancel() {
  if (!dialling_) return;
  cancelled_ = true;
  close_all();
  wake_.cancel();
}

}  // namespace orbweaver
