#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace orbweaver {

// A member that a line of --batch may have: a string.
struct input_field {
  std::string_view name;
  bool required = true;
  std::optional<std::string> value{};  // UTF-8; unset: the member is missing or null
};

// Reads one JSON object (RFC 8259) into `fields`; other members are passed over, and of a member
// that is given twice the last counts. Half of a surrogate pair becomes U+FFFD, as JavaScript makes
// a USVString of it (Web IDL, section 3.2.12). Answers what is wrong, in a sentence; "": nothing.
std::string read_input(std::string_view line, std::span<input_field> fields);

// Appends {"error": "..."}. Answers false, for inspect_url() and its like to return.
bool append_error(std::string& out, std::string_view what);

// `json` with \ufffd for each \ud800 to \udfff that is not one of a pair: a view of `json` itself
// or, when something changed, of `scratch`. Nothing moves.
std::string_view replace_lone_surrogates(std::string_view json, std::string& scratch);

}  // namespace orbweaver
