#include "tests/support/http_client.hpp"

#include <arpa/inet.h>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace orbweaver::test {
namespace {

namespace beast_http = boost::beast::http;

void wait_for(int fd, short events, int patience_ms) {
  pollfd wanted{fd, events, 0};
  if (::poll(&wanted, 1, patience_ms) != 1) throw std::runtime_error("the server keeps still");
}

}  // namespace

http_client::http_client(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
    throw std::runtime_error("nobody listens on port " + std::to_string(port));
}

http_client::~http_client() {
  if (fd_ >= 0) ::close(fd_);
}

http_client::http_client(http_client&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      interim_(other.interim_),
      buffer_(std::move(other.buffer_)) {}

bool http_client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    wait_for(fd_, POLLOUT, patience_ms);
    const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN) continue;
    if (n < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

void http_client::finish_sending() { ::shutdown(fd_, SHUT_WR); }

bool http_client::fill() {
  char bytes[16 << 10];
  wait_for(fd_, POLLIN, patience_ms);
  const ssize_t n = ::recv(fd_, bytes, sizeof bytes, 0);
  if (n <= 0) return false;
  buffer_.append(bytes, static_cast<std::size_t>(n));
  return true;
}

std::string http_client::read_some() {
  if (buffer_.empty()) fill();
  return std::exchange(buffer_, {});
}

std::string http_client::read_all() {
  while (fill()) continue;
  return std::exchange(buffer_, {});
}

http_answer http_client::read(bool to_head) {
  beast_http::response_parser<beast_http::string_body> parser;
  parser.eager(true);
  parser.skip(to_head);
  parser.body_limit(boost::none);
  parser.header_limit(1 << 20);
  boost::beast::error_code ec;
  while (!parser.is_done()) {
    if (buffer_.empty() && !fill()) {
      if (parser.got_some()) parser.put_eof(ec);
      break;
    }
    const std::size_t n = parser.put(boost::asio::buffer(buffer_), ec);
    buffer_.erase(0, n);
    if (ec == beast_http::error::need_more) {
      if (n == 0 && !fill()) break;
    } else if (ec) {
      throw std::runtime_error("the answer is not HTTP: " + ec.message());
    }
  }
  http_answer out;
  if (!parser.is_header_done()) return out;
  if (parser.get().result_int() == 100) {
    ++interim_;
    return read(to_head);
  }
  out.status = parser.get().result_int();
  out.whole = parser.is_done();
  for (const auto& field : parser.get()) {
    std::string name(field.name_string());
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    out.fields[name] = std::string(field.value());
  }
  out.body = std::move(parser.get().body());
  return out;
}

http_answer http_client::request(std::string_view method, std::string_view target,
                                 std::string_view body, std::string_view more_fields) {
  std::string text;
  text.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\n");
  if (!body.empty())
    text +=
        "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  text.append(more_fields).append("\r\n").append(body);
  send(text);
  return read(method == "HEAD");
}

}  // namespace orbweaver::test
