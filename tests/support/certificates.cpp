#include "tests/support/certificates.hpp"

#include <atomic>
#include <boost/asio/ip/address.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdexcept>
#include <unistd.h>

namespace orbweaver::test {
namespace {

using key_ptr = std::shared_ptr<EVP_PKEY>;
using certificate_ptr = std::shared_ptr<X509>;

template <class T>
T* made(T* p) {
  if (!p) throw std::runtime_error("OpenSSL cannot make a certificate");
  return p;
}

key_ptr new_key() { return {made(EVP_EC_gen("P-256")), EVP_PKEY_free}; }

template <class Write>
std::string pem(Write write) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(made(BIO_new(BIO_s_mem())), BIO_free);
  if (write(out.get()) != 1) throw std::runtime_error("OpenSSL cannot write PEM");
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}
std::string pem_of(X509* certificate) {
  return pem([&](BIO* out) { return PEM_write_bio_X509(out, certificate); });
}
std::string pem_of(EVP_PKEY* key) {
  return pem([&](BIO* out) {
    return PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
}

void add_extension(X509* to, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, to, to, nullptr, nullptr, 0);
  X509_EXTENSION* const extension =
      made(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  X509_add_ext(to, extension, -1);
  X509_EXTENSION_free(extension);
}

// RFC 5280 section 4.2.1.6: names and addresses are of different kinds.
std::string alternative_names(const std::vector<std::string>& hosts) {
  std::string out;
  for (const std::string& host : hosts) {
    boost::system::error_code no_address;
    boost::asio::ip::make_address(host, no_address);
    out += (out.empty() ? "" : ",") + std::string(no_address ? "DNS:" : "IP:") + host;
  }
  return out;
}

// Without a subject of its own key and issuer: unsigned.
certificate_ptr new_certificate(const std::string& subject, EVP_PKEY* key, validity when) {
  certificate_ptr out(made(X509_new()), X509_free);
  X509_set_version(out.get(), 2);
  std::int64_t serial = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(out.get()),
                          static_cast<std::uint64_t>(serial) >> 1);
  X509_gmtime_adj(X509_getm_notBefore(out.get()), when.from.count());
  X509_gmtime_adj(X509_getm_notAfter(out.get()), when.to.count());
  X509_set_pubkey(out.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(out.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(subject.c_str()), -1, -1, 0);
  return out;
}

}  // namespace

authority::authority() : key_(new_key()) {
  static std::atomic<int> count{0};
  certificate_ =
      new_certificate("Orbweaver test authority " + std::to_string(++count), key_.get(), {});
  X509_set_issuer_name(certificate_.get(), X509_get_subject_name(certificate_.get()));
  add_extension(certificate_.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate_.get(), NID_key_usage, "critical,keyCertSign");
  X509_sign(certificate_.get(), key_.get(), EVP_sha256());
}

authority::~authority() = default;

std::string authority::certificate() const { return pem_of(certificate_.get()); }

identity authority::issue(const std::vector<std::string>& hosts, validity when) const {
  const key_ptr key = new_key();
  const certificate_ptr leaf = new_certificate("Orbweaver test site", key.get(), when);
  X509_set_issuer_name(leaf.get(), X509_get_subject_name(certificate_.get()));
  add_extension(leaf.get(), NID_subject_alt_name, alternative_names(hosts));
  X509_sign(leaf.get(), key_.get(), EVP_sha256());
  return {pem_of(leaf.get()), pem_of(key.get())};
}

identity self_signed(const std::vector<std::string>& hosts) {
  const key_ptr key = new_key();
  const certificate_ptr leaf = new_certificate("Orbweaver test hermit", key.get(), {});
  X509_set_issuer_name(leaf.get(), X509_get_subject_name(leaf.get()));
  add_extension(leaf.get(), NID_subject_alt_name, alternative_names(hosts));
  X509_sign(leaf.get(), key.get(), EVP_sha256());
  return {pem_of(leaf.get()), pem_of(key.get())};
}

temporary_file::temporary_file(const std::string& content)
    : path_((std::filesystem::temp_directory_path() / "orbweaver-XXXXXX").string()) {
  const int fd = ::mkstemp(path_.data());
  if (fd < 0) throw std::runtime_error("no temporary file can be made");
  ::close(fd);
  std::ofstream(path_) << content;
}

temporary_file::~temporary_file() { std::remove(path_.c_str()); }

}  // namespace orbweaver::test
