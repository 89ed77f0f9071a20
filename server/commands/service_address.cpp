#include "server/commands/service_address.hpp"

#include "common/url/url.hpp"

namespace orbweaver {

parsed<service_address> parse_service_address(std::string_view text) {
  url at;
  url_error why = url_error::none;
  if (!at.assign(text, nullptr, &why)) return refuse(std::string(message(why)));
  if (!at.is_http()) return refuse("must be a URL of http or https");
  if (at.has_credentials()) return refuse("must hold no user name and no password");
  if (at.has_query() || at.has_fragment()) return refuse("must end with its path");
  service_address out;
  out.tls = at.is_https();
  out.host = at.hostname();
  if (at.kind_of_host() == host_kind::ipv6) out.host = out.host.substr(1, out.host.size() - 2);
  out.port = at.effective_port();
  out.authority = at.host();
  out.base = at.pathname();
  while (out.base.ends_with('/')) out.base.pop_back();
  return out;
}

std::string to_string(const service_address& address) {
  return (address.tls ? "https://" : "http://") + address.authority + address.base;
}

}  // namespace orbweaver
