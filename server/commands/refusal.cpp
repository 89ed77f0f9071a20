#include "server/commands/refusal.hpp"

#include <nlohmann/json.hpp>

#include "server/commands/complain.hpp"
#include "server/commands/inspect_text.hpp"
#include "server/commands/service_flags.hpp"

namespace orbweaver {
namespace {

using nlohmann::json;

std::string text_in(const json& object, const char* member) {
  const auto it = object.find(member);
  return it != object.end() && it->is_string() ? printable(it->get_ref<const std::string&>()) : "";
}

std::vector<std::string> mistakes_in(const json& document, const pointer_name& name_of) {
  std::vector<std::string> out;
  const auto errors = document.find("errors");
  if (errors == document.end() || !errors->is_array()) return out;
  for (const json& error : *errors) {
    if (!error.is_object()) continue;
    out.push_back(name_of(text_in(error, "pointer")) + ' ' + text_in(error, "detail"));
  }
  return out;
}

std::string sentence_of(const json& document) {
  std::string out = text_in(document, "title");
  const std::string detail = text_in(document, "detail");
  if (!detail.empty()) out += (out.empty() ? "" : ": ") + detail;
  const std::string code = text_in(document, "code");
  return code.empty() ? out : out + " (" + code + ")";
}

// What asks for other words rather than for another time: RFC 9110 section 15.5.
bool is_callers_mistake(unsigned status) { return status == 400 || status == 422; }

}  // namespace

refusal explain_refusal(const service_answer& answer, const pointer_name& name_of) {
  refusal out{{}, is_callers_mistake(answer.status) ? exit_mistaken : exit_failed};
  const json document = json::parse(answer.body, nullptr, false);
  if (document.is_object()) {
    out.lines = mistakes_in(document, name_of);
    if (out.lines.empty()) out.lines.push_back(sentence_of(document));
  }
  if (out.lines.empty() || out.lines.front().empty())
    out.lines = {"the service answers with HTTP status " + std::to_string(answer.status)};
  if (answer.status == 401)  // RFC 9110 section 15.5.2
    out.lines.push_back("give a key of this service with --key or " + std::string(key_variable));
  return out;
}

}  // namespace orbweaver
