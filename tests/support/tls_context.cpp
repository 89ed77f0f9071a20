#include "tests/support/tls_context.hpp"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdexcept>

namespace orbweaver::test {
namespace {

std::unique_ptr<BIO, decltype(&BIO_free)> reader(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free};
}

}  // namespace

std::shared_ptr<SSL_CTX> new_server_context(const identity& who, int max_version) {
  std::shared_ptr<SSL_CTX> out(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_bio_X509(reader(who.certificate).get(), nullptr, nullptr, nullptr), X509_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      PEM_read_bio_PrivateKey(reader(who.key).get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  if (SSL_CTX_use_certificate(out.get(), certificate.get()) != 1 ||
      SSL_CTX_use_PrivateKey(out.get(), key.get()) != 1)
    throw std::runtime_error("the site's certificate cannot be used");
  if (max_version != 0) {
    SSL_CTX_set_security_level(out.get(), 0);  // else nothing older than TLS 1.2 is offered
    SSL_CTX_set_min_proto_version(out.get(), 0);
    SSL_CTX_set_max_proto_version(out.get(), max_version);
  }
  return out;
}

}  // namespace orbweaver::test
