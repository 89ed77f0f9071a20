#pragma once

#include <memory>
#include <openssl/ssl.h>

#include "common/net/tls.hpp"

// What both ends of TLS have in common, and nobody else needs: includes OpenSSL.
namespace orbweaver::detail {

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* p) const noexcept {
    Free(p);
  }
};
using ssl_ptr = std::unique_ptr<SSL, freed_by<SSL_free>>;
using ssl_ctx_ptr = std::unique_ptr<SSL_CTX, freed_by<SSL_CTX_free>>;

// TLS 1.2 or newer; buffers and reads as openssl_stream needs them. Throws std::runtime_error.
ssl_ctx_ptr new_tls_context(const SSL_METHOD* method);

// `ssl` knows which end it is.
class openssl_stream : public tls_stream {
 public:
  openssl_stream(tcp_socket socket, ssl_ptr ssl);
  ~openssl_stream() override;

  io_result handshake() noexcept override;
  outcome handshake_outcome() const noexcept override { return handshake_outcome_; }
  bool resumed_session() const noexcept override { return SSL_session_reused(ssl_.get()) == 1; }
  io_result read_some(std::span<char> into) noexcept override;
  io_result write_some(std::span<const char> from) noexcept override;
  // Reads what TLS itself has to say meanwhile, such as session tickets.
  bool is_quiet() noexcept override;
  void end_sending() noexcept override;

 private:
  io_result result_of(int returned) noexcept;

  ssl_ptr ssl_;
  outcome handshake_outcome_ = outcome::tls_handshake_failed;
  unsigned long ssl_error_ = 0;
  bool handshake_done_ = false;
};

}  // namespace orbweaver::detail
