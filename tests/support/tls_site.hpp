#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/certificates.hpp"

typedef struct ssl_st SSL;
typedef struct ssl_ctx_st SSL_CTX;

namespace orbweaver::test {

// A web site over TLS on a loopback address: one thread accepts, one more serves each connection.
class tls_site {
 public:
  // What follows an answer: the next request, a close in order, or one without a word.
  enum class then : std::uint8_t { keep, close, cut };
  struct reply {
    std::string bytes;  // the whole response
    then after = then::keep;
    int key_updates = 0;  // that follow it (RFC 8446 section 4.6.3)
  };
  using answer = std::function<reply(const std::string& target)>;

  struct handshake {
    std::string sni;  // empty: none was sent
    bool resumed = false;
  };
  struct options {
    std::string address = "127.0.0.1";
    int max_version = 0;  // TLS1_2_VERSION and the like; 0: whatever OpenSSL offers
  };

  tls_site(const identity& who, answer make_answer) : tls_site(who, std::move(make_answer), {}) {}
  tls_site(const identity& who, answer make_answer, options how);
  ~tls_site();
  tls_site(const tls_site&) = delete;
  tls_site& operator=(const tls_site&) = delete;

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  // "https://HOST:PORT/…"; `host` empty: the address itself.
  std::string url(const std::string& path = "/", const std::string& host = "") const;
  // Those that succeeded, in order, and the targets asked for.
  std::vector<handshake> handshakes() const;
  std::vector<std::string> targets() const;

 private:
  struct client;

  void accept();
  void serve(client& c);
  bool exchange(SSL* ssl, std::string& input);

  answer answer_;
  options options_;
  std::shared_ptr<SSL_CTX> context_;
  boost::asio::io_context io_{1};
  boost::asio::ip::tcp::acceptor acceptor_;
  mutable std::mutex mutex_;  // guards what follows
  std::list<std::unique_ptr<client>> clients_;
  std::vector<handshake> handshakes_;
  std::vector<std::string> targets_;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace orbweaver::test
