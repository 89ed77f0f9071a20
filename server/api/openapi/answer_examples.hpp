#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace orbweaver {

// An example of each of answer_schemas() that is an answer or a line of one, by schema. What can
// be is made by the very code that makes the answers.
nlohmann::ordered_json answer_examples();

// An answer that is no JSON. `line`: the example of what one of its lines, rows or events tells.
std::string text_example(std::string_view media_type, const nlohmann::ordered_json& line);

// One refusal by each problem, by code.
nlohmann::ordered_json problem_examples();

}  // namespace orbweaver
