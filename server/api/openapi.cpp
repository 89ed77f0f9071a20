#include "server/api/openapi.hpp"

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "common/ascii.hpp"
#include "common/version.hpp"
#include "common/webhook_signature.hpp"
#include "server/api/answer_schemas.hpp"
#include "server/api/crawl_request.hpp"
#include "server/api/operation.hpp"

namespace orbweaver {
namespace {

using json = nlohmann::ordered_json;

json reference(std::string_view schema) {
  return {{"$ref", "#/components/schemas/" + std::string(schema)}};
}

json whole_or_real(double value) {
  if (std::floor(value) == value) return static_cast<std::int64_t>(value);
  return value;
}

json limits(std::string_view least, std::string_view most, const request_field& field) {
  return {{least, whole_or_real(field.minimum)}, {most, whole_or_real(field.maximum)}};
}

json extract_rules(const request_field& field) {
  json rule{{"type", "object"},
            {"required", {"regex"}},
            {"additionalProperties", false},
            {"properties",
             {{"regex", {{"type", "string"}, {"description", "An RE2 pattern."}}},
              {"group", {{"type", "integer"}, {"minimum", 0}}},
              {"all", {{"type", "boolean"}, {"default", false}}},
              {"on", {{"enum", {"body", "text"}}, {"default", "body"}}}}}};
  return {{"type", "object"},
          {"maxProperties", whole_or_real(field.maximum)},
          {"additionalProperties", std::move(rule)}};
}

json webhook_schema(const request_field& field) {
  return {{"type", "object"},
          {"required", {"url"}},
          {"additionalProperties", false},
          {"properties",
           {{"url", {{"type", "string"}, {"format", "uri"}}},
            {"headers",
             {{"type", "object"},
              {"maxProperties", whole_or_real(field.maximum)},
              {"additionalProperties", {{"type", "string"}}},
              {"description", "Further headers to send."}}},
            {"events",
             {{"type", "array"},
              {"minItems", 1},
              {"items", {{"enum", webhook_event_names}}},
              {"default", webhook_event_names}}},
            {"secret",
             {{"type", "string"},
              {"minLength", min_webhook_secret_bytes},
              {"maxLength", max_webhook_secret_bytes},
              {"pattern", "^[!-~]+$"},
              {"description", "Default: the service's, which must have one then."}}}}}};
}

// Which values the field takes. What cannot be said here, such as that a pattern must compile, is
// checked all the same.
json type_schema(const request_field& field) {
  switch (field.type) {
    case field_type::whole_number:
    case field_type::number: {
      json out{{"type", field.type == field_type::number ? "number" : "integer"}};
      out.update(limits("minimum", "maximum", field));
      return out;
    }
    case field_type::boolean: return {{"type", "boolean"}};
    case field_type::text: return {{"type", "string"}};
    case field_type::word: return {{"enum", field.words}};
    case field_type::words: return {{"type", "array"}, {"items", {{"enum", field.words}}}};
    case field_type::texts: {
      json out{{"type", "array"}, {"items", {{"type", "string"}}}};
      out.update(limits("minItems", "maxItems", field));
      return out;
    }
    case field_type::text_map:
      return {{"type", "object"},
              {"maxProperties", whole_or_real(field.maximum)},
              {"additionalProperties", {{"type", "string"}}}};
    case field_type::rules: return extract_rules(field);
    case field_type::webhook: return webhook_schema(field);
    case field_type::credentials:
      return {
          {"type", "object"},
          {"required", {"username", "password"}},
          {"additionalProperties", false},
          {"properties", {{"username", {{"type", "string"}}}, {"password", {{"type", "string"}}}}}};
  }
  return {};
}

// Whether null stands for the default, as in a request that is shown and sent again.
bool takes_null(const request_field& field) {
  crawl_spec spec;
  std::vector<request_error> errors;
  field.read({field, spec, errors}, nullptr);
  return errors.empty();
}

json field_schema(const request_field& field) {
  json out = type_schema(field);
  if (takes_null(field)) out["type"] = json::array({out.at("type"), "null"});
  std::string description(field.help);
  if (!field.unit.empty()) description += " In " + std::string(field.unit) + ".";
  if (!field.fallback.empty()) description += " Default: " + std::string(field.fallback) + ".";
  out["description"] = std::move(description);
  if (field.show != nullptr)
    if (json value = field.show({}); !value.is_null()) out["default"] = std::move(value);
  // Not a list in braces: one that holds two words alone would become an object of them.
  out["examples"] = json::array({json::parse(field.example)});
  return out;
}

json request_schema(field_use use, std::string_view target) {
  json properties = json::object();
  for (const request_field& field : request_fields())
    if (used_by(field, use)) properties[std::string(field.name)] = field_schema(field);
  return {{"type", "object"},
          {"required", {target}},
          {"additionalProperties", false},
          {"properties", std::move(properties)}};
}

template <class Row>
json names_of(std::span<const Row> table) {
  json out = json::array();
  for (const Row& row : table) out.push_back(row.name);
  return {{"enum", std::move(out)}};
}

json outcome_codes() {
  json out = names_of(outcome_table());
  std::string text = "How a URL has ended:\n";
  for (const outcome_info& row : outcome_table())
    text.append("\n- `").append(row.name).append("`: ").append(row.description);
  out["description"] = std::move(text);
  return out;
}

json schemas() {
  json out{{"CrawlRequest", request_schema(field_use::crawl, "urls")},
           {"FetchRequest", request_schema(field_use::fetch, "url")}};
  out.update(answer_schemas());
  out["OutcomeCode"] = outcome_codes();
  out["ProblemCode"] = names_of(problem_table());
  return out;
}

json parameter_schema(const query_parameter& parameter) {
  switch (parameter.type) {
    case parameter_type::whole_number:
      return {{"type", "integer"},
              {"minimum", parameter.minimum},
              {"maximum", parameter.maximum},
              {"default", parameter.fallback}};
    case parameter_type::boolean: return {{"type", "boolean"}, {"default", false}};
    case parameter_type::word: return {{"enum", parameter.words}};
    case parameter_type::outcome_code: return reference("OutcomeCode");
    case parameter_type::text: break;
  }
  return {{"type", "string"}};
}

json parameters_of(const operation& op) {
  json out = json::array();
  if (op.path.find("{id}") != std::string_view::npos)
    out.push_back({{"name", "id"},
                   {"in", "path"},
                   {"required", true},
                   {"description", "The crawl's id."},
                   {"schema", reference("CrawlId")}});
  if (op.path.find("{seq}") != std::string_view::npos)
    out.push_back({{"name", "seq"},
                   {"in", "path"},
                   {"required", true},
                   {"description", "The record's place in the crawl's log."},
                   {"schema", {{"type", "integer"}, {"minimum", 1}}}});
  for (const header_parameter& parameter : op.headers)
    out.push_back({{"name", parameter.name},
                   {"in", "header"},
                   {"description", parameter.help},
                   {"schema",
                    {{"type", "string"},
                     {"minLength", 1},
                     {"maxLength", parameter.max_length},
                     {"pattern", "^[!-~]+$"}}},
                   {"example", parameter.example}});
  for (const query_parameter& parameter : op.query) {
    json row{{"name", parameter.name},
             {"in", "query"},
             {"description", parameter.help},
             {"schema", parameter_schema(parameter)}};
    const bool is_text =
        parameter.type == parameter_type::text || parameter.type == parameter_type::outcome_code;
    if (is_text && !parameter.example.empty()) row["example"] = parameter.example;
    out.push_back(std::move(row));
  }
  return out;
}

json header(std::string_view description) {
  return {{"description", description}, {"schema", {{"type", "string"}}}};
}

void add_success(json& responses, const success_answer& answer) {
  json& response = responses[std::to_string(answer.status)];
  if (response.is_null()) {
    response["description"] = answer.description;
    response["headers"]["X-Request-Id"] = header("Names this request in the service's log.");
    if (answer.status == 201) response["headers"]["Location"] = header("Where it is.");
  }
  if (answer.media_type.empty()) return;
  json schema = answer.schema.empty() ? json::object() : reference(answer.schema);
  response["content"][std::string(answer.media_type)]["schema"] = std::move(schema);
}

// Problems that share a status make one response.
void add_problems(json& responses, const operation& op) {
  std::map<std::uint16_t, std::vector<const problem_info*>> by_status;
  for (const auto& codes : {op.problems, access_problems(access_of(op)), common_problems()})
    for (const problem_code code : codes) {
      auto& rows = by_status[info(code).status];
      if (std::ranges::find(rows, &info(code)) == rows.end()) rows.push_back(&info(code));
    }
  for (const auto& [status, rows] : by_status) {
    std::string text;
    for (const problem_info* row : rows)
      text.append("- `").append(row->name).append("`: ").append(row->title).append(".\n");
    const problem example{rows.front()->code, "", {}};
    json& response = responses[std::to_string(status)];
    response["description"] = std::move(text);
    if (std::ranges::any_of(rows, [](auto* row) { return is_worth_another_try(row->code); }))
      response["headers"]["Retry-After"] = header("Seconds to wait before another try.");
    if (status == 401) response["headers"]["WWW-Authenticate"] = header("Bearer (RFC 6750).");
    response["content"][std::string(problem_media_type)] = {
        {"schema", reference("Problem")},
        {"example", json::parse(to_json(example, "5f0c1e9a7b3d2846"))}};
  }
}

constexpr std::string_view key_scheme = "apiKey";

// Roles of a scheme that is not OAuth's (OpenAPI 3.1, Security Requirement Object).
std::string_view access_name(access_level level) {
  return level == access_level::write ? "write" : "read";
}

// Without any key the service asks for none, so each requirement has an empty one beside it.
json security_schemes() {
  return {
      {std::string(key_scheme),
       {{"type", "http"},
        {"scheme", "bearer"},
        {"description",
         "A key that `orbweaver key create` has made. A service without keys asks for none, and "
         "listens on loopback only. A key of scope `read` may look at everything; `write` is "
         "for calls that start, change or delete crawls or fetch pages."}}}};
}

json tags() {
  return {{{"name", "crawls"}, {"description", "Start, steer and remove crawls"}},
          {{"name", "results"}, {"description", "What a crawl brings, and how it goes"}},
          {{"name", "pages"}, {"description", "Single pages, without a crawl"}},
          {{"name", "service"}, {"description", "The service itself"}}};
}

// By what the path is about.
std::string_view tag_of(const operation& op) {
  const bool part = op.path.starts_with("/v1/crawls/{id}/");
  if (part && op.method == "GET") return "results";
  if (op.path.starts_with("/v1/crawls")) return "crawls";
  return op.path.starts_with("/v1/fetch") ? "pages" : "service";
}

json operation_object(const operation& op) {
  json out{{"operationId", op.id}, {"tags", json::array({tag_of(op)})}, {"summary", op.summary}};
  if (!op.description.empty()) out["description"] = op.description;
  if (json parameters = parameters_of(op); !parameters.empty())
    out["parameters"] = std::move(parameters);
  if (op.body != body_kind::none) {
    const bool crawl = op.body == body_kind::crawl_request;
    json example = crawl ? json{{"urls", json::array({"https://example.com/"})}, {"limit", 100}}
                         : json{{"url", "https://example.com/"}};
    out["requestBody"] = {{"required", true},
                          {"content",
                           {{"application/json",
                             {{"schema", reference(crawl ? "CrawlRequest" : "FetchRequest")},
                              {"example", std::move(example)}}}}}};
  }
  if (access_of(op) != access_level::open)
    out["security"] = {{{std::string(key_scheme), {access_name(access_of(op))}}}, json::object()};
  json& responses = out["responses"] = json::object();
  for (const success_answer& answer : op.answers) add_success(responses, answer);
  add_problems(responses, op);
  return out;
}

}  // namespace

std::string openapi_document() {
  json out{{"openapi", "3.1.0"},
           {"info",
            {{"title", "Orbweaver"},
             {"version", version},
             {"summary", "Crawls web sites: start crawls, watch them, read every page's record."},
             {"license", {{"name", "MIT"}, {"identifier", "MIT"}}}}},
           {"servers", {{{"url", "/"}}}},
           {"tags", tags()}};
  json& paths = out["paths"] = json::object();
  for (const operation& op : operations())
    paths[std::string(op.path)][ascii_lowered(op.method)] = operation_object(op);
  out["components"]["schemas"] = schemas();
  out["components"]["securitySchemes"] = security_schemes();
  return out.dump(2);
}

}  // namespace orbweaver
