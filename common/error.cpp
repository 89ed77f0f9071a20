#include "common/error.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace orbweaver {
namespace {

using enum outcome_kind;

constexpr std::array<std::string_view, 3> kind_names{"fetched", "failed", "skipped"};

constexpr std::array table{
    outcome_info{outcome::fetched, "fetched", fetched, false, "The server answered."},

    outcome_info{outcome::dns_nxdomain, "dns_nxdomain", failed, false,
                 "The host name does not exist."},
    outcome_info{outcome::dns_failed, "dns_failed", failed, true,
                 "The host name could not be resolved."},
    outcome_info{outcome::dns_timeout, "dns_timeout", failed, true,
                 "No name server answered in time."},
    outcome_info{outcome::connect_refused, "connect_refused", failed, true,
                 "The server refused the connection."},
    outcome_info{outcome::connect_timeout, "connect_timeout", failed, true,
                 "The server did not accept a connection in time."},
    outcome_info{outcome::connect_unreachable, "connect_unreachable", failed, true,
                 "No route leads to the server."},
    outcome_info{outcome::connect_failed, "connect_failed", failed, true,
                 "The connection could not be opened."},
    outcome_info{outcome::blocked_address, "blocked_address", failed, false,
                 "The address is not globally routable and not allowed by --allow-net."},
    outcome_info{outcome::blocked_port, "blocked_port", failed, false,
                 "The port belongs to another protocol; browsers refuse it too."},
    outcome_info{outcome::out_of_resources, "out_of_resources", failed, true,
                 "This machine had no descriptors, ports or memory left for a connection."},
    outcome_info{outcome::tls_handshake_failed, "tls_handshake_failed", failed, true,
                 "The TLS handshake failed."},
    outcome_info{outcome::tls_timeout, "tls_timeout", failed, true,
                 "The TLS handshake took too long."},
    outcome_info{outcome::tls_expired, "tls_expired", failed, false,
                 "The server's certificate has expired."},
    outcome_info{outcome::tls_not_yet_valid, "tls_not_yet_valid", failed, false,
                 "The server's certificate is not valid yet."},
    outcome_info{outcome::tls_wrong_host, "tls_wrong_host", failed, false,
                 "The server's certificate is for another host."},
    outcome_info{outcome::tls_self_signed, "tls_self_signed", failed, false,
                 "The server's certificate is signed by itself."},
    outcome_info{outcome::tls_unknown_issuer, "tls_unknown_issuer", failed, false,
                 "The server's certificate comes from an unknown issuer."},
    outcome_info{outcome::tls_protocol, "tls_protocol", failed, false,
                 "The server does not speak a TLS version or cipher of ours."},
    outcome_info{outcome::tls_untrusted, "tls_untrusted", failed, false,
                 "The server's certificate did not pass verification."},
    outcome_info{outcome::send_failed, "send_failed", failed, true,
                 "The request could not be sent."},
    outcome_info{outcome::first_byte_timeout, "first_byte_timeout", failed, true,
                 "The server did not begin to answer in time."},
    outcome_info{outcome::total_timeout, "total_timeout", failed, true,
                 "The whole fetch took longer than its timeout."},
    outcome_info{outcome::too_slow, "too_slow", failed, true,
                 "The answer came slower than the lowest rate allowed."},
    outcome_info{outcome::connection_reset, "connection_reset", failed, true,
                 "The server reset the connection."},
    outcome_info{outcome::connection_closed, "connection_closed", failed, true,
                 "The server closed the connection before it answered."},
    outcome_info{outcome::proxy_refused, "proxy_refused", failed, false,
                 "The proxy refuses to connect to the server."},
    outcome_info{outcome::proxy_auth, "proxy_auth", failed, false,
                 "The proxy does not accept the user name and password, or wants some."},
    outcome_info{outcome::proxy_failed, "proxy_failed", failed, true,
                 "The proxy could not be reached or did not do its work."},
    outcome_info{outcome::host_unreachable, "host_unreachable", failed, false,
                 "The host failed so often in a row that it was given up."},

    outcome_info{outcome::bad_response, "bad_response", failed, false, "The answer is not HTTP."},
    outcome_info{outcome::header_too_large, "header_too_large", failed, false,
                 "The header is larger than allowed."},
    outcome_info{outcome::too_many_headers, "too_many_headers", failed, false,
                 "The header has more fields than allowed."},
    outcome_info{outcome::too_many_interim_responses, "too_many_interim_responses", failed, false,
                 "Too many 1xx answers came before the final one."},
    outcome_info{outcome::bad_chunk, "bad_chunk", failed, false, "The chunked coding is broken."},
    outcome_info{outcome::bad_content_length, "bad_content_length", failed, false,
                 "Content-Length is not a number or contradicts itself."},
    outcome_info{outcome::body_incomplete, "body_incomplete", failed, true,
                 "The connection ended before the body did."},
    outcome_info{outcome::bad_encoding, "bad_encoding", failed, false,
                 "The body could not be decoded as its Content-Encoding says."},
    outcome_info{outcome::decode_bomb, "decode_bomb", failed, false,
                 "The body grows beyond all proportion when decoded."},
    outcome_info{outcome::too_many_redirects, "too_many_redirects", failed, false,
                 "The chain of redirects is longer than allowed."},
    outcome_info{outcome::bad_redirect, "bad_redirect", failed, false,
                 "The redirect has no usable Location."},
    outcome_info{outcome::redirect_loop, "redirect_loop", failed, false,
                 "The redirects lead in a circle."},

    outcome_info{outcome::robots_disallowed, "robots_disallowed", skipped, false,
                 "robots.txt disallows it."},
    outcome_info{outcome::robots_unreachable, "robots_unreachable", skipped, false,
                 "robots.txt could not be read, which disallows everything."},
    outcome_info{outcome::out_of_scope, "out_of_scope", skipped, false,
                 "It lies outside the crawl's scope."},
    outcome_info{outcome::excluded_by_pattern, "excluded_by_pattern", skipped, false,
                 "It matches a pattern of excludePaths."},
    outcome_info{outcome::not_included_by_pattern, "not_included_by_pattern", skipped, false,
                 "It matches no pattern of includePaths."},
    outcome_info{outcome::too_deep, "too_deep", skipped, false,
                 "It is more links away from a seed than maxDepth."},
    outcome_info{outcome::over_page_limit, "over_page_limit", skipped, false,
                 "The crawl had reached its page limit."},
    outcome_info{outcome::over_duration, "over_duration", skipped, false,
                 "The crawl had reached maxDuration."},
    outcome_info{outcome::over_bytes, "over_bytes", skipped, false,
                 "The crawl had reached maxBytes."},
    outcome_info{outcome::nofollow, "nofollow", skipped, false,
                 "The page asks not to follow the link."},
    outcome_info{outcome::unsupported_scheme, "unsupported_scheme", skipped, false,
                 "Only http and https are fetched."},
    outcome_info{outcome::bad_url, "bad_url", skipped, false, "It is not a valid URL."},
    outcome_info{outcome::url_too_long, "url_too_long", skipped, false,
                 "It is longer than maxUrlLength."},
    outcome_info{outcome::redirect_out_of_scope, "redirect_out_of_scope", skipped, false,
                 "It redirects outside the crawl's scope."},
    outcome_info{outcome::redirect_to_known, "redirect_to_known", skipped, false,
                 "It redirects to a URL the crawl already knows."},
    outcome_info{outcome::redirect_target, "redirect_target", skipped, false,
                 "A redirect leads to it; what came of that stands under the URL that was "
                 "redirected."},
    outcome_info{outcome::unwanted_content_type, "unwanted_content_type", skipped, false,
                 "Its media type is not among contentTypes."},
    outcome_info{outcome::cancelled, "cancelled", skipped, false, "The crawl was cancelled."},
    outcome_info{outcome::over_host_limit, "over_host_limit", skipped, false,
                 "Its host had reached maxPagesPerHost."},
    outcome_info{outcome::repeated_segments, "repeated_segments", skipped, false,
                 "Its path repeats a segment more often than maxRepeatedSegments."},
    outcome_info{outcome::path_too_deep, "path_too_deep", skipped, false,
                 "Its path has more segments than maxPathDepth."},
    outcome_info{outcome::too_many_query_variants, "too_many_query_variants", skipped, false,
                 "Its path had been found with maxQueryVariants other queries."},
    outcome_info{outcome::too_many_subdomains, "too_many_subdomains", skipped, false,
                 "Its registrable domain had been found with maxSubdomains other hosts."},

    outcome_info{outcome::unknown, "unknown", failed, false, "An internal error of the crawler."},
};

static_assert(std::ranges::is_sorted(table, {}, &outcome_info::code));

class category_type final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "orbweaver.outcome"; }
  std::string message(int value) const override {
    return std::string(info(static_cast<outcome>(value)).description);
  }
  // `fetched` is no error, so its code converts to false.
  bool failed(int value) const noexcept override {
    return static_cast<outcome>(value) != outcome::fetched;
  }
};

}  // namespace

