#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace orbweaver::test {

// A web site on a loopback address, served from memory by a thread of its own.
class site_server {
 public:
  struct hit {
    std::string target;
    std::string head;  // the request as it came
    std::string body;  // of its Content-Length
    // When its last bytes reached this machine's kernel: later work of a busy machine does not show
    // in it.
    std::chrono::system_clock::time_point time;
  };
  // The whole response, byte for byte; empty: the connection is closed without one.
  using answer = std::function<std::string(const std::string& target)>;

  // What follows the bytes of a reply: the next request, a close, a reset, or nothing at all until
  // the client goes.
  enum class then : std::uint8_t { keep, close, reset, silence };
  struct reply {
    std::string bytes;
    then after = then::keep;
    // Sent again and again, this far apart, until the client goes; empty: not at all.
    std::string drip = {};
    std::chrono::milliseconds every{10};
  };
  using script = std::function<reply(const hit& request)>;

  using page_map = std::map<std::string, std::string>;

  // Answers known pages with `pages` (path → HTML), everything else with 404.
  explicit site_server(page_map pages, const std::string& address = "127.0.0.1");
  explicit site_server(answer make_answer, const std::string& address = "127.0.0.1");
  // On several ports of one address.
  explicit site_server(script make_reply, const std::string& address = "127.0.0.1",
                       std::size_t ports = 1);
  ~site_server();
  site_server(const site_server&) = delete;
  site_server& operator=(const site_server&) = delete;

  std::string url(const std::string& path = "/", std::size_t port = 0) const;
  std::uint16_t port() const { return acceptors_.front().local_endpoint().port(); }
  std::vector<hit> hits() const;
  std::map<std::string, int> hit_counts() const;
  // Most connections that were open at once, as the client sees it, and how many there were in
  // all.
  int peak_connections() const;
  int total_connections() const;

 private:
  script script_;
  boost::asio::io_context context_{1};
  std::vector<boost::asio::ip::tcp::acceptor> acceptors_;
  std::string address_;
  mutable std::mutex mutex_;
  std::vector<hit> hits_;
  int peak_ = 0;
  int total_ = 0;
  std::thread thread_;

  struct client;
  std::vector<std::weak_ptr<client>> clients_;  // of the server's thread
  void accept(boost::asio::ip::tcp::acceptor& from);
  void count_connections();
};

// A response with these parts; Content-Length is added.
std::string http_response(int status, const std::string& headers, const std::string& body);
std::string html_response(const std::string& body);
std::string redirect_response(const std::string& location, int status = 302);

}  // namespace orbweaver::test
