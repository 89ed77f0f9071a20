#include "server/api/openapi/document.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>

#include "server/api/crawl_request.hpp"
#include "server/api/operation.hpp"

namespace orbweaver {
namespace {

using nlohmann::json;

const json& document() {
  static const json parsed = json::parse(openapi_document());
  return parsed;
}

void collect_references(const json& node, std::set<std::string>& out) {
  if (node.is_object() && node.contains("$ref")) out.insert(node["$ref"].get<std::string>());
  if (node.is_structured())
    for (const json& child : node) collect_references(child, out);
}

TEST(OpenApi, EveryReferenceLeadsSomewhere) {
  std::set<std::string> references;
  collect_references(document(), references);
  EXPECT_GT(references.size(), 10u);
  for (const std::string& one : references)
    EXPECT_TRUE(document().contains(json::json_pointer(one.substr(1)))) << one;
}

TEST(OpenApi, EverySchemaIsReferredTo) {
  std::set<std::string> references;
  collect_references(document(), references);
  for (const auto& [name, schema] : document()["components"]["schemas"].items())
    EXPECT_TRUE(references.contains("#/components/schemas/" + name)) << name;
}

TEST(OpenApi, OperationsAreNamedOnceAndDescribed) {
  std::set<std::string_view> ids, places;
  for (const operation& op : operations()) {
    EXPECT_TRUE(ids.insert(op.id).second) << op.id;
    const std::string place = std::string(op.method) + std::string(op.path);
    const json& described = document()["paths"][std::string(op.path)];
    EXPECT_TRUE(std::ranges::any_of(described, [&](const json& one) {
      return one["operationId"] == op.id;
    })) << place;
    EXPECT_FALSE(op.summary.empty()) << op.id;
    EXPECT_FALSE(op.answers.empty()) << op.id;
  }
}

// What the description gives as an example is what the service takes.
TEST(OpenApi, ExamplesOfFieldsAreAccepted) {
  std::size_t tried = 0;
  for (const request_field& field : request_fields()) {
    if (field.example.empty()) continue;
    const bool crawl = used_by(field, field_use::crawl);
    json request = json::object();
    request[crawl ? "urls" : "url"] =
        crawl ? json::array({"https://example.com/"}) : json("https://example.com/");
    request[std::string(field.name)] = json::parse(field.example);
    const auto parsed =
        crawl ? parse_crawl_request(request.dump()) : parse_fetch_request(request.dump());
    const auto* wrong = std::get_if<std::vector<request_error>>(&parsed);
    EXPECT_EQ(wrong, nullptr) << field.name << ": " << (wrong ? wrong->front().detail : "");
    ++tried;
  }
  EXPECT_GT(tried, 30u);
}

// As one that can be sent stands in a list of its own: a list of two words is no object of them.
TEST(OpenApi, ExamplesAreWhatTheTableSays) {
  for (const request_field& field : request_fields()) {
    if (field.example.empty()) continue;
    const char* request = used_by(field, field_use::crawl) ? "CrawlRequest" : "FetchRequest";
    const json& shown = document()["components"]["schemas"][request]["properties"]
                                  [std::string(field.name)]["examples"];
    EXPECT_EQ(shown, json::array({json::parse(field.example)})) << field.name;
  }
}

// Each optional field shows its default, and it is one that can be sent.
TEST(OpenApi, DefaultsAreShownAndAccepted) {
  for (const field_use use : {field_use::crawl, field_use::fetch}) {
    const bool crawl = use == field_use::crawl;
    const char* name = crawl ? "CrawlRequest" : "FetchRequest";
    const json& fields = document()["components"]["schemas"][name]["properties"];
    const std::string_view target = crawl ? "urls" : "url";
    json request = json::object();
    for (const request_field& field : request_fields()) {
      if (!used_by(field, use)) continue;
      const std::string key(field.name);
      request[key] = json::parse(field.example);
      if (field.name == target) continue;
      ASSERT_TRUE(fields.at(key).contains("default")) << name << ": " << key;
      request[key] = fields[key]["default"];
      EXPECT_EQ(request[key], json(field.show({}))) << name << ": " << key;
    }
    const auto parsed =
        crawl ? parse_crawl_request(request.dump()) : parse_fetch_request(request.dump());
    EXPECT_TRUE(std::holds_alternative<crawl_spec>(parsed)) << request;
  }
}

// What answers show is described field by field.
TEST(OpenApi, TheRequestInEffectIsDescribed) {
  const json& schema = document()["components"]["schemas"]["CrawlRequestInEffect"];
  crawl_spec spec;
  spec.urls = {"https://example.com/"};
  const json shown = request_as_json(spec, 1);
  EXPECT_EQ(schema["required"].size(), shown.size());
  EXPECT_EQ(schema["properties"].size(), shown.size());
  for (const auto& [name, value] : shown.items())
    EXPECT_TRUE(schema["properties"].contains(name)) << name;
}

TEST(OpenApi, ExamplesOfRequestsAreAccepted) {
  std::size_t tried = 0;
  for (const json& path : document()["paths"])
    for (const json& operation : path) {
      if (!operation.contains("requestBody")) continue;
      const bool crawl = operation["operationId"] == "createCrawl";
      for (const json& one : operation["requestBody"]["content"]["application/json"]["examples"]) {
        const std::string text = one["value"].dump();
        const auto parsed = crawl ? parse_crawl_request(text) : parse_fetch_request(text);
        EXPECT_TRUE(std::holds_alternative<crawl_spec>(parsed)) << text;
        ++tried;
      }
    }
  EXPECT_EQ(tried, 4u);
}

// No number holds without it: all pages are told.
TEST(OpenApi, AParameterWithoutADefaultShowsNone) {
  const json& parameters = document()["paths"]["/v1/crawls/{id}/events"]["get"]["parameters"];
  const auto tail =
      std::ranges::find_if(parameters, [](const json& p) { return p["name"] == "tail"; });
  ASSERT_NE(tail, parameters.end());
  EXPECT_FALSE((*tail)["schema"].contains("default"));
}

TEST(OpenApi, NullIsTakenWhereItIsDescribed) {
  std::size_t taken = 0;
  for (const request_field& field : request_fields()) {
    if (field.example.empty() || !used_by(field, field_use::crawl)) continue;
    const json& schema =
        document()["components"]["schemas"]["CrawlRequest"]["properties"][std::string(field.name)];
    const bool described = schema.value("type", json()).is_array();
    json request{{"urls", {"https://example.com/"}}};
    request[std::string(field.name)] = nullptr;
    EXPECT_EQ(std::holds_alternative<crawl_spec>(parse_crawl_request(request.dump())), described)
        << field.name;
    if (described) {
      EXPECT_EQ(schema["type"].at(1), "null") << field.name;
      ++taken;
    }
  }
  EXPECT_GT(taken, 10u);
}

// Rules of `extract` are the one kind of value that is described by hand.
TEST(OpenApi, RulesAreTakenAsTheyAreDescribed) {
  const json& rule = document()["components"]["schemas"]["CrawlRequest"]["properties"]["extract"]
                               ["additionalProperties"];
  const json& members = rule["properties"];
  std::size_t tried = 0;
  for (const json& on : members["on"]["enum"]) {
    const json one{{"regex", "x"}, {"group", 0}, {"all", members["all"]["default"]}, {"on", on}};
    for (const auto& [name, value] : one.items()) EXPECT_TRUE(members.contains(name)) << name;
    EXPECT_EQ(members.size(), one.size());
    const json request{{"urls", {"https://example.com/"}}, {"extract", {{"a", one}}}};
    EXPECT_TRUE(std::holds_alternative<crawl_spec>(parse_crawl_request(request.dump()))) << on;
    ++tried;
  }
  EXPECT_EQ(tried, 2u);
}

TEST(OpenApi, EachFieldIsDescribedWhereItIsTaken) {
  const json& schemas = document()["components"]["schemas"];
  for (const request_field& field : request_fields()) {
    const std::string name(field.name);
    const bool offered = !field.example.empty();
    EXPECT_EQ(schemas["CrawlRequest"]["properties"].contains(name),
              offered && used_by(field, field_use::crawl))
        << name;
    EXPECT_EQ(schemas["FetchRequest"]["properties"].contains(name),
              offered && used_by(field, field_use::fetch))
        << name;
  }
}

TEST(OpenApi, EveryCallHasATagThatIsDescribed) {
  std::set<std::string> described, used;
  for (const json& tag : document()["tags"]) described.insert(tag["name"].get<std::string>());
  for (const json& path : document()["paths"])
    for (const json& operation : path) {
      ASSERT_EQ(operation["tags"].size(), 1u) << operation["operationId"];
      used.insert(operation["tags"][0].get<std::string>());
    }
  EXPECT_EQ(used, described);
}

TEST(OpenApi, EveryProblemBelongsToACall) {
  std::set<problem_code> described(common_problems().begin(), common_problems().end());
  for (const operation& op : operations()) described.insert(op.problems.begin(), op.problems.end());
  const auto of_keys = access_problems(access_level::write);
  described.insert(of_keys.begin(), of_keys.end());
  described.insert(problem_code::not_found);  // of addresses that are no call's
  for (const problem_info& row : problem_table())
    EXPECT_TRUE(described.contains(row.code)) << row.name;
}

}  // namespace
}  // namespace orbweaver