std::span<const outcome_info> outcome_table() noexcept { return table; }

const outcome_info& info(outcome code) noexcept {
  const auto row = std::ranges::lower_bound(table, code, {}, &outcome_info::code);
  return row != table.end() && row->code == code ? *row : table.back();
}

std::optional<outcome> outcome_from_name(std::string_view wanted) noexcept {
  const auto row = std::ranges::find(table, wanted, &outcome_info::name);
  if (row == table.end()) return std::nullopt;
  return row->code;
}

std::string_view name(outcome_kind k) noexcept { return kind_names[static_cast<std::size_t>(k)]; }

std::optional<outcome_kind> outcome_kind_from_name(std::string_view wanted) noexcept {
  const auto it = std::ranges::find(kind_names, wanted);
  if (it == kind_names.end()) return std::nullopt;
  return static_cast<outcome_kind>(it - kind_names.begin());
}

const boost::system::error_category& outcome_category() noexcept {
  static const category_type category;
  return category;
}

boost::system::error_code make_error_code(outcome code) noexcept {
  return {static_cast<int>(code), outcome_category()};
}

outcome to_outcome(const boost::system::error_code& ec) noexcept {
  if (ec.category() != outcome_category()) return outcome::unknown;
  return static_cast<outcome>(ec.value());
}

}  // namespace orbweaver
