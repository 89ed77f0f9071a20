#include "crawler/export/csv.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace orbweaver {
namespace {

using nlohmann::json;

// A column and the member it shows; of an object, one of its members.
struct column {
  std::string_view name;
  std::string_view member;
  std::string_view within;
};

constexpr std::array<column, 24> columns{{
    {"seq", "seq", ""},
    {"url", "url", ""},
    {"finalUrl", "finalUrl", ""},
    {"outcome", "outcome", ""},
    {"status", "status", ""},
    {"code", "", "code"},  // of the error or of the reason, whichever there is
    {"message", "", "message"},
    {"depth", "depth", ""},
    {"referrer", "referrer", ""},
    {"redirects", "redirects", ""},  // how many
    {"contentType", "contentType", ""},
    {"charset", "charset", ""},
    {"language", "language", ""},
    {"title", "title", ""},
    {"canonical", "canonical", ""},
    {"bytes", "bytes", ""},
    {"bytesOnWire", "bytesOnWire", ""},
    {"truncated", "truncated", ""},
    {"contentHash", "contentHash", ""},
    {"duplicateOf", "duplicateOf", ""},
    {"change", "change", ""},
    {"totalSeconds", "timings", "total"},
    {"fetchedAt", "fetchedAt", ""},
    {"attempts", "attempts", ""},
}};

// Large members that no column shows are not even built.
bool has_column(std::string_view member) {
  return member == "error" || member == "reason" ||
         std::ranges::find(columns, member, &column::member) != columns.end();
}

const json* find(const json& object, std::string_view member) {
  const auto it = object.find(member);
  return it == object.end() ? nullptr : &*it;
}

const json* value_of(const json& record, const column& c) {
  const json* outer = nullptr;
  if (c.member.empty()) {
    outer = find(record, "error");
    if (!outer) outer = find(record, "reason");
  } else {
    outer = find(record, c.member);
  }
  return outer && !c.within.empty() ? find(*outer, c.within) : outer;
}

// OWASP, "CSV Injection": the characters that make a cell a formula somewhere.
bool may_be_formula(std::string_view text) {
  return !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
}

// RFC 4180 section 2, rules 5 to 7.
void append_text(std::string& out, std::string_view text) {
  const bool formula = may_be_formula(text);
  if (!formula && text.find_first_of("\",\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  if (formula) out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void append_cell(std::string& out, const json& value) {
  if (value.is_array()) {
    out += std::to_string(value.size());
  } else if (value.is_string()) {
    append_text(out, value.get_ref<const std::string&>());
  } else if (!value.is_null()) {
    out += value.dump();
  }
}

}  // namespace

void append_csv_header(std::string& out) {
  for (const column& c : columns) {
    if (&c != columns.begin()) out += ',';
    out += c.name;
  }
  out += "\r\n";
}

void append_csv_row(std::string& out, std::string_view record) {
  const auto wanted = [](int depth, json::parse_event_t event, json& parsed) {
    return event != json::parse_event_t::key || depth != 1 ||
           has_column(parsed.get_ref<const std::string&>());
  };
  const json object = json::parse(record, wanted);
  for (const column& c : columns) {
    if (&c != columns.begin()) out += ',';
    if (const json* value = value_of(object, c)) append_cell(out, *value);
  }
  out += "\r\n";
}

}  // namespace orbweaver
