#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

typedef struct ssl_st SSL;
typedef struct ssl_ctx_st SSL_CTX;

namespace orbweaver::test {

// One TLS connection to a server on this machine, with blocking calls; it takes any certificate.
class tls_caller {
 public:
  struct options {
    int max_version = 0;  // TLS1_1_VERSION and the like; 0: whatever OpenSSL offers
    std::string alpn;     // protocols offered, each with its length in front
  };
  explicit tls_caller(std::uint16_t port) : tls_caller(port, {}) {}
  tls_caller(std::uint16_t port, const options& how);
  ~tls_caller();
  tls_caller(const tls_caller&) = delete;
  tls_caller& operator=(const tls_caller&) = delete;

  // The handshake came to its end.
  bool connected() const noexcept { return connected_; }
  std::string version() const;      // "TLSv1.3"
  std::string protocol() const;     // chosen by ALPN
  std::string fingerprint() const;  // of the server's certificate

  void send(std::string_view bytes);
  // Bytes up to `end`, or up to the end of the connection.
  std::string read_until(std::string_view end);
  // Whether the end of the connection came with TLS's own.
  bool ended_in_order() const noexcept { return ended_in_order_; }

 private:
  int fd_ = -1;
  bool connected_ = false;
  bool ended_in_order_ = false;
  std::shared_ptr<SSL_CTX> context_;
  std::shared_ptr<SSL> ssl_;
};

}  // namespace orbweaver::test
