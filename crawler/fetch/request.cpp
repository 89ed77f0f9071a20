#include "crawler/fetch/request.hpp"

#include "common/url/wire_target.hpp"

namespace orbweaver {
namespace {

// RFC 9110 section 13.1: what identified the page then.
void append_conditions(std::string& out, const earlier_page& earlier) {
  if (!earlier.etag.empty()) out.append("If-None-Match: ").append(earlier.etag).append("\r\n");
  if (!earlier.last_modified.empty())
    out.append("If-Modified-Since: ").append(earlier.last_modified).append("\r\n");
}

}  // namespace

// What identified the page is of the URL that the redirects led to.
bool is_conditional(const fetch_profile& profile, const earlier_page& earlier,
                    const url& target) noexcept {
  return profile.conditional && earlier.has_validator() &&
         (!profile.keeps.exchanges || earlier.has_payload()) &&
         earlier.final_url == target.href_without_fragment();
}

std::string request_for(const fetch_order& order, const url& target, const earlier_page* earlier,
                        request_secrets secrets) {
  const fetch_profile& profile = *order.profile;
  const auto& proxy = profile.spec->proxy;
  // RFC 9112 section 3.2.2: a proxy is asked for the whole URL.
  const bool whole = proxy && proxy->kind == proxy_kind::http && !target.is_https();
  std::string out;
  out.reserve(512);
  out += order.message ? "POST " : "GET ";
  if (whole) out += target.origin();
  std::string scratch;
  out += wire_target(target, scratch);
  out += " HTTP/1.1\r\nHost: ";
  out += target.host();
  out += "\r\n";
  if (whole && secrets == request_secrets::shown) out += profile.proxy_lines;
  out += profile.header_lines;
  const bool own = secrets == request_secrets::shown && !profile.own_origins.empty() &&
                   profile.own_origins.contains(std::string(target.origin()));
  if (own) out += profile.own_lines;
  const std::string merged = own ? merge_cookies(profile.own_cookies, order.cookies) : "";
  const std::string& cookies = own ? merged : order.cookies;
  if (!cookies.empty()) out.append("Cookie: ").append(cookies).append("\r\n");
  if (earlier && is_conditional(profile, *earlier, target)) append_conditions(out, *earlier);
  if (order.message)
    out.append("Content-Type: application/json\r\nContent-Length: ")
        .append(std::to_string(order.message->size()))
        .append("\r\n");
  out += "\r\n";
  if (order.message) out += *order.message;
  return out;
}

std::string without_brackets(std::string_view host) {
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  return std::string(host);
}

}  // namespace orbweaver
