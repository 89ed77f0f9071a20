#include "server/commands/inspect_input.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "crawler/export/json_text.hpp"
#include "server/api/json_document.hpp"

namespace orbweaver {
namespace {

using nlohmann::json;

// Takes the strings of the outermost object; whatever else there is, is only checked.
class field_reader final : public nlohmann::json_sax<json> {
 public:
  explicit field_reader(std::span<input_field> fields) : fields_(fields) {}

  bool null() override { return take(std::nullopt); }
  bool boolean(bool) override { return other(); }
  bool number_integer(number_integer_t) override { return other(); }
  bool number_unsigned(number_unsigned_t) override { return other(); }
  bool number_float(number_float_t, const string_t&) override { return other(); }
  bool string(string_t& v) override { return depth_ == 0 ? other() : take(std::move(v)); }
  bool binary(binary_t&) override { return false; }  // never in text
  bool start_object(std::size_t) override { return (depth_ == 0 || other()) && ++depth_; }
  bool end_object() override { return depth_-- > 0; }
  bool start_array(std::size_t) override { return other() && ++depth_; }
  bool end_array() override { return depth_-- > 0; }

  bool key(string_t& name) override {
    if (depth_ != 1) return true;
    const auto found = std::ranges::find(fields_, name, &input_field::name);
    current_ = found == fields_.end() ? nullptr : &*found;
    return true;
  }

  bool parse_error(std::size_t at, const std::string&, const json::exception&) override {
    wrong_ = "The line is not JSON, from byte " + std::to_string(at) + " on.";
    return false;
  }

  std::string wrong() && { return std::move(wrong_); }

 private:
  bool take(std::optional<std::string>&& value) {
    if (depth_ == 0) return other();
    if (depth_ == 1 && current_) current_->value = std::move(value);
    return true;
  }

  // A value that is no string.
  bool other() {
    if (depth_ == 0) {
      wrong_ = "The line is not a JSON object.";
      return false;
    }
    if (depth_ > 1 || !current_) return true;
    wrong_ = '"' + std::string(current_->name) + "\" must be a string.";
    return false;
  }

  std::span<input_field> fields_;
  input_field* current_ = nullptr;  // the member of the outermost object that is being read
  std::size_t depth_ = 0;
  std::string wrong_;
};

// The value of "\uXXXX" at `at`, if that is what stands there.
std::optional<unsigned> escaped_unit(std::string_view text, std::size_t at) noexcept {
  if (!text.substr(at).starts_with("\\u") || text.size() - at < 6) return std::nullopt;
  unsigned value = 0;
  const char* end = text.data() + at + 6;
  const auto parsed = std::from_chars(text.data() + at + 2, end, value, 16);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return value;
}

// False for what is no unit.
constexpr bool is_high(std::optional<unsigned> unit) noexcept {
  return unit && *unit >= 0xd800 && *unit < 0xdc00;
}
constexpr bool is_low(std::optional<unsigned> unit) noexcept {
  return unit && *unit >= 0xdc00 && *unit < 0xe000;
}

}  // namespace

std::string_view replace_lone_surrogates(std::string_view text, std::string& scratch) {
  constexpr std::string_view replacement = "fffd";
  bool changed = false;
  for (std::size_t at = text.find('\\'); at < text.size(); at = text.find('\\', at)) {
    const auto unit = escaped_unit(text, at);
    if (!unit) {
      at += 2;  // "\\u" is no escape of a unit
      continue;
    }
    const bool pair = is_high(unit) && is_low(escaped_unit(text, at + 6));
    if (!pair && (is_high(unit) || is_low(unit))) {
      if (!changed) scratch = text;
      changed = true;
      scratch.replace(at + 2, replacement.size(), replacement);
    }
    at += pair ? 12 : 6;
  }
  return changed ? std::string_view(scratch) : text;
}

std::string read_input(std::string_view line, std::span<input_field> fields) {
  if (const std::size_t nul = find_nul(line); nul != line.npos)
    return "The line is not JSON, from byte " + std::to_string(nul + 1) + " on.";
  std::string scratch;
  field_reader reader(fields);
  if (!json::sax_parse(replace_lone_surrogates(line, scratch), &reader))
    return std::move(reader).wrong();
  for (const input_field& field : fields)
    if (field.required && !field.value) return '"' + std::string(field.name) + "\" is missing.";
  return {};
}

bool append_error(std::string& out, std::string_view what) {
  out += "{\"error\":";
  append_json_string(out, what);
  out += '}';
  return false;
}

}  // namespace orbweaver
