#include "crawler/fetch/basic_credentials.hpp"

#include "common/base64.hpp"

namespace orbweaver {

std::string basic_credentials(const std::string& username, const std::string& password) {
  return "Basic " + to_base64(username + ':' + password);
}

}  // namespace orbweaver
