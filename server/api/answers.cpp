#include "server/api/answers.hpp"

#include "crawler/fetch/media_type.hpp"
#include "crawler/job/account_book.hpp"
#include "server/api/cursor.hpp"

namespace orbweaver {
namespace {

problem_code code_of(const boost::system::error_code& why) {
  switch (static_cast<service_error>(why.value())) {
    case service_error::not_found: return problem_code::crawl_not_found;
    case service_error::wrong_state: return problem_code::wrong_state;
    case service_error::too_many_crawls: return problem_code::too_many_crawls;
    case service_error::shutting_down: return problem_code::shutting_down;
    case service_error::bad_cursor: return problem_code::bad_cursor;
    case service_error::no_record: return problem_code::no_record;
    case service_error::storage_full: return problem_code::storage_full;
    case service_error::storage_failed: return problem_code::storage_failed;
    case service_error::no_body: return problem_code::body_not_kept;
    case service_error::account_crawls: return problem_code::quota_crawls_reached;
    case service_error::account_pages: return problem_code::quota_pages_reached;
    case service_error::account_bytes: return problem_code::quota_bytes_reached;
  }
  return problem_code::internal_error;
}

}  // namespace

reply refuse(const request_context& request, const problem& why) {
  return reply::from(why, request.id);
}

reply refuse(const request_context& request, problem_code code, std::string detail) {
  const problem why{code, std::move(detail), {}};
  return refuse(request, why);
}

reply refuse_mistakes(const request_context& request, std::vector<request_error> errors) {
  const problem why{problem_code::invalid_request, "", std::move(errors)};
  return refuse(request, why);
}

reply refuse(const request_context& request, const boost::system::error_code& why) {
  if (why.category() != service_category()) return refuse(request, problem_code::internal_error);
  problem out{code_of(why), "", {}};
  if (out.code == problem_code::quota_pages_reached ||
      out.code == problem_code::quota_bytes_reached)
    out.retry_after = static_cast<std::uint32_t>(rest_of_day(wall_clock::now()).count());
  return refuse(request, out);
}

std::string account_of(const request_context& request) {
  return request.key ? request.key->id : std::string();
}

std::optional<crawl_id> id_of(const request_context& request) {
  return crawl_id::parse(request.captures.at(0));
}

reply no_such_crawl(const request_context& request) {
  return refuse(request, problem_code::crawl_not_found);
}

reply page_of(const request_context& request, std::string_view items,
              std::optional<std::uint64_t> next) {
  std::string out = "{\"data\":[";
  out.append(items).append("],\"next\":");
  if (next) {
    out.append("\"").append(write_cursor(request.target.path, *next)).append("\"}");
  } else {
    out += "null}";
  }
  return reply::json(200, std::move(out));
}

std::optional<reply> unless_json(const request_context& request) {
  const std::string_view given = request.head.field("Content-Type");
  const auto type = parse_media_type(given);
  if (type && type->essence == "application/json") return std::nullopt;
  // A page elsewhere can make a browser post a form, but not without saying where it comes from
  // (Fetch standard, section 3.1); whoever says nothing is a program, like curl, and means JSON.
  const bool browser =
      !request.head.field("Origin").empty() || !request.head.field("Sec-Fetch-Site").empty();
  const bool unsaid =
      given.empty() || (type && type->essence == "application/x-www-form-urlencoded");
  if (unsaid && !browser) return std::nullopt;
  std::string detail = "Content-Type is " + std::string(given) + ".";
  if (given.empty()) detail = "Content-Type is missing.";
  return refuse(request, problem_code::unsupported_media_type, std::move(detail));
}

}  // namespace orbweaver
