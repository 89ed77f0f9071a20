#include "tests/support/site_server.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <cstring>
#include <optional>
#include <sys/socket.h>

namespace orbweaver::test {
namespace asio = boost::asio;
using asio::ip::tcp;

struct site_server::client : std::enable_shared_from_this<client> {
  client(site_server& s, tcp::socket sock)
      : site(s), socket(std::move(sock)), timer(site.context_) {}

  // The other side has not closed it.
  bool is_open() {
    char byte;
    const auto n = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return n > 0 || (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK));
  }

  void read() {
    const std::size_t end = input.find("\r\n\r\n");
    if (end != input.npos && input.size() >= end + 4 + body_size(input.substr(0, end)))
      return answer(end + 4);
    socket.async_wait(tcp::socket::wait_read, [self = shared_from_this()](auto ec) {
      if (!ec && self->receive()) self->read();
    });
  }

  static std::size_t body_size(const std::string& head) {
    constexpr std::string_view name = "\r\nContent-Length: ";
    const std::size_t at = head.find(name);
    return at == head.npos ? 0 : std::stoul(head.substr(at + name.size()));
  }

  // False when nothing more will come.
  bool receive() {
    std::array<char, 16384> bytes;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(timespec))> ancillary;
    iovec into{bytes.data(), bytes.size()};
    msghdr message{};
    message.msg_iov = &into;
    message.msg_iovlen = 1;
    message.msg_control = ancillary.data();
    message.msg_controllen = ancillary.size();
    const auto n = ::recvmsg(socket.native_handle(), &message, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return true;
    if (n <= 0) return false;
    input.append(bytes.data(), static_cast<std::size_t>(n));
    came = time_of(message).value_or(std::chrono::system_clock::now());
    return true;
  }

  // socket(7), SO_TIMESTAMPNS.
  static std::optional<std::chrono::system_clock::time_point> time_of(msghdr& message) {
    for (cmsghdr* c = CMSG_FIRSTHDR(&message); c != nullptr; c = CMSG_NXTHDR(&message, c)) {
      if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS) continue;
      timespec time;
      std::memcpy(&time, CMSG_DATA(c), sizeof time);
      return std::chrono::system_clock::time_point(std::chrono::seconds(time.tv_sec) +
                                                   std::chrono::nanoseconds(time.tv_nsec));
    }
    return std::nullopt;
  }

  void answer(std::size_t head_size) {
    hit request;
    request.head = input.substr(0, head_size);
    request.body = input.substr(head_size, body_size(request.head));
    input.erase(0, head_size + request.body.size());
    const auto from = request.head.find(' ') + 1;
    request.target = request.head.substr(from, request.head.find(' ', from) - from);
    request.time = came;
    {
      const std::scoped_lock lock(site.mutex_);
      site.hits_.push_back(request);
    }
    output = site.script_(request);
    asio::async_write(socket, asio::buffer(output.bytes),
                      [self = shared_from_this()](auto ec, std::size_t) {
                        if (!ec) self->go_on();
                      });
  }

  void go_on() {
    if (!output.drip.empty()) return drip();
    switch (output.after) {
      case then::keep: return read();
      case then::silence: return wait_for_close();
      case then::reset: socket.set_option(asio::socket_base::linger(true, 0)); break;
      case then::close: break;
    }
    socket.close();
  }

  void drip() {
    timer.expires_after(output.every);
    timer.async_wait([self = shared_from_this()](auto) {
      asio::async_write(self->socket, asio::buffer(self->output.drip),
                        [self](auto ec, std::size_t) {
                          if (!ec) self->drip();
                        });
    });
  }

  void wait_for_close() {
    input.resize(1024);
    socket.async_read_some(asio::buffer(input), [self = shared_from_this()](auto ec, std::size_t) {
      if (!ec) self->wait_for_close();
    });
  }

  site_server& site;
  tcp::socket socket;
  asio::steady_timer timer;
  std::string input;
  std::chrono::system_clock::time_point came;  // the last bytes of `input`
  reply output;
};

site_server::site_server(page_map pages, const std::string& address)
    : site_server(
          [pages = std::move(pages)](const std::string& target) {
            const auto page = pages.find(target);
            return page == pages.end() ? http_response(404, "", "not here")
                                       : html_response(page->second);
          },
          address) {}

site_server::site_server(answer make_answer, const std::string& address)
    : site_server(
          [make_answer = std::move(make_answer)](const hit& request) {
            reply out{make_answer(request.target)};
            if (out.bytes.empty()) out.after = then::close;
            return out;
          },
          address, 1) {}

site_server::site_server(script make_reply, const std::string& address, std::size_t ports)
    : script_(std::move(make_reply)), address_(address) {
  const tcp::endpoint any_port(asio::ip::make_address(address), 0);
  while (acceptors_.size() < ports) acceptors_.emplace_back(context_, any_port);
  const int on = 1;
  for (auto& a : acceptors_) {
    ::setsockopt(a.native_handle(), SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    accept(a);
  }
  thread_ = std::thread([this] { context_.run(); });
}

site_server::~site_server() {
  context_.stop();
  thread_.join();
}

void site_server::accept(tcp::acceptor& from) {
  from.async_accept([this, &from](auto ec, tcp::socket socket) {
    if (ec) return;
    const auto c = std::make_shared<client>(*this, std::move(socket));
    clients_.push_back(c);
    count_connections();
    c->read();
    accept(from);
  });
}

// A connection the client has closed may still have to be read to its end here.
void site_server::count_connections() {
  std::erase_if(clients_, [](const auto& c) { return c.expired(); });
  int open = 0;
  for (const auto& c : clients_) open += c.lock()->is_open();
  const std::scoped_lock lock(mutex_);
  ++total_;
  peak_ = std::max(peak_, open);
}

std::string site_server::url(const std::string& path, std::size_t port) const {
  const auto number = acceptors_.at(port).local_endpoint().port();
  return "http://" + address_ + ":" + std::to_string(number) + path;
}

std::vector<site_server::hit> site_server::hits() const {
  const std::scoped_lock lock(mutex_);
  return hits_;
}

std::map<std::string, int> site_server::hit_counts() const {
  std::map<std::string, int> out;
  for (const hit& h : hits()) ++out[h.target];
  return out;
}

int site_server::peak_connections() const {
  const std::scoped_lock lock(mutex_);
  return peak_;
}

int site_server::total_connections() const {
  const std::scoped_lock lock(mutex_);
  return total_;
}

std::string http_response(int status, const std::string& headers, const std::string& body) {
  return "HTTP/1.1 " + std::to_string(status) + " Status\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string html_response(const std::string& body) {
  return http_response(200, "Content-Type: text/html\r\n", body);
}

std::string redirect_response(const std::string& location, int status) {
  return http_response(status, "Location: " + location + "\r\n", "");
}

}  // namespace orbweaver::test
