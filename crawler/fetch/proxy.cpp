#include "crawler/fetch/proxy.hpp"

#include <algorithm>
#include <charconv>

#include "common/url/percent.hpp"
#include "common/url/url.hpp"

namespace orbweaver {
namespace {

constexpr std::uint16_t usual_socks_port = 1080;  // RFC 1928 section 3

bool has_control(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::string decoded(std::string_view text) {
  std::string out;
  append_decoded(out, text);
  return out;
}

}  // namespace

parsed<proxy_server> parse_proxy(std::string_view text) {
  url given;
  if (!given.assign(text)) return refuse("is not a URL");
  proxy_server out;
  if (given.protocol() == "http:") {
    out.kind = proxy_kind::http;
    out.port = given.effective_port();
  } else if (given.protocol() == "socks5:") {
    out.kind = proxy_kind::socks5;
    out.port = usual_socks_port;
    const std::string_view port = given.port();
    std::from_chars(port.data(), port.data() + port.size(), out.port);
  } else if (given.protocol() == "socks5h:") {
    return refuse("must be socks5: names are resolved here, so that addresses can be checked");
  } else {
    return refuse("must be a URL of http or socks5");
  }
  if ((given.pathname() != "/" && !given.pathname().empty()) || given.has_query() ||
      given.has_fragment())
    return refuse("must not have a path");
  // The host of a scheme that the URL standard does not know is taken as it stands; this way it
  // is read like any other, in whatever form an address is written.
  url host;
  if (given.hostname().empty() || !host.assign("http://" + std::string(given.hostname()) + "/"))
    return refuse("has no valid host");
  if (out.port == 0) return refuse("has no valid port");
  out.host = host.hostname();
  out.username = decoded(given.username());
  out.password = decoded(given.password());
  for (const std::string& part : {out.username, out.password}) {
    if (part.size() > max_proxy_credential_bytes)
      return refuse("must not have a user name or password longer than 255 bytes");
    if (has_control(part)) return refuse("must not hold line breaks or other control characters");
  }
  if (out.username.find(':') != std::string::npos)
    return refuse("must not have a colon in its user name");  // RFC 7617 section 2
  return out;
}

std::string to_string(const proxy_server& proxy, bool with_password) {
  std::string out = proxy.kind == proxy_kind::http ? "http://" : "socks5://";
  if (!proxy.username.empty() || !proxy.password.empty()) {
    append_encoded(out, proxy.username, encode_set::userinfo);
    out += ':';
    if (with_password) append_encoded(out, proxy.password, encode_set::userinfo);
    out += '@';
  }
  return out + proxy.host + ":" + std::to_string(proxy.port);
}

}  // namespace orbweaver
