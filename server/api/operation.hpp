#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "server/api/problem.hpp"
#include "server/api/query_parameter.hpp"
#include "server/http/access_level.hpp"

namespace orbweaver {

// Prometheus's text format.
inline constexpr std::string_view metrics_media_type = "text/plain; version=0.0.4; charset=utf-8";

enum class body_kind : std::uint8_t { none, crawl_request, fetch_request };

// One way in which a call answers when all is well.
struct success_answer {
  std::uint16_t status;
  std::string_view media_type;  // empty: there is no body
  // The name of one of answer_schemas(): of the answer if it is JSON, else of what each of its
  // lines, rows or events tells; empty: none.
  std::string_view schema;
  std::string_view description;
};

// A request header that a call knows, beside those of HTTP and Authorization.
struct header_parameter {
  std::string_view name;
  std::string_view help;
  std::string_view pattern;  // a regular expression as JSON Schema has them
  std::size_t max_length;    // bytes
  std::string_view example;
};

// One call of the REST API. What stands here is what requests are held to and what
// /openapi.json says, so that the two cannot drift apart.
struct operation {
  std::string_view id;
  std::string_view method;
  std::string_view path;  // "/v1/crawls/{id}"
  std::string_view summary;
  std::string_view description;
  std::span<const query_parameter> query;
  body_kind body;
  std::span<const success_answer> answers;
  // Beside those that any call may meet: see common_problems().
  std::span<const problem_code> problems;
  bool open = false;   // to callers without a key as well
  bool vital = false;  // answered as well when there are too many connections
  std::span<const header_parameter> headers = {};
};

// What a key must allow: reading for GET, else writing.
constexpr access_level access_of(const operation& op) noexcept {
  if (op.open) return access_level::open;
  return op.method == "GET" ? access_level::read : access_level::write;
}

std::span<const operation> operations() noexcept;
// Throws std::logic_error if there is no such operation.
const operation& operation_named(std::string_view id);

// What any call may be refused with, and what one of this level may be for want of a key.
std::span<const problem_code> common_problems() noexcept;
std::span<const problem_code> access_problems(access_level level) noexcept;

}  // namespace orbweaver
