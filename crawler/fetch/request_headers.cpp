#include "crawler/fetch/request_headers.hpp"

#include <algorithm>
#include <array>

#include "crawler/fetch/headers.hpp"
#include "crawler/fetch/http_token.hpp"

namespace orbweaver {
namespace {

struct refusal {
  std::string_view name;
  std::string_view reason;
};

constexpr std::string_view hop_by_hop = "concerns one connection and is the crawler's to send";
constexpr std::string_view framing = "describes the message, which the crawler writes";

constexpr std::array<refusal, 15> refused{{
    // RFC 9110 7.6.1.
    {"Connection", hop_by_hop},
    {"Proxy-Connection", hop_by_hop},
    {"Keep-Alive", hop_by_hop},
    {"TE", hop_by_hop},
    {"Transfer-Encoding", framing},
    {"Upgrade", hop_by_hop},
    {"HTTP2-Settings", hop_by_hop},
    {"Trailer", framing},
    {"Content-Length", framing},
    {"Expect", framing},
    {"Host", "is taken from each URL"},
    {"Accept-Encoding", "names what the crawler can decode"},
    {"Range", "would make parts of pages look like pages"},
    {"User-Agent", "is set by userAgent, which robots.txt rules are matched against"},
    {"Proxy-Authorization", "belongs to the proxy's own settings"},
}};

}  // namespace

std::optional<std::string> why_not(std::string_view name, std::string_view value) {
  if (name.empty()) return "A header needs a name.";
  if (name.size() > max_request_header_name_bytes) {
    return "A header's name has at most " + std::to_string(max_request_header_name_bytes) +
           " bytes.";
  }
  if (!is_token(name)) {
    return "A header's name has only letters, digits and any of !#$%&'*+-.^_`|~.";
  }
  for (const refusal& r : refused) {
    if (equals_ignoring_case(name, r.name)) {
      return std::string(r.name).append(" ").append(r.reason).append(".");
    }
  }
  if (value.size() > max_request_header_value_bytes) {
    return "A header's value has at most " + std::to_string(max_request_header_value_bytes) +
           " bytes.";
  }
  const bool clean = std::ranges::none_of(value, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < ' ' && byte != '\t') || byte == 0x7f;
  });
  if (!clean) return "A header's value has no line breaks or other control characters.";
  return std::nullopt;
}

}  // namespace orbweaver
