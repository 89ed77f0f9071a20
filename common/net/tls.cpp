#include "common/net/tls.hpp"

#include <boost/asio/ip/address.hpp>
#include <mutex>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdexcept>
#include <unordered_map>

#include "common/net/openssl_stream.hpp"
#include "common/signals.hpp"

namespace orbweaver {
namespace {

// Sessions kept per context; beyond it an arbitrary one makes room.
constexpr std::size_t max_sessions = 10'000;

using detail::freed_by;
using detail::ssl_ctx_ptr;
using detail::ssl_ptr;
using session_ptr = std::unique_ptr<SSL_SESSION, freed_by<SSL_SESSION_free>>;

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

// Knows where its session belongs.
class client_stream final : public detail::openssl_stream {
 public:
  client_stream(tcp_socket s, ssl_ptr ssl, std::string key, detail::tls_context& of)
      : openssl_stream(std::move(s), std::move(ssl)), session_key(std::move(key)), owner(of) {}

  const std::string session_key;
  detail::tls_context& owner;
};

}  // namespace

namespace detail {

tls_context::tls_context(const std::string& ca_file, bool verify)
    : ctx_(new_tls_context(TLS_client_method())) {
  SSL_CTX* ctx = ctx_.get();
  SSL_CTX_set_verify(ctx, verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  if (verify) SSL_CTX_set_default_verify_paths(ctx);
  if (verify && !ca_file.empty() && SSL_CTX_load_verify_file(ctx, ca_file.c_str()) != 1)
    throw std::runtime_error("no certificates can be read from " + ca_file);
  SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(ctx, [](SSL* ssl, SSL_SESSION* session) {
    auto& s = *static_cast<client_stream*>(SSL_get_app_data(ssl));
    s.owner.remember(s.session_key, session);
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
  SSL_set_connect_state(ssl.get());
  std::string key = host + ':' + std::to_string(port);
  resume(ssl.get(), key);
  SSL* const raw = ssl.get();
  auto made =
      std::make_unique<client_stream>(std::move(socket), std::move(ssl), std::move(key), *this);
  SSL_set_app_data(raw, made.get());
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
