#include "common/url/host.hpp"

#include <algorithm>
#include <array>

#include "common/url/idna.hpp"
#include "common/url/ip_address.hpp"
#include "common/url/percent.hpp"

namespace orbweaver {
namespace {

// Section 3.2, "forbidden host code point".
constexpr std::string_view forbidden_in_host{"\0\t\n\r #/:<>?@[\\]^|", 17};

// For each byte the lower-case one a domain gets, or 0 for one that needs more than that: the
// forbidden domain code points (section 3.2), '%' and everything beyond ASCII.
constexpr auto domain_bytes = [] {
  std::array<char, 256> bytes{};
  for (std::size_t c = 0x21; c < 0x7f; ++c) {
    const char byte = static_cast<char>(c);
    if (byte == '%' || forbidden_in_host.find(byte) != std::string_view::npos) continue;
    bytes[c] = byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + 32) : byte;
  }
  return bytes;
}();

// Appends an ASCII domain in lower case; answers false, with `out` as it was, for any other.
bool append_ascii_domain(std::string& out, std::string_view text) {
  const std::size_t start = out.size();
  out.append(text);
  bool good = true;
  for (std::size_t i = start; i < out.size(); ++i) {
    out[i] = domain_bytes[static_cast<unsigned char>(out[i])];
    good = good && out[i] != 0;
  }
  if (!good) out.resize(start);
  return good;
}

// Section 3.5, "host parser", steps 3 to 7, with "domain to ASCII" (section 3.3).
url_error append_domain(std::string& out, std::string_view text) {
  if (append_ascii_domain(out, text)) return url_error::none;
  std::string domain;
  append_decoded(domain, text);
  if (std::ranges::any_of(domain, [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
    std::string ascii;
    if (!domain_to_ascii(domain, ascii)) return url_error::invalid_domain;
    domain = std::move(ascii);
  }
  if (domain.empty()) return url_error::no_host;
  // What is ASCII only skips UTS 46, even where it has invalid "xn--" labels.
  return append_ascii_domain(out, domain) ? url_error::none : url_error::forbidden_host_character;
}

// Section 3.5, "opaque-host parser".
url_error append_opaque_host(std::string& out, std::string_view text) {
  if (text.find_first_of(forbidden_in_host) != text.npos)
    return url_error::forbidden_host_character;
  append_encoded(out, text, encode_set::c0_control);
  return url_error::none;
}

}  // namespace

url_error append_host(std::string& out, std::string_view text, bool special, host_kind& kind) {
  if (text.starts_with('[')) {
    if (!text.ends_with(']')) return url_error::invalid_ipv6;
    const auto pieces = parse_ipv6(text.substr(1, text.size() - 2));
    if (!pieces) return url_error::invalid_ipv6;
    out.push_back('[');
    append_ipv6(out, *pieces);
    out.push_back(']');
    kind = host_kind::ipv6;
    return url_error::none;
  }
  if (!special) {
    kind = text.empty() ? host_kind::empty : host_kind::opaque;
    return append_opaque_host(out, text);
  }
  const std::size_t start = out.size();
  if (const url_error why = append_domain(out, text); why != url_error::none) return why;
  kind = host_kind::domain;
  const std::string_view domain = std::string_view(out).substr(start);
  if (!ends_in_number(domain)) return url_error::none;
  const auto address = parse_ipv4(domain);
  out.resize(start);
  if (!address) return url_error::invalid_ipv4;
  append_ipv4(out, *address);
  kind = host_kind::ipv4;
  return url_error::none;
}

}  // namespace orbweaver
