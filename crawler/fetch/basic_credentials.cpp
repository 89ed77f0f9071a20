#include "crawler/fetch/basic_credentials.hpp"

#include <openssl/evp.h>
#include <vector>

namespace orbweaver {

std::string basic_credentials(const std::string& username, const std::string& password) {
  const std::string plain = username + ':' + password;
  std::vector<unsigned char> encoded(plain.size() / 3 * 4 + 5);  // with EVP's closing NUL
  const int size =
      EVP_EncodeBlock(encoded.data(), reinterpret_cast<const unsigned char*>(plain.data()),
                      static_cast<int>(plain.size()));
  const std::string out(encoded.begin(), encoded.begin() + size);
  return "Basic " + out;
}

}  // namespace orbweaver
