#include "server/api/access.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>

#include "crawler/fetch/headers.hpp"
#include "server/auth/cross_origin.hpp"

namespace orbweaver {
namespace {

// Nothing, or ":" and a port, which may be empty (RFC 3986 section 3.2.3).
bool is_port(std::string_view text) {
  if (text.empty() || text == ":") return true;
  if (text.front() != ':') return false;
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + 1, end, port);
  return error == std::errc() && stop == end;
}

// `authority` is "host", "host:port", "[address]" or "[address]:port"; whatever else is no
// loopback.
bool is_loopback(std::string_view authority) {
  const bool bracketed = authority.starts_with('[');
  const auto end =
      bracketed ? authority.find(']') : std::min(authority.find(':'), authority.size());
  if (end == std::string_view::npos || !is_port(authority.substr(end + bracketed))) return false;
  const std::string host(authority.substr(bracketed, end - bracketed));
  if (!bracketed && equals_ignoring_case(host, "localhost")) return true;
  if (host.find('%') != std::string::npos)
    return false;  // a zone (RFC 6874), which none needs here
  error_code ec;
  const auto address = asio::ip::make_address(host, ec);
  return !ec && address.is_loopback() && address.is_v6() == bracketed;
}

std::optional<problem> refuse_host(const request_head& head, const request_target& target) {
  // RFC 9112 section 3.2.2: an absolute target's authority counts, not Host. Both must be ours.
  for (const std::string_view authority : {head.field("Host"), std::string_view(target.authority)})
    if (!authority.empty() && !is_loopback(authority))
      return problem{problem_code::forbidden_host,
                     "Without API keys only localhost and loopback addresses are served.",
                     {}};
  return std::nullopt;
}

// Whether `origin` is that of the dashboard as the client sees it. Behind a proxy that speaks TLS
// for a service with keys, its scheme is not the connection's.
bool is_own(std::string_view origin, std::string_view host, bool secure, bool keyed) {
  const bool https = equals_ignoring_case(origin, "https://" + std::string(host));
  const bool http = equals_ignoring_case(origin, "http://" + std::string(host));
  return secure ? https : http || (keyed && https);
}

constexpr std::string_view challenge = "Bearer realm=\"orbweaver\"";

// RFC 9110 section 11.6.1, RFC 6750 section 3.
void refuse(admission& out, problem_code code, std::string_view challenge_more) {
  out.refused = problem{code, "", {}};
  out.headers.emplace_back("WWW-Authenticate",
                           std::string(challenge) + std::string(challenge_more));
}

}  // namespace

std::optional<std::string_view> bearer_token(std::string_view authorization) noexcept {
  constexpr std::string_view scheme = "Bearer ";
  if (!equals_ignoring_case(authorization.substr(0, scheme.size()), scheme)) return std::nullopt;
  const std::string_view token = trim_whitespace(authorization.substr(scheme.size()));
  if (token.empty()) return std::nullopt;
  return token;
}

bool access_control::is_allowed(std::string_view origin) const {
  return std::ranges::find(origins_, origin) != origins_.end();
}

admission access_control::admit(const request_head& head, const request_target& target,
                                const client_info& client, const route* found) {
  const auto keys = keys_.current(clock::now());
  admission out;
  if (!origins_.empty()) out.headers.emplace_back("Vary", "Origin");
  if (!keys) out.refused = refuse_host(head, target);
  const std::string origin = head.list("Origin");  // of several, none is ours
  if (out.refused) return out;
  if (is_allowed(origin)) {
    const bool preflight =
        head.method == "OPTIONS" && !head.field("Access-Control-Request-Method").empty();
    std::ranges::move(cross_origin_headers(origin, preflight), std::back_inserter(out.headers));
  } else if (!origin.empty() &&
             !is_own(origin, head.field("Host"), client.secure, keys != nullptr)) {
    out.refused = problem{problem_code::forbidden_origin, "", {}};
    return out;
  }
  if (keys && found && found->access != access_level::open)
    ask_for_key(out, keys, head, client, found->access);
  return out;
}

void access_control::ask_for_key(admission& out, const std::shared_ptr<const key_list>& keys,
                                 const request_head& head, const client_info& client,
                                 access_level needed) {
  const std::string given = head.list("Authorization");
  if (given.empty()) return refuse(out, problem_code::key_required, "");
  const auto token = bearer_token(given);
  if (token) out.key = find_key(keys, *token);
  if (!out.key) return refuse_key(out, client);
  if (needed == access_level::write && out.key->scope != key_scope::write)
    refuse(out, problem_code::scope_insufficient,
           ", error=\"insufficient_scope\", scope=\"write\"");
}

// Counted where the key is wrong, never where it is right.
void access_control::refuse_key(admission& out, const client_info& client) {
  const auto pause = attempts_.failed(client.address, clock::now());
  if (!pause) return refuse(out, problem_code::key_invalid, ", error=\"invalid_token\"");
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(*pause).count();
  out.refused =
      problem{problem_code::too_many_attempts, "", {}, static_cast<std::uint32_t>(seconds)};
}

}  // namespace orbweaver
