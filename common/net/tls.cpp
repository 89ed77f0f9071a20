#include "common/net/tls.hpp"

#include <boost/asio/ip/address.hpp>
#include <cerrno>
#include <mutex>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdexcept>
#include <unordered_map>

#include "common/signals.hpp"

namespace orbweaver {
namespace {

// Sessions kept per context; beyond it an arbitrary one makes room.
constexpr std::size_t max_sessions = 10'000;

// What TLS may have to say on an idle connection; a peer that says more is not worth keeping.
constexpr int max_idle_records = 16;

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* p) const noexcept {
    Free(p);
  }
};
using ssl_ptr = std::unique_ptr<SSL, freed_by<SSL_free>>;
using ssl_ctx_ptr = std::unique_ptr<SSL_CTX, freed_by<SSL_CTX_free>>;
using session_ptr = std::unique_ptr<SSL_SESSION, freed_by<SSL_SESSION_free>>;

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

namespace detail {

class tls_context {
 public:
  tls_context(const std::string& ca_file, bool verify);

  std::unique_ptr<tls_stream> connect(tcp_socket socket, const std::string& host,
                                      std::uint16_t port);
  void remember(const std::string& key, SSL_SESSION* session);

 private:
  void resume(SSL* ssl, const std::string& key);

  ssl_ctx_ptr ctx_;
  std::mutex mutex_;  // guards sessions_
  std::unordered_map<std::string, session_ptr> sessions_;
};

}  // namespace detail

namespace {

class openssl_stream final : public tls_stream {
 public:
  openssl_stream(tcp_socket s, ssl_ptr ssl, std::string key)
      : tls_stream(std::move(s)), session_key(std::move(key)), ssl_(std::move(ssl)) {
    SSL_set_app_data(ssl_.get(), this);
  }
  ~openssl_stream() override {
    // Without it OpenSSL takes the session for a bad one.
    if (handshake_done_) SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  }

