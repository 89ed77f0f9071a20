#include "server/api/problem.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "server/api/json_document.hpp"

namespace orbweaver {
namespace {

using enum problem_code;

constexpr std::array table{
    problem_info{malformed_request, "malformed_request", 400, "The request is not valid HTTP"},
    problem_info{invalid_request, "invalid_request", 400, "The request has mistakes"},
    problem_info{invalid_parameter, "invalid_parameter", 400, "The query has mistakes"},
    problem_info{bad_cursor, "bad_cursor", 400, "The cursor is not one of this list"},
    problem_info{bad_idempotency_key, "bad_idempotency_key", 400,
                 "Idempotency-Key must be 1 to 255 printable ASCII characters, once"},
    problem_info{key_required, "key_required", 401, "An API key is needed"},
    problem_info{key_invalid, "key_invalid", 401, "This is no API key of this service"},
    problem_info{scope_insufficient, "scope_insufficient", 403, "The API key may only read"},
    problem_info{forbidden_host, "forbidden_host", 403, "The request names another host"},
    problem_info{forbidden_origin, "forbidden_origin", 403,
                 "Pages of other sites may not call this service"},
    problem_info{not_found, "not_found", 404, "There is nothing here"},
    problem_info{crawl_not_found, "crawl_not_found", 404, "There is no such crawl"},
    problem_info{body_not_kept, "body_not_kept", 404, "No body was kept of this record"},
    problem_info{method_not_allowed, "method_not_allowed", 405, "The method is not allowed here"},
    problem_info{not_acceptable, "not_acceptable", 406, "No such format is offered"},
    problem_info{request_timeout, "request_timeout", 408, "The request came too slowly"},
    problem_info{wrong_state, "wrong_state", 409, "The crawl's state does not allow this"},
    problem_info{idempotency_in_progress, "idempotency_in_progress", 409,
                 "A request with this Idempotency-Key is being worked on"},
    problem_info{body_too_large, "body_too_large", 413, "The body is too large"},
    problem_info{target_too_long, "target_too_long", 414, "The request target is too long"},
    problem_info{unsupported_media_type, "unsupported_media_type", 415,
                 "The body must be application/json"},
    problem_info{expectation_failed, "expectation_failed", 417, "The expectation cannot be met"},
    problem_info{idempotency_key_reused, "idempotency_key_reused", 422,
                 "This Idempotency-Key came with another body before"},
    problem_info{too_many_crawls, "too_many_crawls", 429, "Too many unfinished crawls"},
    problem_info{quota_crawls_reached, "quota_crawls_reached", 429,
                 "The API key has as many unfinished crawls as it may"},
    problem_info{quota_pages_reached, "quota_pages_reached", 429,
                 "The API key has used up its pages of the day"},
    problem_info{quota_bytes_reached, "quota_bytes_reached", 429,
                 "The API key has used up its bytes of the day"},
    problem_info{too_many_fetches, "too_many_fetches", 429, "Too many fetches of single pages"},
    problem_info{too_many_attempts, "too_many_attempts", 429,
                 "The API key is not valid, and such a one came too often"},
    problem_info{header_too_large, "header_too_large", 431, "The request header is too large"},
    problem_info{internal_error, "internal_error", 500, "An internal error"},
    problem_info{not_implemented, "not_implemented", 501, "Not supported"},
    problem_info{no_record, "no_record", 502, "The fetch ended without a record"},
    problem_info{shutting_down, "shutting_down", 503, "The service is shutting down"},
    problem_info{too_many_connections, "too_many_connections", 503, "Too many connections"},
    problem_info{overloaded, "overloaded", 503, "Too much is being sent at one time"},
    problem_info{version_not_supported, "version_not_supported", 505,
                 "The HTTP version is not supported"},
    problem_info{storage_full, "storage_full", 507, "The disk is full"},
    problem_info{storage_failed, "storage_failed", 507, "The disk fails"},
};

static_assert(std::ranges::is_sorted(table, {}, &problem_info::code));
static_assert(table.size() == static_cast<std::size_t>(storage_failed) + 1);

}  // namespace

std::span<const problem_info> problem_table() noexcept { return table; }

const problem_info& info(problem_code code) noexcept {
  return table[static_cast<std::size_t>(code)];
}

bool is_worth_another_try(problem_code code) noexcept {
  const std::uint16_t status = info(code).status;
  return status == 429 || status == 503 || status == 507 ||
         code == problem_code::idempotency_in_progress;
}

std::string to_json(const problem& p, std::string_view request_id) {
  const problem_info& row = info(p.code);
  nlohmann::ordered_json out{{"type", "about:blank"},
                             {"title", row.title},
                             {"status", row.status},
                             {"code", row.name},
                             {"requestId", request_id}};
  if (!p.detail.empty()) out["detail"] = p.detail;
  if (!p.errors.empty()) {
    auto& errors = out["errors"] = nlohmann::ordered_json::array();
    for (const request_error& e : p.errors)
      errors.push_back({{"pointer", e.pointer}, {"detail", e.detail}});
  }
  return json_text(out);
}

}  // namespace orbweaver
