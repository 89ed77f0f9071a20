#include "server/api/openapi/document.hpp"

#include <nlohmann/json.hpp>

#include "common/ascii.hpp"
#include "common/version.hpp"
#include "server/api/openapi/answer_schemas.hpp"
#include "server/api/openapi/request_schemas.hpp"
#include "server/api/openapi/responses.hpp"
#include "server/api/operation.hpp"

namespace orbweaver {
namespace {

using json = nlohmann::ordered_json;

json reference(std::string_view schema) {
  return {{"$ref", "#/components/schemas/" + std::string(schema)}};
}

json parameter_schema(const query_parameter& parameter) {
  switch (parameter.type) {
    case parameter_type::whole_number: {
      json out{{"type", "integer"}, {"minimum", parameter.minimum}, {"maximum", parameter.maximum}};
      if (parameter.fallback) out["default"] = *parameter.fallback;
      return out;
    }
    case parameter_type::boolean: return {{"type", "boolean"}, {"default", false}};
    case parameter_type::word: return {{"enum", parameter.words}};
    case parameter_type::outcome_code: return reference("OutcomeCode");
    case parameter_type::text: break;
  }
  return {{"type", "string"}};
}

json path_parameter(std::string_view name, std::string_view description, json schema) {
  return {{"name", name},
          {"in", "path"},
          {"required", true},
          {"description", description},
          {"schema", std::move(schema)}};
}

json parameters_of(const operation& op) {
  json out = json::array();
  if (op.path.find("{id}") != std::string_view::npos)
    out.push_back(path_parameter("id", "The crawl's `id`.", reference("CrawlId")));
  if (op.path.find("{seq}") != std::string_view::npos)
    out.push_back(
        path_parameter("seq", "The record's `seq`, its place in the crawl's log.",
                       {{"type", "integer"}, {"minimum", 1}, {"examples", json::array({1})}}));
  for (const header_parameter& parameter : op.headers)
    out.push_back({{"name", parameter.name},
                   {"in", "header"},
                   {"description", parameter.help},
                   {"schema",
                    {{"type", "string"},
                     {"maxLength", parameter.max_length},
                     {"pattern", parameter.pattern}}},
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
    const std::string schema =
        op.body == body_kind::crawl_request ? "CrawlRequest" : "FetchRequest";
    json content{{"schema", reference(schema)}, {"examples", request_examples().at(schema)}};
    out["requestBody"] = {{"required", true},
                          {"description", "JSON in UTF-8; fields that are not known are mistakes."},
                          {"content", {{"application/json", std::move(content)}}}};
  }
  if (access_of(op) != access_level::open)
    out["security"] = {{{std::string(key_scheme), {access_name(access_of(op))}}}, json::object()};
  out["responses"] = responses_of(op);
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
  json& schemas = out["components"]["schemas"] = request_schemas();
  schemas.update(answer_schemas());
  out["components"]["examples"] = response_examples();
  out["components"]["headers"] = response_headers();
  out["components"]["securitySchemes"] = security_schemes();
  return out.dump(2);
}

}  // namespace orbweaver
