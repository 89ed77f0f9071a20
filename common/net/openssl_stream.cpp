#include "common/net/openssl_stream.hpp"

#include <cerrno>
#include <openssl/err.h>
#include <stdexcept>

namespace orbweaver::detail {
namespace {

// What TLS may have to say on an idle connection; a peer that says more is not worth keeping.
constexpr int max_idle_records = 16;

outcome outcome_of_verification(long result) noexcept {
  switch (result) {
    case X509_V_ERR_CERT_HAS_EXPIRED: return outcome::tls_expired;
    case X509_V_ERR_CERT_NOT_YET_VALID: return outcome::tls_not_yet_valid;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: return outcome::tls_wrong_host;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: return outcome::tls_self_signed;
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE: return outcome::tls_unknown_issuer;
    default: return outcome::tls_untrusted;
  }
}

outcome outcome_of_error(unsigned long error) noexcept {
  switch (ERR_GET_REASON(error)) {
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_NO_PROTOCOLS_AVAILABLE:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
    case SSL_R_DH_KEY_TOO_SMALL:
    case SSL_R_HTTP_REQUEST: return outcome::tls_protocol;
    default: return outcome::tls_handshake_failed;
  }
}

}  // namespace

ssl_ctx_ptr new_tls_context(const SSL_METHOD* method) {
  ssl_ctx_ptr out(SSL_CTX_new(method));
  if (!out) throw std::runtime_error("OpenSSL cannot make a TLS context");
  SSL_CTX_set_min_proto_version(out.get(), TLS1_2_VERSION);
  // Buffers of an idle connection go back; a write may be repeated from another address.
  SSL_CTX_set_mode(out.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // A call reads one record: a peer that sends tickets or key updates without end would not let it
  // come back otherwise.
  SSL_CTX_clear_mode(out.get(), SSL_MODE_AUTO_RETRY);
  return out;
}

openssl_stream::openssl_stream(tcp_socket socket, ssl_ptr ssl)
    : tls_stream(std::move(socket)), ssl_(std::move(ssl)) {}

openssl_stream::~openssl_stream() {
  // Without it OpenSSL takes the session for a bad one.
  if (handshake_done_) SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

io_result openssl_stream::handshake() noexcept {
  ERR_clear_error();
  const int n = SSL_do_handshake(ssl_.get());
  if (n == 1) {
    handshake_done_ = true;
    return {io_status::ok};
  }
  const io_result result = result_of(n);
  if (result.status == io_status::want_read || result.status == io_status::want_write)
    return result;
  const long verified = SSL_get_verify_result(ssl_.get());
  if (verified != X509_V_OK && SSL_get_verify_mode(ssl_.get()) != SSL_VERIFY_NONE) {
    handshake_outcome_ = outcome_of_verification(verified);
  } else if (result.status == io_status::end || result.status == io_status::cut) {
    handshake_outcome_ = outcome::connection_closed;
  } else if (last_error()) {
    handshake_outcome_ = outcome::connection_reset;
  } else {
    handshake_outcome_ = outcome_of_error(ssl_error_);
  }
  return {io_status::failed};
}

io_result openssl_stream::read_some(std::span<char> into) noexcept {
  ERR_clear_error();
  std::size_t moved = 0;
  const int n = SSL_read_ex(ssl_.get(), into.data(), into.size(), &moved);
  return n == 1 ? io_result{io_status::ok, moved} : result_of(n);
}

io_result openssl_stream::write_some(std::span<const char> from) noexcept {
  ERR_clear_error();
  std::size_t moved = 0;
  const int n = SSL_write_ex(ssl_.get(), from.data(), from.size(), &moved);
  return n == 1 ? io_result{io_status::ok, moved} : result_of(n);
}

bool openssl_stream::is_quiet() noexcept {
  for (int i = 0; i < max_idle_records; ++i) {
    ERR_clear_error();
    char byte;
    std::size_t moved = 0;
    const int n = SSL_peek_ex(ssl_.get(), &byte, 1, &moved);
    if (n == 1 || result_of(n).status != io_status::want_read) return false;
    if (stream::is_quiet()) return true;
  }
  return false;
}

// RFC 8446 section 6.1. A socket that takes no more now does without the alert.
void openssl_stream::end_sending() noexcept {
  ERR_clear_error();
  if (handshake_done_) SSL_shutdown(ssl_.get());
  stream::end_sending();
}

io_result openssl_stream::result_of(int returned) noexcept {
  switch (SSL_get_error(ssl_.get(), returned)) {
    case SSL_ERROR_WANT_READ: return {io_status::want_read};
    case SSL_ERROR_WANT_WRITE: return {io_status::want_write};
    case SSL_ERROR_ZERO_RETURN: return {io_status::end};
    case SSL_ERROR_SYSCALL:
      // EPIPE: the peer closed, and then refused what was still sent to it.
      return errno == 0 || errno == EPIPE ? io_result{io_status::cut} : failed_with(errno);
    default:
      ssl_error_ = ERR_peek_error();
      if (ERR_GET_REASON(ssl_error_) == SSL_R_UNEXPECTED_EOF_WHILE_READING) return {io_status::cut};
      return {io_status::failed};
  }
}

}  // namespace orbweaver::detail
