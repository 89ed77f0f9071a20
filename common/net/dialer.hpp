#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <vector>

#include "common/async/task.hpp"
#include "common/error.hpp"
#include "common/net/dial_plan.hpp"

namespace orbweaver {

// Connects to one of a host's addresses as dial_plan says. One dial at a time, everything on one
// strand. It sets no deadline: who has one calls cancel(). The addresses must have passed
// address_policy.
class dialer {
 public:
  explicit dialer(strand where, dial_plan::settings how = {});
  dialer(const dialer&) = delete;
  dialer& operator=(const dialer&) = delete;

  // A connected socket on the strand; else the outcome of the most telling attempt, or cancelled.
  task<result<tcp_socket>> dial(std::vector<asio::ip::address> addresses, std::uint16_t port);

  // Ends the dial under way soon, as `cancelled`; nothing when there is none. On the strand.
  void cancel();

  // Why the last attempt that failed did, in the system's words; for people.
  const std::string& last_error() const noexcept { return last_error_; }

 private:
  void start(const dial_plan::dial& attempt, std::uint16_t port);
  void close_all();
  // Until an attempt ends, cancel() is called, or the time comes.
  task<> wait(std::optional<clock::time_point> until);

  strand strand_;
  dial_plan::settings how_;
  timer wake_;
  // Lists: a socket stays where it is while it connects, and where thousands dial at once, nothing
  // is held for what has not happened.
  std::list<tcp_socket> attempts_;  // in the order of their numbers
  std::list<dial_plan::event> events_;
  std::size_t pending_ = 0;  // handlers outstanding
  bool dialling_ = false;
  bool cancelled_ = false;
  std::string last_error_;
};

}  // namespace orbweaver
