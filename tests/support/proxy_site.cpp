#include "tests/support/proxy_site.hpp"

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <poll.h>
#include <sys/socket.h>

#include "crawler/fetch/basic_credentials.hpp"

namespace orbweaver::test {
namespace asio = boost::asio;
using asio::ip::tcp;

proxy_site::proxy_site(std::string credentials, std::string answer, std::string address)
    : credentials_(std::move(credentials)),
      answer_(std::move(answer)),
      address_(std::move(address)),
      acceptor_(context_, {asio::ip::make_address(address_), 0}),
      thread_([this] { accept(); }) {}

proxy_site::~proxy_site() {
  closing_ = true;
  ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
  thread_.join();
  {
    const std::scoped_lock lock(mutex_);
    for (socket& s : clients_) ::shutdown(s.native_handle(), SHUT_RDWR);
  }
  for (std::thread& t : threads_) t.join();
}

std::string proxy_site::url(const std::string& scheme, const std::string& credentials) const {
  return scheme + "://" + (credentials.empty() ? "" : credentials + "@") + address_ + ":" +
         std::to_string(port());
}

std::vector<std::string> proxy_site::asked() const {
  const std::scoped_lock lock(mutex_);
  return asked_;
}

void proxy_site::note(std::string what) {
  const std::scoped_lock lock(mutex_);
  asked_.push_back(std::move(what));
}

void proxy_site::accept() {
  while (!closing_) {
    boost::system::error_code ec;
    socket client(context_);
    acceptor_.accept(client, ec);
    if (ec) return;
    const std::scoped_lock lock(mutex_);
    socket& kept = clients_.emplace_back(std::move(client));
    threads_.emplace_back([this, &kept] {
      try {
        serve(kept);
      } catch (const boost::system::system_error&) {  // the client has gone
      }
      ::shutdown(kept.native_handle(), SHUT_RDWR);
    });
  }
}

void proxy_site::serve(socket& client) {
  std::string first(1, '\0');
  asio::read(client, asio::buffer(first));
  if (!answer_.empty()) {
    asio::write(client, asio::buffer(answer_));
    return;
  }
  if (first == "\x05") return serve_socks(client);
  while (!first.ends_with("\r\n\r\n")) {
    char next = 0;
    asio::read(client, asio::buffer(&next, 1));
    first += next;
  }
  serve_http(client, std::move(first));
}

void proxy_site::serve_http(socket& client, std::string head) {
  const std::string line = head.substr(0, head.find(" HTTP/"));
  note(line);
  const std::size_t colon = credentials_.find(':');
  const std::string wanted =
      credentials_.empty()
          ? ""
          : "Proxy-Authorization: " +
                basic_credentials(credentials_.substr(0, colon), credentials_.substr(colon + 1));
  if (head.find(wanted) == std::string::npos) {
    asio::write(client, asio::buffer("HTTP/1.1 407 Who\r\nContent-Length: 0\r\n\r\n", 41));
    return;
  }
  const bool tunnel = line.starts_with("CONNECT ");
  std::string place = line.substr(tunnel ? 8 : 11);
  const std::string path = tunnel ? "" : place.substr(place.find('/'));
  place.resize(std::min(place.find('/'), place.size()));
  const std::size_t mark = place.rfind(':');
  if (!tunnel) head = "GET " + path + head.substr(head.find(" HTTP/"));
  relay(client, place.substr(0, mark), place.substr(mark + 1),
        tunnel ? "HTTP/1.1 200 OK\r\n\r\n" : "", tunnel ? "" : head);
}

void proxy_site::serve_socks(socket& client) {
  std::array<unsigned char, 256> in{};
  asio::read(client, asio::buffer(in, 1));
  const std::size_t methods = in[0];
  asio::read(client, asio::buffer(in, methods));
  asio::write(client, asio::buffer(credentials_.empty() ? "\x05\x00" : "\x05\x02", 2));
  if (!credentials_.empty()) {
    std::string said;
    asio::read(client, asio::buffer(in, 2));
    for (const bool last : {false, true}) {
      std::string part(in[1], '\0');
      asio::read(client, asio::buffer(part));
      said += last ? ":" + part : part;
      if (!last) asio::read(client, asio::buffer(&in[1], 1));
    }
    const bool right = said == credentials_;
    asio::write(client, asio::buffer(right ? "\x01\x00" : "\x01\x01", 2));
    if (!right) return;
  }
  asio::read(client, asio::buffer(in, 10));
  const std::string host = std::to_string(in[4]) + "." + std::to_string(in[5]) + "." +
                           std::to_string(in[6]) + "." + std::to_string(in[7]);
  const std::string port = std::to_string(in[8] * 256 + in[9]);
  note("SOCKS " + host + ":" + port);
  relay(client, host, port, std::string("\x05\x00\x00\x01\0\0\0\0\0\0", 10), "");
}

void proxy_site::relay(socket& client, const std::string& host, const std::string& port,
                       const std::string& reply, const std::string& first) {
  socket server(context_);
  server.connect({asio::ip::make_address(host), static_cast<std::uint16_t>(std::stoi(port))});
  asio::write(client, asio::buffer(reply));
  asio::write(server, asio::buffer(first));
  std::array<char, 4096> buffer;
  for (;;) {
    std::array<pollfd, 2> both{pollfd{client.native_handle(), POLLIN, 0},
                               pollfd{server.native_handle(), POLLIN, 0}};
    if (::poll(both.data(), both.size(), -1) < 0) return;
    for (std::size_t i = 0; i < 2; ++i) {
      if (both[i].revents == 0) continue;
      socket& from = i == 0 ? client : server;
      socket& to = i == 0 ? server : client;
      const std::size_t n = from.read_some(asio::buffer(buffer));
      asio::write(to, asio::buffer(buffer, n));
    }
  }
}

}  // namespace orbweaver::test
