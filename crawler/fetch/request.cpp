#include "crawler/fetch/request.hpp"

#include "common/url/wire_target.hpp"

namespace orbweaver {

std::string request_for(const fetch_order& order, const url& target) {
  const fetch_profile& profile = *order.profile;
  const auto& proxy = profile.spec->proxy;
  // RFC 9112 section 3.2.2: a proxy is asked for the whole URL.
  const bool whole = proxy && proxy->kind == proxy_kind::http && !target.is_https();
  std::string out;
  out.reserve(512);
  out += "GET ";
  if (whole) out += target.origin();
  std::string scratch;
  out += wire_target(target, scratch);
  out += " HTTP/1.1\r\nHost: ";
  out += target.host();
  out += "\r\n";
  if (whole) out += profile.proxy_lines;
  out += profile.header_lines;
  const bool own =
      !profile.own_origins.empty() && profile.own_origins.contains(std::string(target.origin()));
  if (own) out += profile.own_lines;
  const std::string merged = own ? merge_cookies(profile.own_cookies, order.cookies) : "";
  const std::string& cookies = own ? merged : order.cookies;
  if (!cookies.empty()) out.append("Cookie: ").append(cookies).append("\r\n");
  out += "\r\n";
  return out;
}

std::string without_brackets(std::string_view host) {
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  return std::string(host);
}

}  // namespace orbweaver
