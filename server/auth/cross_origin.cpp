#include "server/auth/cross_origin.hpp"

namespace orbweaver {
namespace {

constexpr std::string_view allowed_methods = "GET, HEAD, POST, DELETE";
constexpr std::string_view allowed_fields =
    "Authorization, Content-Type, Idempotency-Key, Last-Event-ID";
constexpr std::string_view exposed_fields = "Location, Retry-After, X-Request-Id";
constexpr std::string_view preflight_seconds = "600";  // for which a browser need not ask again

}  // namespace

header_fields cross_origin_headers(std::string_view origin, bool preflight) {
  header_fields out{{"Access-Control-Allow-Origin", std::string(origin)}};
  if (preflight) {
    out.emplace_back("Access-Control-Allow-Methods", allowed_methods);
    out.emplace_back("Access-Control-Allow-Headers", allowed_fields);
    out.emplace_back("Access-Control-Max-Age", preflight_seconds);
  } else {
    out.emplace_back("Access-Control-Expose-Headers", exposed_fields);
  }
  return out;
}

}  // namespace orbweaver
