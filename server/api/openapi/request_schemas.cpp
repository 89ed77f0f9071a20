#include "server/api/openapi/request_schemas.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "common/webhook_signature.hpp"
#include "crawler/parse/extract.hpp"
#include "server/api/crawl_request.hpp"
#include "server/api/field_readers.hpp"
#include "server/api/render.hpp"
#include "server/api/seed_url.hpp"

namespace orbweaver {
namespace {

using json = nlohmann::ordered_json;

json whole_or_real(double value) {
  if (std::floor(value) == value) return static_cast<std::int64_t>(value);
  return value;
}

json limits(std::string_view least, std::string_view most, const request_field& field) {
  return {{least, whole_or_real(field.minimum)}, {most, whole_or_real(field.maximum)}};
}

// A schema counts characters, so it lets some texts pass that have too many bytes.
json texts(std::string_view description, std::size_t max_bytes = 0) {
  json out{{"type", "string"}};
  if (max_bytes != 0) out["maxLength"] = max_bytes;
  if (!description.empty()) out["description"] = description;
  return out;
}

json closed_object(json required, json properties) {
  return {{"type", "object"},
          {"required", std::move(required)},
          {"additionalProperties", false},
          {"properties", std::move(properties)}};
}

json extract_rules(const request_field& field) {
  json rule = closed_object(
      json::array({"regex"}),
      {{"regex",
        texts("An RE2 pattern, looked for anywhere in the page.", extractor::max_pattern_bytes)},
       {"group",
        {{"type", "integer"},
         {"minimum", 0},
         {"maximum", max_extract_group},
         {"description",
          "Which group of the pattern is the value; 0: the whole match. Default: 1, or 0 for a "
          "pattern without groups."}}},
       {"all",
        {{"type", "boolean"},
         {"default", false},
         {"description", "Whether every match is taken, as a list, or the first one alone."}}},
       {"on",
        {{"enum", {"body", "text"}},
         {"default", "body"},
         {"description", "Where to look: in the page's source, or in what a reader sees."}}}});
  rule["description"] = "What to pull from each page.";
  return {{"type", "object"},
          {"maxProperties", whole_or_real(field.maximum)},
          {"propertyNames", {{"minLength", 1}, {"maxLength", field_readers::max_rule_name_bytes}}},
          {"additionalProperties", std::move(rule)}};
}

json webhook_schema(const request_field& field) {
  json url =
      texts("Where messages are sent by POST, an absolute URL of http or https.", max_seed_bytes);
  url["format"] = "uri";
  return closed_object(
      json::array({"url"}),
      {{"url", std::move(url)},
       {"headers",
        {{"type", "object"},
         {"maxProperties", whole_or_real(field.maximum)},
         {"additionalProperties", texts("")},
         {"default", json::object()},
         {"description", "Further headers to send, by name."}}},
       {"events",
        {{"type", "array"},
         {"minItems", 1},
         {"maxItems", webhook_event_names.size()},
         {"items", {{"enum", webhook_event_names}}},
         {"default", webhook_event_names},
         {"description", "Which events are told."}}},
       {"secret",
        {{"type", "string"},
         {"minLength", min_webhook_secret_bytes},
         {"maxLength", max_webhook_secret_bytes},
         {"pattern", "^[!-~]+$"},
         {"description",
          "What messages are signed with; behind `whsec_` it is in base 64. Default: the service's "
          "webhook-secret, which must be set then."}}}});
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
    case field_type::text: return texts("", field.max_text_bytes);
    case field_type::word: return {{"enum", field.words}};
    case field_type::words: {
      json out{{"type", "array"}, {"items", {{"enum", field.words}}}};
      out.update(limits("minItems", "maxItems", field));
      return out;
    }
    case field_type::texts: {
      json out{{"type", "array"}, {"items", texts("", field.max_text_bytes)}};
      out.update(limits("minItems", "maxItems", field));
      return out;
    }
    case field_type::text_map:
      return {{"type", "object"},
              {"maxProperties", whole_or_real(field.maximum)},
              {"additionalProperties", texts("", field.max_text_bytes)}};
    case field_type::rules: return extract_rules(field);
    case field_type::webhook: return webhook_schema(field);
    case field_type::credentials:
      return closed_object(
          json::array({"username", "password"}),
          {{"username", texts("Without a colon.", field_readers::max_credential_bytes)},
           {"password",
            texts("Any text without control characters.", field_readers::max_credential_bytes)}});
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
  if (field.max_text_bytes != 0)
    description += (field.type == field_type::text ? " At most " : " Each of at most ") +
                   std::to_string(field.max_text_bytes) + " bytes.";
  if (!field.unit.empty()) description += " In " + std::string(field.unit) + ".";
  if (!field.fallback.empty()) description += " Default: " + std::string(field.fallback) + ".";
  out["description"] = std::move(description);
  // null where it stands for what cannot be written as a value: none, or the service's own.
  if (field.show != nullptr) out["default"] = field.show({});
  // Not a list in braces: one that holds two words alone would become an object of them.
  out["examples"] = json::array({json::parse(field.example)});
  return out;
}

std::string_view target_of(field_use use) { return use == field_use::crawl ? "urls" : "url"; }

json request_schema(field_use use, std::string_view description) {
  json properties = json::object();
  for (const request_field& field : request_fields())
    if (used_by(field, use)) properties[std::string(field.name)] = field_schema(field);
  json out = closed_object(json::array({target_of(use)}), std::move(properties));
  out["description"] = description;
  return out;
}

// What request_as_json() makes.
json request_in_effect() {
  const std::string requested = "#/components/schemas/CrawlRequest/properties/";
  json required = json::array({"urls"});
  json properties{{"urls", {{"$ref", requested + "urls"}}}};
  for (const request_field& field : request_fields()) {
    if (field.show == nullptr) continue;
    required.push_back(field.name);
    json& shown = properties[std::string(field.name)];
    shown = {{"$ref", requested + std::string(field.name)}};
    if (field.type != field_type::webhook) continue;
    shown = field_schema(field);
    json& secret = shown["properties"]["secret"];
    secret = {{"const", redacted}, {"description", "It has one of its own."}};
    shown.erase("examples");
  }
  json out = closed_object(std::move(required), std::move(properties));
  out["description"] =
      "The request, with the values in effect where it said nothing. Secrets read " +
      std::string(redacted) + "; of many `urls`, the first " + std::to_string(max_seeds_in_status) +
      " are shown, in lists the first " + std::to_string(max_seeds_in_list) + ".";
  return out;
}

json examples_of(field_use use) {
  json least = json::object(), every = json::object();
  for (const request_field& field : request_fields()) {
    if (!used_by(field, use)) continue;
    json value = json::parse(field.example);
    if (field.name == target_of(use) || field.name == "maxDepth")
      least[std::string(field.name)] = value;
    every[std::string(field.name)] = std::move(value);
  }
  return {{"small", {{"summary", "A small request"}, {"value", std::move(least)}}},
          {"everyField", {{"summary", "Every field there is"}, {"value", std::move(every)}}}};
}

}  // namespace

json request_schemas() {
  return {{"CrawlRequest",
           request_schema(field_use::crawl, "What to crawl, and how. Only `urls` is needed.")},
          {"FetchRequest",
           request_schema(field_use::fetch, "Which page to fetch, and how. Only `url` is needed.")},
          {"CrawlRequestInEffect", request_in_effect()}};
}

json request_examples() {
  return {{"CrawlRequest", examples_of(field_use::crawl)},
          {"FetchRequest", examples_of(field_use::fetch)}};
}

}  // namespace orbweaver
