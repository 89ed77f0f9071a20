#pragma once

#include <memory>

#include "tests/support/certificates.hpp"

typedef struct ssl_ctx_st SSL_CTX;

namespace orbweaver::test {

// For servers that show this certificate. `max_version`: TLS1_2_VERSION and the like; 0: whatever
// OpenSSL offers.
std::shared_ptr<SSL_CTX> new_server_context(const identity& who, int max_version);

}  // namespace orbweaver::test
