#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

namespace orbweaver {

// How a URL ended, in one word. An HTTP answer of any status is `fetched`.
enum class outcome_kind : std::uint8_t { fetched, failed, skipped };

// The one outcome table: everything that can end a URL. Every URL that was ever discovered is
// queued, in flight, or ended in exactly one of these. The numbers are stored: never reuse one.
enum class outcome : std::uint8_t {
  fetched = 0,

  // The network. `transient` ones are tried again (see is_transient).
  dns_nxdomain = 10,
  dns_failed = 11,
  dns_timeout = 12,
  connect_refused = 20,
  connect_timeout = 21,
  connect_unreachable = 22,
  connect_failed = 23,
  blocked_address = 24,
  blocked_port = 25,
  out_of_resources = 26,
  tls_handshake_failed = 30,
  tls_timeout = 31,
  tls_expired = 32,
  tls_not_yet_valid = 33,
  tls_wrong_host = 34,
  tls_self_signed = 35,
  tls_unknown_issuer = 36,
  tls_protocol = 37,
  tls_untrusted = 38,
  send_failed = 40,
  first_byte_timeout = 41,
  total_timeout = 42,
  too_slow = 43,
  connection_reset = 44,
  connection_closed = 45,
  proxy_refused = 46,
  proxy_auth = 47,
  proxy_failed = 48,
  host_unreachable = 49,

  // What came over it.
  bad_response = 50,
  header_too_large = 51,
  too_many_headers = 52,
  too_many_interim_responses = 53,
  bad_chunk = 54,
  bad_content_length = 55,
  body_incomplete = 56,
  bad_encoding = 57,
  decode_bomb = 58,
  too_many_redirects = 60,
  bad_redirect = 61,
  redirect_loop = 62,

  // Decisions of ours.
  robots_disallowed = 80,
  robots_unreachable = 81,
  out_of_scope = 82,
  excluded_by_pattern = 83,
  not_included_by_pattern = 84,
  too_deep = 85,
  over_page_limit = 86,
  over_duration = 87,
  over_bytes = 88,
  nofollow = 89,
  unsupported_scheme = 90,
  bad_url = 91,
  url_too_long = 92,
  redirect_out_of_scope = 93,
  redirect_to_known = 94,
  redirect_target = 95,
  unwanted_content_type = 96,
  cancelled = 97,
  over_host_limit = 98,
  repeated_segments = 99,
  path_too_deep = 100,
  too_many_query_variants = 101,
  too_many_subdomains = 102,

  unknown = 255,  // a bug, wherever it appears
};

struct outcome_info {
  outcome code;
  std::string_view name;  // stable, snake_case: records, ledger, metrics
  outcome_kind kind;
  bool transient;                // worth another attempt later
  std::string_view description;  // one sentence for people
};

// The whole table in numeric order.
std::span<const outcome_info> outcome_table() noexcept;
// The row of `code`; values outside the table answer the row of `unknown`.
const outcome_info& info(outcome code) noexcept;
std::optional<outcome> outcome_from_name(std::string_view name) noexcept;

inline std::string_view name(outcome code) noexcept { return info(code).name; }
inline outcome_kind kind(outcome code) noexcept { return info(code).kind; }
inline bool is_transient(outcome code) noexcept { return info(code).transient; }
std::string_view name(outcome_kind kind) noexcept;
std::optional<outcome_kind> outcome_kind_from_name(std::string_view name) noexcept;

// Outcomes travel as error codes where an operation can also succeed with a value.
const boost::system::error_category& outcome_category() noexcept;
boost::system::error_code make_error_code(outcome code) noexcept;
// The outcome inside `ec`, or `unknown` when `ec` is of another category.
outcome to_outcome(const boost::system::error_code& ec) noexcept;

// Expected failures are values; bugs are exceptions.
template <class T = void>
using result = boost::system::result<T>;

}  // namespace orbweaver

template <>
struct boost::system::is_error_code_enum<orbweaver::outcome> : std::true_type {};
