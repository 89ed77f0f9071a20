#include "tests/support/fault_socket.hpp"

#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace orbweaver::test {
namespace {

// Whether bytes are on their way to a client that is still there (tcp(7)).
bool has_unacknowledged(int socket) {
  int bytes = 0;
  tcp_info info{};
  socklen_t size = sizeof info;
  return ::ioctl(socket, SIOCOUTQ, &bytes) == 0 && bytes != 0 &&
         ::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
         info.tcpi_state == TCP_ESTABLISHED;
}

}  // namespace

fault_socket::fault_socket(tcp_socket socket)
    : socket_(std::move(socket)), ssl_(nullptr, SSL_free) {
  error_code gone;  // the client, already
  socket_.set_option(asio::ip::tcp::no_delay(true), gone);
  socket_.native_non_blocking(true, gone);
}

fault_socket::~fault_socket() = default;

// What an operation waits for that moved nothing; false when it never will.
task<bool> fault_socket::wait(int returned, tcp_socket::wait_type otherwise) {
  auto what = otherwise;
  if (ssl_) {
    const int error = SSL_get_error(ssl_.get(), returned);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) co_return false;
    what = error == SSL_ERROR_WANT_READ ? tcp_socket::wait_read : tcp_socket::wait_write;
  } else if (returned == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) {
    co_return false;
  }
  auto [ec] = co_await socket_.async_wait(what, as_ec);
  co_return !ec;
}

task<bool> fault_socket::start_tls(SSL_CTX* context) {
  ssl_.reset(SSL_new(context));
  SSL_set_fd(ssl_.get(), socket_.native_handle());
  for (;;) {
    ERR_clear_error();
    const int done = SSL_accept(ssl_.get());
    if (done == 1) co_return true;
    const bool there = co_await wait(done, tcp_socket::wait_read);
    if (!there) co_return false;
  }
}

task<bool> fault_socket::write(std::string_view bytes) {
  while (!bytes.empty()) {
    ERR_clear_error();
    const auto n = ssl_ ? SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))
                        : ::send(socket_.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(n));
      continue;
    }
    const bool there = co_await wait(static_cast<int>(n), tcp_socket::wait_write);
    if (!there) co_return false;
  }
  co_return true;
}

task<bool> fault_socket::read(std::string& to) {
  for (;;) {
    char piece[4096];
    ERR_clear_error();
    const auto n = ssl_ ? SSL_read(ssl_.get(), piece, sizeof piece)
                        : ::recv(socket_.native_handle(), piece, sizeof piece, 0);
    if (n > 0) {
      to.append(piece, static_cast<std::size_t>(n));
      co_return true;
    }
    const bool there = co_await wait(static_cast<int>(n), tcp_socket::wait_read);
    if (!there) co_return false;
  }
}

task<> fault_socket::wait_for_end() {
  std::string dropped;
  while (co_await read(dropped)) dropped.clear();
}

void fault_socket::close() {
  if (ssl_) SSL_shutdown(ssl_.get());
  cut();
}

// What the client had sent is taken first: it would turn the close into a reset.
void fault_socket::cut() {
  char dropped[4096];
  while (::recv(socket_.native_handle(), dropped, sizeof dropped, 0) > 0) {
  }
  error_code gone;
  socket_.close(gone);
}

// What has not arrived by then would be thrown away with the connection.
task<> fault_socket::reset() {
  timer look(socket_.get_executor());
  while (has_unacknowledged(socket_.native_handle())) {
    look.expires_after(std::chrono::microseconds(100));
    co_await look.async_wait(as_ec);
  }
  error_code gone;
  socket_.set_option(asio::socket_base::linger(true, 0), gone);
  socket_.close(gone);
}

void fault_socket::half_close() {
  error_code gone;
  socket_.shutdown(tcp_socket::shutdown_send, gone);
}

}  // namespace orbweaver::test
