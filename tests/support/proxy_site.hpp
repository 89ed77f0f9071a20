#pragma once

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace orbweaver::test {

// A proxy, on a loopback address unless told otherwise, that speaks CONNECT, whole requests and
// SOCKS 5, a thread per connection. It dials what it is asked for.
class proxy_site {
 public:
  // What the client must say, "user:password"; empty: nothing. `answer` not empty: what it says
  // to every client before it closes, instead of anything else.
  explicit proxy_site(std::string credentials = "", std::string answer = "",
                      std::string address = "127.0.0.1");
  ~proxy_site();
  proxy_site(const proxy_site&) = delete;
  proxy_site& operator=(const proxy_site&) = delete;

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  std::string url(const std::string& scheme, const std::string& credentials = "") const;
  // What was asked for, in order: "CONNECT 127.0.0.1:80", "GET http://…", "SOCKS 127.0.0.1:80".
  std::vector<std::string> asked() const;

 private:
  using socket = boost::asio::ip::tcp::socket;
  void accept();
  void serve(socket& client);
  void serve_http(socket& client, std::string head);
  void serve_socks(socket& client);
  void relay(socket& client, const std::string& host, const std::string& port,
             const std::string& reply, const std::string& first);
  void note(std::string what);

  std::string credentials_;
  std::string answer_;
  std::string address_;
  boost::asio::io_context context_{1};
  boost::asio::ip::tcp::acceptor acceptor_;
  mutable std::mutex mutex_;  // guards what follows
  std::vector<std::string> asked_;
  std::list<socket> clients_;
  std::vector<std::thread> threads_;
  std::atomic<bool> closing_ = false;
  std::thread thread_;
};

}  // namespace orbweaver::test
