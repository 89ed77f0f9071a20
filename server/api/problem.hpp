#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace orbweaver {

// One mistake in a request. `pointer` is a JSON pointer into its body (RFC 6901; "" is the whole),
// or the name of a query parameter.
struct request_error {
  std::string pointer;
  std::string detail;
  bool operator==(const request_error&) const = default;
};

// Why the service refuses a request. The names are stable: clients hold on to them.
enum class problem_code : std::uint8_t {
  malformed_request,
  invalid_request,
  invalid_parameter,
  bad_cursor,
  bad_idempotency_key,
  key_required,
  key_invalid,
  scope_insufficient,
  forbidden_host,
  forbidden_origin,
  not_found,
  crawl_not_found,
  body_not_kept,
  method_not_allowed,
  not_acceptable,
  request_timeout,
  wrong_state,
  idempotency_in_progress,
  body_too_large,
  target_too_long,
  unsupported_media_type,
  expectation_failed,
  idempotency_key_reused,
  too_many_crawls,
  quota_crawls_reached,
  quota_pages_reached,
  quota_bytes_reached,
  too_many_fetches,
  too_many_attempts,
  header_too_large,
  internal_error,
  not_implemented,
  no_record,
  shutting_down,
  too_many_connections,
  overloaded,
  version_not_supported,
  storage_full,
  storage_failed,
};

struct problem_info {
  problem_code code;
  std::string_view name;
  std::uint16_t status;  // of HTTP
  std::string_view title;
};

std::span<const problem_info> problem_table() noexcept;
const problem_info& info(problem_code code) noexcept;

// Whether the refusal names a time after which to try again.
bool is_worth_another_try(problem_code code) noexcept;

// When that is unless somebody knows better, seconds: neither a drain nor a full service does.
inline constexpr std::uint32_t default_retry_after = 10;

// An answer of application/problem+json (RFC 9457).
struct problem {
  problem_code code;
  std::string detail;  // a sentence on this very occurrence; may be empty
  std::vector<request_error> errors;
  std::uint32_t retry_after = default_retry_after;  // seconds; see is_worth_another_try()
};

inline constexpr std::string_view problem_media_type = "application/problem+json";

// `request_id` is what the answer's X-Request-Id header says.
std::string to_json(const problem& problem, std::string_view request_id);

}  // namespace orbweaver
