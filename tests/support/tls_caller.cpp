#include "tests/support/tls_caller.hpp"

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace orbweaver::test {
namespace {

constexpr timeval patience{30, 0};

int connect_to(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
    throw std::runtime_error("nobody listens on port " + std::to_string(port));
  return fd;
}

}  // namespace

tls_caller::tls_caller(std::uint16_t port, const options& how)
    : fd_(connect_to(port)),
      context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free),
      ssl_(nullptr) {
  if (how.max_version != 0) {
    SSL_CTX_set_security_level(context_.get(), 0);  // else nothing older than TLS 1.2 is offered
    SSL_CTX_set_min_proto_version(context_.get(), 0);
    SSL_CTX_set_max_proto_version(context_.get(), how.max_version);
  }
  ssl_.reset(SSL_new(context_.get()), SSL_free);
  if (!how.alpn.empty())
    SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(how.alpn.data()),
                        static_cast<unsigned>(how.alpn.size()));
  SSL_set_fd(ssl_.get(), fd_);
  connected_ = SSL_connect(ssl_.get()) == 1;
}

tls_caller::~tls_caller() { ::close(fd_); }

std::string tls_caller::version() const { return SSL_get_version(ssl_.get()); }

std::string tls_caller::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

std::string tls_caller::fingerprint() const {
  const std::unique_ptr<X509, decltype(&X509_free)> shown(SSL_get1_peer_certificate(ssl_.get()),
                                                          X509_free);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (!shown || X509_digest(shown.get(), EVP_sha256(), digest, &size) != 1) return {};
  return {reinterpret_cast<const char*>(digest), size};
}

void tls_caller::send(std::string_view bytes) {
  if (SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) <= 0)
    throw std::runtime_error("the server takes no more");
}

std::string tls_caller::read_until(std::string_view end) {
  std::string out;
  char bytes[16 << 10];
  while (end.empty() || out.find(end) == std::string::npos) {
    const int n = SSL_read(ssl_.get(), bytes, sizeof bytes);
    if (n <= 0) {
      ended_in_order_ = SSL_get_error(ssl_.get(), n) == SSL_ERROR_ZERO_RETURN;
      break;
    }
    out.append(bytes, static_cast<std::size_t>(n));
  }
  return out;
}

}  // namespace orbweaver::test
