#include "server/api/access.hpp"

#include <boost/asio/ip/address.hpp>

#include "crawler/fetch/headers.hpp"

namespace orbweaver {
namespace {

// `authority` is "host", "host:port", "[address]" or "[address]:port".
std::string_view host_of(std::string_view authority) {
  if (authority.starts_with('[')) {
    const auto end = authority.find(']');
    return end == std::string_view::npos ? "" : authority.substr(1, end - 1);
  }
  return authority.substr(0, authority.find(':'));
}

bool is_loopback(std::string_view authority) {
  const std::string host(host_of(authority));
  if (equals_ignoring_case(host, "localhost")) return true;
  error_code ec;
  const auto address = asio::ip::make_address(host, ec);
  return !ec && address.is_loopback();
}

}  // namespace

std::optional<problem> refuse_foreign(const request_head& head, const request_target& target) {
  const std::string_view host = head.field("Host");
  // RFC 9112 section 3.2.2: an absolute target's authority counts, not Host. Both must be ours.
  for (const std::string_view authority : {host, std::string_view(target.authority)})
    if (!authority.empty() && !is_loopback(authority))
      return problem{problem_code::forbidden_host,
                     "Without API keys only localhost and loopback addresses are served.",
                     {}};
  const std::string_view origin = head.field("Origin");
  if (origin.empty() || equals_ignoring_case(origin, "http://" + std::string(host)))
    return std::nullopt;
  return problem{problem_code::forbidden_origin, "", {}};
}

}  // namespace orbweaver
