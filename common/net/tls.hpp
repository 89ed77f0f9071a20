#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "common/error.hpp"
#include "common/net/stream.hpp"

namespace orbweaver {

namespace detail {
class tls_context;
}

// TLS 1.2 or newer over a connected socket. handshake() comes first.
class tls_stream : public stream {
 public:
  // ok, want_read or want_write; `failed`: see handshake_outcome().
  virtual io_result handshake() noexcept = 0;
  // Why the handshake failed, as one of the tls_* outcomes or connection_reset / _closed.
  virtual outcome handshake_outcome() const noexcept = 0;
  virtual bool resumed_session() const noexcept = 0;

 protected:
  using stream::stream;
};

// Whether `file` can be read and holds at least one certificate in PEM.
bool has_certificates(const std::string& file);

// Makes TLS connections and remembers sessions by host and port, so that the next connection to
// the same place needs no full handshake. Safe from any thread.
class tls_client {
 public:
  // `ca_file`: PEM certificates trusted besides the system's; empty for none. Throws
  // std::runtime_error when it cannot be read. The system's are read when TLS is first needed:
  // that takes 20 ms.
  explicit tls_client(const std::string& ca_file);
  ~tls_client();
  tls_client(const tls_client&) = delete;
  tls_client& operator=(const tls_client&) = delete;

  // `host` is checked against the certificate and sent as SNI (RFC 6066 section 3: names only,
  // no addresses). With verify = false any certificate passes; sessions of the two kinds are
  // never mixed.
  std::unique_ptr<tls_stream> connect(tcp_socket socket, const std::string& host,
                                      std::uint16_t port, bool verify);

 private:
  detail::tls_context& context(bool verify);

  std::string ca_file_;
  std::once_flag made_[2];
  std::unique_ptr<detail::tls_context> contexts_[2];  // trusting, verifying
};

}  // namespace orbweaver
