#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "common/async/task.hpp"
#include "common/net/resolver.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/dns_server.hpp"
#include "tests/support/fault_case.hpp"
#include "tests/support/fault_player.hpp"

typedef struct ssl_ctx_st SSL_CTX;

namespace orbweaver::test {

// Plays fault cases: each has a host name below fault.test, known to the server's own name server,
// and a loopback address of its own, by which it is recognised before a byte is read. One thread.
class fault_server {
 public:
  // What is sent is cut into pieces as `seed` says.
  fault_server(std::vector<fault_case> cases, unsigned seed);
  ~fault_server();
  fault_server(const fault_server&) = delete;
  fault_server& operator=(const fault_server&) = delete;

  const std::vector<fault_case>& cases() const noexcept { return cases_; }
  // `text` with what its braces stand for.
  std::string expand(const fault_case& c, std::string text) const;
  std::string url(const fault_case& c) const { return expand(c, c.url); }
  std::string next_url(const fault_case& c) const;
  std::string address(const fault_case& c) const;
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  // The certificate to trust.
  std::string trusted_certificate() const { return trusted_.certificate(); }
  boost::asio::ip::udp::endpoint name_server() const { return names_.endpoint(); }

  // To the case's own host.
  std::size_t connections(const fault_case& c) const;
  std::vector<std::string> targets(const fault_case& c) const;

 private:
  struct site;
  struct request;

  void prepare(std::size_t number);
  void prepare_ports();
  SSL_CTX* context_for(const fault_case& c);
  void accept(tcp_socket socket);
  site* site_at(const asio::ip::address& address);
  task<> serve(std::shared_ptr<fault_socket> socket, site* where);
  task<bool> next_request(fault_socket& socket, std::string& input, request& out);
  const fault_play& play_for(site* where, const request& asked);

  std::vector<fault_case> cases_;
  dns_server names_;
  authority trusted_, stranger_;
  std::map<std::pair<fault_certificate, int>, std::shared_ptr<SSL_CTX>> contexts_;
  asio::io_context context_{1};
  strand strand_ = asio::make_strand(context_);
  fault_player player_;
  asio::ip::tcp::acceptor acceptor_;
  asio::ip::tcp::acceptor v6_acceptor_;                 // closed where there is no IPv6
  asio::ip::tcp::acceptor dead_, full_;                 // bound alone; with a full queue
  std::vector<asio::ip::tcp::socket> queue_;            // fills it
  std::map<std::string, std::unique_ptr<site>> sites_;  // by host name
  std::map<asio::ip::address, site*> by_address_;
  mutable std::mutex mutex_;  // guards the sites' counts
  std::thread thread_;        // last: it uses all of the above
};

}  // namespace orbweaver::test
