#pragma once

#include <nlohmann/json_fwd.hpp>

namespace orbweaver {

// What the service answers with: JSON Schemas by name, as `components/schemas` of an OpenAPI
// document holds them. They refer to `CrawlRequest`, `FetchRequest`, `OutcomeCode` and
// `ProblemCode`, which are made from tables.
nlohmann::ordered_json answer_schemas();

}  // namespace orbweaver
