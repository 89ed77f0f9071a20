#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/model.hpp"
#include "server/api/problem.hpp"

namespace orbweaver {

// How a field is written in JSON. The command line writes the same values as flags.
enum class field_type : std::uint8_t {
  whole_number,
  number,
  boolean,
  text,
  word,         // one of `words`
  words,        // an array of some of `words`
  texts,        // an array of strings
  text_map,     // an object of strings
  credentials,  // {"username", "password"}
  rules,        // an object of {"regex", "group", "all", "on"}
  webhook,      // {"url", "headers", "events", "secret"}
};

// Which requests know a field.
enum class field_use : std::uint8_t {
  crawl = 1,
  fetch = 2,
  both = 3,
};

struct field_reading;

// A row of the one table of request fields: from it come the checks of JSON, the flags of the
// commands and their help, and what the status object echoes.
struct request_field {
  std::string_view name;  // as in JSON
  std::string_view flag;  // of the command line, without dashes; empty: no flag
  field_type type;
  field_use use;
  std::string_view unit;      // of a number: "pages", "seconds"
  double minimum;             // of a number, or of how many items there are
  double maximum;             // likewise
  std::string_view fallback;  // what holds without it, in words of the help
  std::span<const std::string_view> words;
  std::string_view help;  // one sentence
  // Checks the value and puts it into the reading's spec, or reports what is wrong with it.
  void (*read)(const field_reading& in, const nlohmann::json& value);
  // The value in effect. Secrets are replaced by `redacted`.
  nlohmann::json (*show)(const crawl_spec& spec);
  std::string_view example;  // JSON text
  // Of a text, or of each item of texts or a text_map; 0: it is not only a matter of length.
  std::size_t max_text_bytes = 0;
};

inline constexpr std::string_view redacted = "[redacted]";

struct field_reading {
  const request_field& field;
  crawl_spec& spec;
  std::vector<request_error>& errors;

  // `within`: pointer from the field's value to the part that is wrong, "" for all of it.
  void refuse(std::string_view within, std::string detail) const;
};

// What the field's value must be, to follow "must be": "a whole number from 1 to 5 (pages)".
std::string expectation(const request_field& field);

// "a, b, c"
std::string listed(std::span<const std::string_view> words);

inline bool used_by(const request_field& field, field_use use) noexcept {
  return (static_cast<unsigned>(field.use) & static_cast<unsigned>(use)) != 0;
}

}  // namespace orbweaver
