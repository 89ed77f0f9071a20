#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace orbweaver {

enum class parameter_type : std::uint8_t {
  text,
  whole_number,
  boolean,
  word,          // one of `words`
  outcome_code,  // one of the table of outcomes
};

// A parameter that a call knows in its query. From these rows come both the checks of a request
// and what the description of the API says of them.
struct query_parameter {
  std::string_view name;
  parameter_type type;
  std::uint64_t minimum;                  // of a number
  std::uint64_t maximum;                  // likewise
  std::optional<std::uint64_t> fallback;  // likewise: what holds without it; unset: no number does
  std::span<const std::string_view> words;
  std::string_view help;     // one sentence or two
  std::string_view example;  // as it stands in a query, decoded
};

}  // namespace orbweaver
