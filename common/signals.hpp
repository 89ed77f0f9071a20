#pragma once

#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <csignal>
#include <functional>

#include "common/async/task.hpp"

namespace orbweaver {

// A write to a connection whose other side has gone is an error code, not the end of the process.
void ignore_sigpipe();

// Ending on request: the first SIGINT, SIGTERM or SIGHUP asks for a drain, the second leaves at
// once with 128 + its number (130, 143, 129), even if every thread is stuck, for it is the signal
// handler itself that leaves. SIGHUP counts because a closed terminal must not lose what a drain
// would save, and there is nothing to reload; a SIGHUP that is ignored at the start, as under
// nohup, stays ignored.
//
// At most one object at a time.
class stop_signals {
 public:
  // `on_stop` is called once, on `where`, with the number of the first signal.
  stop_signals(strand where, std::function<void(int)> on_stop);
  // Puts the handlers back that were there before.
  ~stop_signals();
  stop_signals(const stop_signals&) = delete;
  stop_signals& operator=(const stop_signals&) = delete;

  // Waits for no signal any more, so that the loop may run out of work. From now on the first
  // signal, too, leaves at once. Call it on the strand.
  void close();

 private:
  asio::posix::basic_stream_descriptor<strand> wake_;
  std::function<void(int)> on_stop_;
};

}  // namespace orbweaver
