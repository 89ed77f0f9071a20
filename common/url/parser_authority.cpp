// The middle of the URL parser: credentials, host and port.
#include <algorithm>
#include <charconv>

#include "common/ascii.hpp"
#include "common/url/host.hpp"
#include "common/url/parser.hpp"
#include "common/url/percent.hpp"

namespace orbweaver {
namespace {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// Whether an opaque path may be an http(s) URL.
bool holds_http(std::string_view path) noexcept {
  constexpr std::string_view http = "http";
  path.remove_prefix(std::min(path.find_first_not_of(' '), path.size()));
  return std::ranges::equal(path.substr(0, http.size()), http, {}, ascii_lower);
}

}  // namespace

std::uint16_t default_port(url_scheme scheme) noexcept {
  switch (scheme) {
    case url_scheme::http:
    case url_scheme::ws: return 80;
    case url_scheme::https:
    case url_scheme::wss: return 443;
    case url_scheme::ftp: return 21;
    case url_scheme::file:
    case url_scheme::other: return 0;
  }
  return 0;
}

// Authority state: what lies before the last '@' is credentials.
url_error url_parser::authority() {
  const std::size_t end =
      std::min(in_.find_first_of(out_.is_special() ? "/?#\\" : "/?#", at_), in_.size());
  std::string_view text = in_.substr(at_, end - at_);
  open_authority();
  if (const std::size_t sign = text.rfind('@'); sign != text.npos) {
    credentials(text.substr(0, sign));
    text.remove_prefix(sign + 1);
    if (text.empty()) return url_error::no_host;
  }
  if (const url_error why = host_and_port(text); why != url_error::none) return why;
  at_ = end;
  path_start();
  return url_error::none;
}

void url_parser::credentials(std::string_view text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  append_encoded(href_, text.substr(0, colon), encode_set::userinfo);
  out_.username_end_ = size();
  if (colon + 1 < text.size()) {
    href_.push_back(':');
    append_encoded(href_, text.substr(colon + 1), encode_set::userinfo);
  }
  if (size() > out_.username_) href_.push_back('@');
  out_.host_ = out_.host_end_ = size();
}

// Host state: a ':' outside brackets ends the host.
url_error url_parser::host_and_port(std::string_view text) {
  std::size_t colon = 0;
  for (bool brackets = false; colon < text.size(); ++colon) {
    if (text[colon] == ':' && !brackets) break;
    if (text[colon] == '[') brackets = true;
    if (text[colon] == ']') brackets = false;
  }
  if (colon == 0 && (!text.empty() || out_.is_special())) return url_error::no_host;
  if (const url_error why = host(text.substr(0, colon)); why != url_error::none) return why;
  return colon < text.size() ? port(text.substr(colon + 1)) : url_error::none;
}

url_error url_parser::host(std::string_view text) {
  const url_error why = append_host(href_, text, out_.is_special(), out_.host_kind_);
  out_.host_end_ = size();
  return why;
}

// Port state. No port, and the scheme's own, are not written.
url_error url_parser::port(std::string_view digits) {
  if (!std::ranges::all_of(digits, is_digit)) return url_error::invalid_port;
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size() - !digits.empty()));
  if (digits.empty()) return url_error::none;
  std::uint16_t value = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), value).ec != std::errc())
    return url_error::invalid_port;
  if (value == default_port(out_.scheme_) && out_.is_special()) return url_error::none;
  out_.port_ = value;
  out_.has_port_ = true;
  href_.push_back(':');
  href_.append(digits);
  return url_error::none;
}

// Opens "//" with an empty host.
void url_parser::open_authority() {
  href_.append("//");
  out_.username_ = out_.username_end_ = out_.host_ = out_.host_end_ = size();
  out_.host_kind_ = host_kind::empty;
}

void url_parser::no_authority() noexcept {
  out_.username_ = out_.username_end_ = out_.host_ = out_.host_end_ = size();
  out_.host_kind_ = host_kind::none;
}

// Scheme, credentials, host and port of `from`, as they stand.
void url_parser::copy_authority(const url& from) {
  const bool none = from.host_kind_ == host_kind::none;
  href_.assign(from.href_, 0, none ? from.scheme_end_ : from.path_);
  out_.scheme_end_ = from.scheme_end_;
  out_.username_ = from.username_;
  out_.username_end_ = from.username_end_;
  out_.host_ = from.host_;
  out_.host_end_ = from.host_end_;
  out_.port_ = from.port_;
  out_.has_port_ = from.has_port_;
  out_.host_kind_ = from.host_kind_;
}

// Section 4.7, where the origin is no prefix of the href: with credentials, and for blob URLs,
// whose origin is that of the http(s) URL they hold. It is kept behind the href.
void url_parser::own_origin() {
  if (out_.is_special() && out_.scheme_ != url_scheme::file && out_.has_credentials()) {
    href_.append(href_, 0, out_.username_);
    href_.append(href_, out_.host_, out_.path_ - out_.host_);
  } else if (out_.protocol() == "blob:") {
    // Nothing else is parsed: "blob:blob:blob:..." would be parsed once for each of its levels.
    if (!holds_http(out_.pathname())) return;
    const auto inner = url::parse(out_.pathname());
    if (inner && inner->is_http()) href_.append(inner->origin());
  }
}

}  // namespace orbweaver
