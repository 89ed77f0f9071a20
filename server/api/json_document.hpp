#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/problem.hpp"

namespace orbweaver {

// Bounds on a document, so that its tree stays within a small multiple of its text and no reader
// of it recurses deeply.
inline constexpr std::size_t max_json_depth = 16;
inline constexpr std::size_t max_json_values = 250'000;

struct json_document {
  std::unique_ptr<nlohmann::json> value;  // null: not readable, and errors[0] says why
  std::vector<request_error> errors;      // duplicate keys are reported beside a value
};

// Reads strict JSON (RFC 8259) in UTF-8.
json_document parse_json(std::string_view text);

// nlohmann's parser takes a NUL between tokens for the end of the text, and what is behind it is
// never seen. Where the first one stands; npos: there is none.
inline std::size_t find_nul(std::string_view json) noexcept { return json.find('\0'); }

// As an answer carries it. What is not UTF-8, and so no JSON, is replaced.
std::string json_text(const nlohmann::ordered_json& value);

// `pointer` and one more reference token, escaped as RFC 6901 section 3 says.
std::string child_pointer(std::string_view pointer, std::string_view token);

}  // namespace orbweaver
