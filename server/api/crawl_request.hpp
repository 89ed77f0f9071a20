#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "crawler/model.hpp"
#include "server/api/problem.hpp"
#include "server/api/request_field.hpp"

namespace orbweaver {

inline constexpr std::size_t max_seeds = 100'000;
inline constexpr std::size_t max_patterns = 100;  // of each list
inline constexpr std::size_t max_pattern_bytes = 1000;
// Instructions of all patterns of a request together, those of `extract` included. It bounds the
// time that one URL may take to be judged, and the memory of a crawl.
inline constexpr std::size_t max_pattern_cost = 50'000;
inline constexpr std::size_t max_labels = 64;
inline constexpr std::size_t max_extract_group = 1000;   // of a pattern, in a rule of `extract`
inline constexpr std::size_t max_request_errors = 1000;  // reported at once; the rest is counted

// The table, in the order of the documentation.
std::span<const request_field> request_fields() noexcept;
// nullptr: no request has such a field.
const request_field* find_request_field(std::string_view name) noexcept;

// What a service allows of that which the table does.
struct request_caps {
  std::uint64_t max_body_bytes = 1 << 30;
  bool signs_webhooks = false;  // also those without a secret of their own
};

using parsed_request = std::variant<crawl_spec, std::vector<request_error>>;

// The body of POST /v1/crawls. Reports every mistake at once.
parsed_request parse_crawl_request(std::string_view json, const request_caps& caps = {});
// The body of POST /v1/fetch: `url`, and of a crawl's fields those that concern one page.
parsed_request parse_fetch_request(std::string_view json, const request_caps& caps = {});

// Every field of a crawl request with the value in effect, at most `seeds` of the seeds, secrets
// redacted.
nlohmann::ordered_json request_as_json(const crawl_spec& spec, std::size_t seeds);

}  // namespace orbweaver
