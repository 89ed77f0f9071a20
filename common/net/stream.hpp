#pragma once

#include <cstddef>
#include <span>

#include "common/async/task.hpp"

namespace orbweaver {

enum class io_status : std::uint8_t {
  ok,          // `bytes` were moved, at least one
  want_read,   // nothing can be moved before the socket is readable
  want_write,  // ... writable
  end,         // the peer ended the stream in order
  cut,         // the peer ended it without the TLS close: what was read may be only a part
  failed       // see stream::last_error()
};

struct io_result {
  io_status status = io_status::ok;
  std::size_t bytes = 0;
  bool more = true;  // another call may move more before the socket must be waited for
};

// A connected byte stream over a non-blocking socket, plain or TLS. Calls never wait: the caller
// waits for readiness itself and so needs no buffer while nothing is there to be read. Used by
// one coroutine at a time.
class stream {
 public:
  explicit stream(tcp_socket socket) : socket_(std::move(socket)) {}
  virtual ~stream() = default;
  stream(const stream&) = delete;
  stream& operator=(const stream&) = delete;

  virtual io_result read_some(std::span<char> into) noexcept;
  virtual io_result write_some(std::span<const char> from) noexcept;

  // True while nothing has come in since the last read: neither bytes nor the peer's close.
  // Asked before a kept connection is used again.
  virtual bool is_quiet() noexcept;

  // No more will be written: the peer is told, as far as the socket takes that now.
  virtual void end_sending() noexcept;

  task<error_code> wait(io_status want);
  tcp_socket& socket() noexcept { return socket_; }
  error_code last_error() const noexcept { return last_error_; }

 protected:
  io_result failed_with(int system_error) noexcept;

 private:
  tcp_socket socket_;
  error_code last_error_;
};

}  // namespace orbweaver
