// GET /v1/about: what a client needs to know of this service to make requests, from the tables that
// the service itself works by.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "common/version.hpp"
#include "server/api/crawl_request.hpp"
#include "server/api/json_document.hpp"
#include "server/api/operation.hpp"
#include "server/api/rest_api.hpp"

namespace orbweaver {
namespace {

using json = nlohmann::ordered_json;

std::string_view name(field_type type) {
  switch (type) {
    case field_type::whole_number: return "wholeNumber";
    case field_type::number: return "number";
    case field_type::boolean: return "boolean";
    case field_type::text: return "text";
    case field_type::word: return "word";
    case field_type::words: return "words";
    case field_type::texts: return "texts";
    case field_type::text_map: return "textMap";
    case field_type::credentials: return "credentials";
    case field_type::rules: return "rules";
    case field_type::webhook: return "webhook";
  }
  return {};
}

json request_fields_as_json() {
  json out = json::array();
  for (const request_field& field : request_fields()) {
    if (!used_by(field, field_use::crawl)) continue;
    out.push_back({{"name", field.name},
                   {"type", name(field.type)},
                   {"unit", field.unit},
                   {"minimum", field.minimum},
                   {"maximum", field.maximum},
                   {"default", field.fallback},
                   {"words", std::vector<std::string_view>(field.words.begin(), field.words.end())},
                   {"help", field.help}});
  }
  return out;
}

json outcomes_as_json() {
  json out = json::array();
  for (const outcome_info& row : outcome_table())
    out.push_back({{"code", row.name},
                   {"kind", orbweaver::name(row.kind)},
                   {"transient", row.transient},
                   {"description", row.description}});
  return out;
}

}  // namespace

task<reply> rest_api::show_about(request_context&) {
  const auto query = operation_named("getResults").query;
  const auto formats = std::ranges::find(query, "format", &query_parameter::name)->words;
  json out;
  out["version"] = version;
  out["requestFields"] = request_fields_as_json();
  out["outcomes"] = outcomes_as_json();
  out["resultFormats"] = std::vector<std::string_view>(formats.begin(), formats.end());
  co_return reply::json(200, json_text(out));
}

}  // namespace orbweaver
