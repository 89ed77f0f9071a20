#include "common/net/tls_server.hpp"

#include <openssl/err.h>

#include "common/log.hpp"
#include "common/net/openssl_stream.hpp"
#include "common/signals.hpp"

namespace orbweaver {
namespace {

// RFC 7301 section 3.2: nothing in common ends the handshake.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* offered, unsigned offered_size, void*) {
  static constexpr unsigned char ours[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  const int found =
      SSL_select_next_proto(&chosen, out_size, ours, sizeof ours - 1, offered, offered_size);
  *out = chosen;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// Nobody is there to type one.
int no_passphrase(char*, int, int, void*) { return 0; }

std::string why() {
  const unsigned long error = ERR_peek_last_error();
  const char* const text = error ? ERR_reason_error_string(error) : nullptr;
  return text ? text : "unknown error";
}

parsed<std::shared_ptr<SSL_CTX>> new_context(const std::string& certificate,
                                             const std::string& key) {
  std::shared_ptr<SSL_CTX> out(detail::new_tls_context(TLS_server_method()).release(),
                               SSL_CTX_free);
  SSL_CTX* const ctx = out.get();
  ERR_clear_error();
  SSL_CTX_set_default_passwd_cb(ctx, no_passphrase);
  if (SSL_CTX_use_certificate_chain_file(ctx, certificate.c_str()) != 1)
    return refuse("no certificate can be read from " + certificate + ": " + why());
  if (SSL_CTX_use_PrivateKey_file(ctx, key.c_str(), SSL_FILETYPE_PEM) != 1)
    return refuse("no private key that fits the certificate can be read from " + key + ": " +
                  why());
  SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                               SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  // Tickets hold the sessions; the server remembers none.
  SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(ctx, choose_protocol, nullptr);
  return out;
}

}  // namespace

tls_server::tls_server(const std::string& certificate, const std::string& key)
    : certificate_(certificate), key_(key) {
  // OpenSSL writes to the socket by write(2), which knows no MSG_NOSIGNAL.
  ignore_sigpipe();
}

parsed<std::unique_ptr<tls_server>> tls_server::open(const std::string& certificate,
                                                     const std::string& key) {
  std::unique_ptr<tls_server> out(new tls_server(certificate, key));
  auto made = new_context(certificate, key);
  if (!made) return made.error();
  out->context_ = std::move(*made);
  return out;
}

// The two files may be replaced one after the other: until they fit, the old ones are used, and
// the next change is looked at again.
std::shared_ptr<SSL_CTX> tls_server::context(clock::time_point now) {
  const bool renewed = certificate_.changed(now);
  if (key_.changed(now) || renewed) {
    auto made = new_context(certificate_.path().string(), key_.path().string());
    const std::scoped_lock lock(mutex_);
    if (made) {
      context_ = std::move(*made);
      log_info("the certificate was read again");
    } else {
      log_warn("the certificate was not read again; the one before is used",
               {{"why", made.error().why()}});
    }
  }
  const std::scoped_lock lock(mutex_);
  return context_;
}

std::unique_ptr<tls_stream> tls_server::accept(tcp_socket socket) {
  const auto ctx = context(clock::now());
  detail::ssl_ptr ssl(SSL_new(ctx.get()));  // holds a reference of its own
  if (!ssl) throw std::bad_alloc();
  SSL_set_fd(ssl.get(), socket.native_handle());
  SSL_set_accept_state(ssl.get());
  return std::make_unique<detail::openssl_stream>(std::move(socket), std::move(ssl));
}

}  // namespace orbweaver
