#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

typedef struct evp_pkey_st EVP_PKEY;
typedef struct x509_st X509;

namespace orbweaver::test {

// A certificate with its key, both PEM.
struct identity {
  std::string certificate;
  std::string key;
};

// From now on; negative: before now.
struct validity {
  std::chrono::seconds from = std::chrono::hours(-1);
  std::chrono::seconds to = std::chrono::hours(1);
};

// A certificate authority of its own, made on the spot. It issues certificates for host names and
// addresses.
class authority {
 public:
  authority();
  ~authority();
  authority(const authority&) = delete;
  authority& operator=(const authority&) = delete;

  // The certificate others are to trust.
  std::string certificate() const;
  identity issue(const std::vector<std::string>& hosts, validity when = {}) const;

 private:
  std::shared_ptr<EVP_PKEY> key_;
  std::shared_ptr<X509> certificate_;
};

identity self_signed(const std::vector<std::string>& hosts);

// A file that lasts as long as the object.
class temporary_file {
 public:
  explicit temporary_file(const std::string& content);
  ~temporary_file();
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;
  const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

}  // namespace orbweaver::test
