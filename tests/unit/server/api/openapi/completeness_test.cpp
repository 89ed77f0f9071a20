// Nothing in /openapi.json is left without words, and no body without an example.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "server/api/openapi/document.hpp"

namespace orbweaver {
namespace {

using nlohmann::json;

class walk {
 public:
  explicit walk(const json& document) : document_(document) {
    for (const auto& [name, schema] : document["components"]["schemas"].items()) {
      const std::string at = "/components/schemas/" + name;
      describe(schema, at);
      look_into(schema, at);
    }
    for (const auto& [path, methods] : document["paths"].items())
      for (const auto& [method, operation] : methods.items())
        look_at_call(operation, "/paths/" + escaped(path) + "/" + method);
  }

  std::vector<std::string> undescribed;
  std::vector<std::string> without_example;
  std::size_t properties = 0;
  std::size_t bodies = 0;

 private:
  // RFC 6901 section 3.
  static std::string escaped(const std::string& token) {
    std::string out;
    for (const char c : token) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return out;
  }

  bool has_words(const json& node) const {
    if (node.is_object() && node.contains("description"))
      return !node["description"].get<std::string>().empty();
    if (!node.is_object() || !node.contains("$ref")) return false;
    return has_words(document_.at(json::json_pointer(node["$ref"].get<std::string>().substr(1))));
  }

  void describe(const json& node, const std::string& at) {
    if (!has_words(node)) undescribed.push_back(at);
  }

  // Everything a schema holds: properties wherever they are, below items or alternatives.
  void look_into(const json& schema, const std::string& at) {
    if (!schema.is_structured()) return;
    for (const auto& [key, value] : schema.items()) {
      const std::string place = at + "/" + escaped(key);
      if (schema.is_object() && (key == "default" || key == "examples" || key == "enum")) continue;
      if (schema.is_object() && key == "properties" && value.is_object()) {
        for (const auto& [name, property] : value.items()) {
          ++properties;
          describe(property, place + "/" + escaped(name));
          look_into(property, place + "/" + escaped(name));
        }
      } else {
        look_into(value, place);
      }
    }
  }

  void look_at_bodies(const json& holder, const std::string& at) {
    if (!holder.contains("content")) return;
    for (const auto& [type, media] : holder["content"].items()) {
      const std::string place = at + "/content/" + escaped(type);
      ++bodies;
      look_into(media["schema"], place + "/schema");
      if (!media.contains("schema")) undescribed.push_back(place);
      const bool one = media.contains("example");
      if (!one && media.value("examples", json::object()).empty()) without_example.push_back(place);
    }
  }

  void look_at_call(const json& operation, const std::string& at) {
    const json parameters = operation.value("parameters", json::array());
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      describe(parameters[i], at + "/parameters/" + std::to_string(i));
      look_into(parameters[i]["schema"], at + "/parameters/" + std::to_string(i) + "/schema");
    }
    if (operation.contains("requestBody")) {
      describe(operation["requestBody"], at + "/requestBody");
      look_at_bodies(operation["requestBody"], at + "/requestBody");
    }
    for (const auto& [status, response] : operation["responses"].items()) {
      const std::string place = at + "/responses/" + status;
      describe(response, place);
      for (const auto& [name, header] : response["headers"].items())
        describe(header, place + "/headers/" + name);
      look_at_bodies(response, place);
    }
  }

  const json& document_;
};

std::string listed(const std::vector<std::string>& pointers) {
  std::string out;
  for (const std::string& one : pointers) out += "\n  " + one;
  return out;
}

TEST(OpenApiCompleteness, EverythingIsDescribedAndEveryBodyHasAnExample) {
  const json document = json::parse(openapi_document());
  const walk seen(document);
  EXPECT_GT(seen.properties, 150u);
  EXPECT_GT(seen.bodies, 100u);
  EXPECT_TRUE(seen.undescribed.empty()) << "without a description:" << listed(seen.undescribed);
  EXPECT_TRUE(seen.without_example.empty())
      << "without an example:" << listed(seen.without_example);
}

// The walk sees what is missing, wherever it is.
TEST(OpenApiCompleteness, WhatIsMissingIsFound) {
  json document = json::parse(openapi_document());
  json& schemas = document["components"]["schemas"];
  schemas["Record"]["properties"]["links"]["items"]["properties"]["rel"].erase("description");
  schemas["Counts"]["properties"]["queued"]["description"] = "";
  json& call = document["paths"]["/v1/crawls"]["get"];
  call["parameters"][0].erase("description");
  call["responses"]["400"]["content"]["application/problem+json"].erase("examples");
  const walk seen(document);
  EXPECT_EQ(
      seen.undescribed,
      (std::vector<std::string>{"/components/schemas/Counts/properties/queued",
                                "/components/schemas/Record/properties/links/items/properties/rel",
                                "/paths/~1v1~1crawls/get/parameters/0"}));
  EXPECT_EQ(seen.without_example,
            (std::vector<std::string>{
                "/paths/~1v1~1crawls/get/responses/400/content/application~1problem+json"}));
}

}  // namespace
}  // namespace orbweaver
