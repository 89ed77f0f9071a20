#include "server/api/openapi/answer_schemas.hpp"

#include <nlohmann/json.hpp>
#include <string>

#include "common/error.hpp"
#include "server/api/problem.hpp"

namespace orbweaver {
namespace {

using json = nlohmann::ordered_json;

json reference(std::string_view schema) {
  return {{"$ref", "#/components/schemas/" + std::string(schema)}};
}

// One page of a list.
json page_of(std::string_view item, std::string_view description) {
  json items = reference(item);
  json next = reference("Cursor");
  return {{"type", "object"},
          {"description", description},
          {"required", {"data", "next"}},
          {"additionalProperties", false},
          {"properties",
           {{"data",
             {{"type", "array"},
              {"description", "The items of this page, at most `limit` of them."},
              {"items", std::move(items)}}},
            {"next", std::move(next)}}}};
}

// The names of a table, with what each means.
template <class Row>
json names_of(std::span<const Row> table, std::string text, std::string (*meaning)(const Row&)) {
  json names = json::array();
  for (const Row& row : table) {
    names.push_back(row.name);
    text.append("\n- `").append(row.name).append("`: ").append(meaning(row));
  }
  return {{"type", "string"}, {"enum", std::move(names)}, {"description", std::move(text)}};
}

}  // namespace

json answer_schemas() {
  json out;
  for (const auto& part : {crawl_schemas, record_schemas, statistics_schemas, service_schemas})
    out.update(json::parse(part));
  out["CrawlPage"] = page_of("Crawl", "A page of the list of crawls, newest first.");
  out["RecordPage"] = page_of("Record", "A page of a crawl's records, in the order of `seq`.");
  out["LedgerPage"] =
      page_of("LedgerLine", "A page of a crawl's URLs, in the order of their discovery.");
  out["OutcomeCode"] =
      names_of<outcome_info>(outcome_table(), "How a URL has ended:\n",
                             [](const outcome_info& row) { return std::string(row.description); });
  out["ProblemCode"] = names_of<problem_info>(
      problem_table(), "Why a request is refused, with the HTTP status. Codes are stable:\n",
      [](const problem_info& row) {
        return std::string(row.title) + " (" + std::to_string(row.status) + ").";
      });
  return out;
}

}  // namespace orbweaver