  io_result handshake() noexcept override {
    ERR_clear_error();
    const int n = SSL_connect(ssl_.get());
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
  outcome handshake_outcome() const noexcept override { return handshake_outcome_; }
  bool resumed_session() const noexcept override { return SSL_session_reused(ssl_.get()) == 1; }

  io_result read_some(std::span<char> into) noexcept override {
    ERR_clear_error();
    std::size_t moved = 0;
    const int n = SSL_read_ex(ssl_.get(), into.data(), into.size(), &moved);
    return n == 1 ? io_result{io_status::ok, moved} : result_of(n);
  }
  io_result write_some(std::span<const char> from) noexcept override {
    ERR_clear_error();
    std::size_t moved = 0;
    const int n = SSL_write_ex(ssl_.get(), from.data(), from.size(), &moved);
    return n == 1 ? io_result{io_status::ok, moved} : result_of(n);
  }

  // Reads what TLS itself has to say meanwhile, such as session tickets.
  bool is_quiet() noexcept override {
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

  const std::string session_key;
  detail::tls_context* owner = nullptr;

 private:
  io_result result_of(int returned) noexcept {
    switch (SSL_get_error(ssl_.get(), returned)) {
      case SSL_ERROR_WANT_READ: return {io_status::want_read};
      case SSL_ERROR_WANT_WRITE: return {io_status::want_write};
      case SSL_ERROR_ZERO_RETURN: return {io_status::end};
      case SSL_ERROR_SYSCALL:
        // EPIPE: the peer closed, and then refused what was still sent to it.
        return errno == 0 || errno == EPIPE ? io_result{io_status::cut} : failed_with(errno);
      default:
        ssl_error_ = ERR_peek_error();
        if (ERR_GET_REASON(ssl_error_) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
          return {io_status::cut};
        return {io_status::failed};
    }
  }

  ssl_ptr ssl_;
  outcome handshake_outcome_ = outcome::tls_handshake_failed;
  unsigned long ssl_error_ = 0;
  bool handshake_done_ = false;
};

}  // namespace

namespace detail {

tls_context::tls_context(const std::string& ca_file, bool verify)
    : ctx_(SSL_CTX_new(TLS_client_method())) {
  if (!ctx_) throw std::runtime_error("OpenSSL cannot make a TLS context");
  SSL_CTX* ctx = ctx_.get();
  SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
  // Buffers of an idle connection go back; a write may be repeated from another address.
  SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                            SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // A call reads one record: a peer that sends tickets or key updates without end would not let it
  // come back otherwise.
  SSL_CTX_clear_mode(ctx, SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_verify(ctx, verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  if (verify) SSL_CTX_set_default_verify_paths(ctx);
  if (verify && !ca_file.empty() && SSL_CTX_load_verify_file(ctx, ca_file.c_str()) != 1)
    throw std::runtime_error("no certificates can be read from " + ca_file);
  SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(ctx, [](SSL* ssl, SSL_SESSION* session) {
    auto& s = *static_cast<openssl_stream*>(SSL_get_app_data(ssl));
    s.owner->remember(s.session_key, session);
    return 1;  // the reference is ours now
  });
  // RFC 7301: only HTTP/1.1 is spoken.
  static constexpr unsigned char alpn[] = "\x08http/1.1";
  SSL_CTX_set_alpn_protos(ctx, alpn, sizeof alpn - 1);
}

std::unique_ptr<tls_stream> tls_context::connect(tcp_socket socket, const std::string& host,
                                                 std::uint16_t port) {
  ssl_ptr ssl(SSL_new(ctx_.get()));
  if (!ssl) throw std::bad_alloc();
  error_code not_an_address;
  const auto address = asio::ip::make_address(host, not_an_address);
  if (not_an_address) {
    // RFC 6066 section 3: without the root's dot, which certificates have not either.
    const std::string name = host.ends_with('.') ? host.substr(0, host.size() - 1) : host;
    SSL_set_tlsext_host_name(ssl.get(), name.c_str());
    SSL_set1_host(ssl.get(), name.c_str());
    SSL_set_hostflags(ssl.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  } else {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl.get()), address.to_string().c_str());
  }
  SSL_set_fd(ssl.get(), socket.native_handle());
  std::string key = host + ':' + std::to_string(port);
  resume(ssl.get(), key);
  auto made = std::make_unique<openssl_stream>(std::move(socket), std::move(ssl), std::move(key));
  made->owner = this;
  return made;
}

void tls_context::remember(const std::string& key, SSL_SESSION* session) {
  const std::scoped_lock lock(mutex_);
  if (sessions_.size() >= max_sessions && !sessions_.contains(key))
    sessions_.erase(sessions_.begin());
  sessions_[key].reset(session);
}

void tls_context::resume(SSL* ssl, const std::string& key) {
  const std::scoped_lock lock(mutex_);
  const auto it = sessions_.find(key);
  if (it != sessions_.end()) SSL_set_session(ssl, it->second.get());
}

}  // namespace detail

bool has_certificates(const std::string& file) {
  const ssl_ctx_ptr context(SSL_CTX_new(TLS_client_method()));
  const bool found = context && SSL_CTX_load_verify_file(context.get(), file.c_str()) == 1;
  ERR_clear_error();
  return found;
}

tls_client::tls_client(const std::string& ca_file) : ca_file_(ca_file) {
  // OpenSSL writes to the socket by write(2), which knows no MSG_NOSIGNAL.
  ignore_sigpipe();
  if (!ca_file.empty()) context(true);
}

tls_client::~tls_client() = default;

detail::tls_context& tls_client::context(bool verify) {
  auto& made = contexts_[verify ? 1 : 0];
  std::call_once(made_[verify ? 1 : 0],
                 [&] { made = std::make_unique<detail::tls_context>(ca_file_, verify); });
  return *made;
}

std::unique_ptr<tls_stream> tls_client::connect(tcp_socket socket, const std::string& host,
                                                std::uint16_t port, bool verify) {
  return context(verify).connect(std::move(socket), host, port);
}

}  // namespace orbweaver
