#pragma once

#include <string>

namespace orbweaver {

// The value of Authorization or Proxy-Authorization (RFC 7617 section 2): "Basic QTpi". The user
// name holds no colon.
std::string basic_credentials(const std::string& username, const std::string& password);

}  // namespace orbweaver
