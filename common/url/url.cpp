#include "common/url/url.hpp"

#include <functional>

#include "common/url/parser.hpp"

namespace orbweaver {

std::string_view message(url_error why) noexcept {
  switch (why) {
    case url_error::none: return "It is a URL.";
    case url_error::too_long: return "The URL is longer than 16 MiB.";
    case url_error::no_scheme: return "The URL is relative and there is no base to resolve it.";
    case url_error::base_has_opaque_path:
      return "The URL is relative and its base has no path to resolve it against.";
    case url_error::no_host: return "The URL has no host.";
    case url_error::forbidden_host_character:
      return "The host contains a character that no host may have.";
    case url_error::invalid_domain: return "The host is not a valid international domain name.";
    case url_error::invalid_ipv4: return "The host ends in a number but is no IPv4 address.";
    case url_error::invalid_ipv6: return "The host in brackets is no IPv6 address.";
    case url_error::invalid_port: return "The port is not a number from 0 to 65535.";
  }
  return "It is not a URL.";
}

std::optional<url> url::parse(std::string_view input, const url* base) {
  std::optional<url> out(std::in_place);
  if (!out->assign(input, base)) out.reset();
  return out;
}

bool url::assign(std::string_view input, const url* base, url_error* why) {
  // Writing begins before reading ends, so an argument that is this object is copied first.
  if (base == this) {
    const url copy = *this;
    return assign(std::string(input), &copy, why);
  }
  const std::less<const char*> before;
  if (!before(input.data(), href_.data()) &&
      before(input.data(), href_.data() + href_.capacity() + 1))
    return assign(std::string(input), base, why);

  const bool too_long = input.size() > max_input || (base && base->end_ > 4 * max_input);
  const url_error result = too_long ? url_error::too_long : url_parser(*this, input, base).run();
  if (why) *why = result;
  if (result != url_error::none) clear();
  return result == url_error::none;
}

void url::clear() noexcept {
  href_.clear();
  scheme_end_ = username_ = username_end_ = host_ = host_end_ = 0;
  path_ = query_ = fragment_ = end_ = 0;
  port_ = 0;
  has_port_ = opaque_path_ = false;
  scheme_ = url_scheme::other;
  host_kind_ = host_kind::none;
}

std::string_view url::username() const noexcept { return part(username_, username_end_); }

std::string_view url::password() const noexcept {
  // "user:pass@": what lies between the user name and the '@' before the host.
  if (host_ < username_end_ + 2) return {};
  return part(username_end_ + 1, host_ - 1);
}

std::string_view url::host() const noexcept {
  std::string_view text = port();
  const auto port_size = static_cast<std::uint32_t>(text.empty() ? 0 : text.size() + 1);
  return part(host_, host_end_ + port_size);
}

std::string_view url::port() const noexcept {
  if (!has_port_) return {};
  return part(host_end_ + 1, path_);
}

std::string_view url::search() const noexcept {
  return fragment_ - query_ < 2 ? std::string_view() : part(query_, fragment_);
}

std::string_view url::hash() const noexcept {
  return end_ - fragment_ < 2 ? std::string_view() : part(fragment_, end_);
}

std::string_view url::origin() const noexcept {
  if (href_.size() > end_) return std::string_view(href_).substr(end_);
  // Section 4.7: schemes with a tuple origin; file is opaque.
  if (scheme_ == url_scheme::other || scheme_ == url_scheme::file) return "null";
  return part(0, path_);
}

std::uint16_t url::effective_port() const noexcept {
  return has_port_ ? port_ : default_port(scheme_);
}

std::string_view url::request_target() const noexcept {
  const std::string_view target = part(path_, fragment_);
  return target.empty() ? "/" : target;
}

}  // namespace orbweaver
