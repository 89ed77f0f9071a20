#include "server/api/openapi/responses.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "server/api/openapi/answer_examples.hpp"

namespace orbweaver {
namespace {

using json = nlohmann::ordered_json;

constexpr std::string_view json_type = "application/json";

json reference(std::string_view kind, std::string_view name) {
  return {{"$ref", "#/components/" + std::string(kind) + "/" + std::string(name)}};
}

json header(std::string_view description, const char* type, json example) {
  return {
      {"description", description}, {"schema", {{"type", type}}}, {"example", std::move(example)}};
}

void add_header(json& response, std::string_view name) {
  response["headers"][std::string(name)] = reference("headers", name);
}

void add_headers(json& response, std::uint16_t status) {
  add_header(response, "X-Request-Id");
  if (status == 201) add_header(response, "Location");
  if (status == 401) add_header(response, "WWW-Authenticate");
}

json media(const success_answer& answer, const json& examples) {
  if (answer.media_type == json_type)
    return {{"schema", reference("schemas", answer.schema)},
            {"examples", {{"answer", reference("examples", answer.schema)}}}};
  const json line = answer.schema.empty() ? json() : examples.at(std::string(answer.schema));
  return {{"schema", json::object()}, {"example", text_example(answer.media_type, line)}};
}

// Answers that share a status make one response.
void add_successes(json& responses, const operation& op) {
  const json examples = answer_examples();
  for (const success_answer& answer : op.answers) {
    json& response = responses[std::to_string(answer.status)];
    std::string text;
    if (!response.is_null()) text = response.at("description").get<std::string>() + ' ';
    if (!answer.media_type.empty() && answer.media_type != json_type)
      text.append("As ").append(answer.media_type).append(": ");
    response["description"] = text.append(answer.description);
    add_headers(response, answer.status);
    if (!answer.media_type.empty())
      response["content"][std::string(answer.media_type)] = media(answer, examples);
  }
}

void add_problems(json& responses, const operation& op) {
  std::map<std::uint16_t, std::vector<const problem_info*>> by_status;
  for (const auto& codes : {op.problems, access_problems(access_of(op)), common_problems()})
    for (const problem_code code : codes) {
      auto& rows = by_status[info(code).status];
      if (std::ranges::find(rows, &info(code)) == rows.end()) rows.push_back(&info(code));
    }
  for (const auto& [status, rows] : by_status) {
    std::string text;
    json examples = json::object();
    for (const problem_info* row : rows) {
      text.append("- `").append(row->name).append("`: ").append(row->title).append(".\n");
      examples[std::string(row->name)] = reference("examples", row->name);
    }
    json& response = responses[std::to_string(status)];
    response["description"] = std::move(text);
    add_headers(response, status);
    if (std::ranges::any_of(rows, [](auto* row) { return is_worth_another_try(row->code); }))
      add_header(response, "Retry-After");
    response["content"][std::string(problem_media_type)] = {
        {"schema", reference("schemas", "Problem")}, {"examples", std::move(examples)}};
  }
}

}  // namespace

json responses_of(const operation& op) {
  json out = json::object();
  add_successes(out, op);
  add_problems(out, op);
  return out;
}

json response_examples() {
  json used = json::object();
  const json all = answer_examples();
  for (const operation& op : operations())
    for (const success_answer& answer : op.answers)
      if (answer.media_type == json_type)
        used[std::string(answer.schema)] = {{"value", all.at(std::string(answer.schema))}};
  used.update(problem_examples());
  return used;
}

json response_headers() {
  return {{"X-Request-Id",
           header("Names this request in the service's log.", "string", "61d96e740ab1bfa1-13")},
          {"Location",
           header("The new crawl's path.", "string", "/v1/crawls/4qzg9pemkda3wkhvvgd395w5ef")},
          {"WWW-Authenticate", header("How to ask: with a key as the bearer token (RFC 6750).",
                                      "string", "Bearer realm=\"orbweaver\"")},
          {"Retry-After",
           header("Seconds to wait before another try.", "integer", default_retry_after)}};
}

}  // namespace orbweaver
