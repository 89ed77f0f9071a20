#include "server/api/request_field.hpp"

#include "server/api/json_document.hpp"

namespace orbweaver {
namespace {

// All limits of the table are whole or have few decimals: 0.01, 1000000000.
std::string plain_number(double value) {
  if (value == static_cast<double>(static_cast<std::int64_t>(value)))
    return std::to_string(static_cast<std::int64_t>(value));
  std::string out = std::to_string(value);
  out.erase(out.find_last_not_of('0') + 1);
  return out;
}

std::string range(const request_field& field) {
  return plain_number(field.minimum) + " to " + plain_number(field.maximum);
}

}  // namespace

std::string listed(std::span<const std::string_view> words) {
  std::string out;
  for (const std::string_view word : words) {
    if (!out.empty()) out += ", ";
    out += word;
  }
  return out;
}

void field_reading::refuse(std::string_view within, std::string detail) const {
  errors.push_back({child_pointer("", field.name) + std::string(within), std::move(detail)});
}

std::string expectation(const request_field& field) {
  const std::string unit = field.unit.empty() ? "" : " " + std::string(field.unit);
  switch (field.type) {
    case field_type::whole_number: return "a whole number, " + range(field) + unit;
    case field_type::number: return "a number, " + range(field) + unit;
    case field_type::boolean: return "true or false";
    case field_type::text: return "a string";
    case field_type::word: return "one of " + listed(field.words);
    case field_type::words: return "an array of any of " + listed(field.words);
    case field_type::texts: return "an array of " + range(field) + " strings";
    case field_type::text_map:
      return "an object of at most " + plain_number(field.maximum) + " strings";
    case field_type::rules: return "an object of at most " + plain_number(field.maximum) + " rules";
    case field_type::credentials: return "an object of username and password";
    case field_type::webhook: return "an object with a url";
  }
  return {};
}

}  // namespace orbweaver
