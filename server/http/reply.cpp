#include "server/http/reply.hpp"

#include <algorithm>
#include <boost/beast/http/status.hpp>

namespace orbweaver {

reply reply::json(std::uint16_t status, std::string body) {
  reply out;
  out.status = status;
  out.content_type = "application/json";
  out.body = std::move(body);
  return out;
}

reply reply::from(const problem& problem, std::string_view request_id) {
  reply out;
  out.status = info(problem.code).status;
  out.refused_for = info(problem.code).name;
  out.content_type = problem_media_type;
  out.body = to_json(problem, request_id);
  if (is_worth_another_try(problem.code))
    out.headers.emplace_back("Retry-After", std::to_string(problem.retry_after));
  return out;
}

reply reply::refusal(problem_code code, std::string detail, std::string_view request_id) {
  const problem why{code, std::move(detail), {}};
  return from(why, request_id);
}

std::string_view reason_phrase(std::uint16_t status) noexcept {
  return boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
}

namespace {

bool has_field(const reply& r, std::string_view name) {
  return std::ranges::any_of(r.headers, [&](const auto& field) { return field.first == name; });
}

}  // namespace

std::string head_of(const reply& r, const reply_context& context) {
  std::string out;
  out.reserve(512);
  const auto add = [&out](std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
  };
  out.append("HTTP/1.1 ").append(std::to_string(r.status)).append(" ");
  out.append(reason_phrase(r.status)).append("\r\n");
  add("Server", "orbweaver");
  add("Date", context.date);
  add("X-Request-Id", context.request_id);
  add("X-Content-Type-Options", "nosniff");
  if (!has_field(r, "Cache-Control")) add("Cache-Control", "no-store");
  if (!r.content_type.empty()) add("Content-Type", r.content_type);
  if (!r.produce) {
    // RFC 9110 section 8.6: a 204 has no length, and that of a 304 would be the one of a 200.
    if (r.status != 204 && r.status != 304) add("Content-Length", std::to_string(r.body.size()));
  } else if (context.http_1_1) {
    add("Transfer-Encoding", "chunked");
  }
  for (const auto& [name, value] : r.headers) add(name, value);
  if (!context.keep_alive) {
    add("Connection", "close");
  } else if (!context.http_1_1) {
    add("Connection", "keep-alive");
  }
  return out += "\r\n";
}

}  // namespace orbweaver
