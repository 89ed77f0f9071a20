#include "common/net/stream.hpp"

#include <cerrno>
#include <sys/socket.h>

namespace orbweaver {

io_result stream::read_some(std::span<char> into) noexcept {
  for (;;) {
    const auto n = ::recv(socket_.native_handle(), into.data(), into.size(), 0);
    if (n > 0) {
      const auto bytes = static_cast<std::size_t>(n);
      return {io_status::ok, bytes, bytes == into.size()};
    }
    // A peer that closed, and then refused what was still sent to it, has closed all the same.
    if (n == 0 || errno == EPIPE) return {io_status::end};
    if (errno == EAGAIN || errno == EWOULDBLOCK) return {io_status::want_read};
    if (errno != EINTR) return failed_with(errno);
  }
}

io_result stream::write_some(std::span<const char> from) noexcept {
  for (;;) {
    const auto n = ::send(socket_.native_handle(), from.data(), from.size(), MSG_NOSIGNAL);
    if (n >= 0) return {io_status::ok, static_cast<std::size_t>(n)};
    if (errno == EAGAIN || errno == EWOULDBLOCK) return {io_status::want_write};
    if (errno != EINTR) return failed_with(errno);
  }
}

bool stream::is_quiet() noexcept {
  char byte;
  return ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
         (errno == EAGAIN || errno == EWOULDBLOCK);
}

void stream::end_sending() noexcept {
  error_code ignored;
  socket_.shutdown(tcp_socket::shutdown_send, ignored);
}

task<error_code> stream::wait(io_status want) {
  const auto direction =
      want == io_status::want_write ? tcp_socket::wait_write : tcp_socket::wait_read;
  auto [ec] = co_await socket_.async_wait(direction, as_ec);
  co_return ec;
}

io_result stream::failed_with(int system_error) noexcept {
  last_error_ = error_code(system_error, boost::system::system_category());
  return {io_status::failed};
}

}  // namespace orbweaver
