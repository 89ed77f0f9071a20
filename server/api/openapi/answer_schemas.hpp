#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace orbweaver {

// What answers are made of: an object of JSON Schemas by name. Every object is closed: what an
// answer holds and these do not is found by the tests.
nlohmann::ordered_json answer_schemas();

// Its parts, by subject, as JSON text.
extern const std::string_view crawl_schemas;
extern const std::string_view record_schemas;
extern const std::string_view statistics_schemas;
extern const std::string_view service_schemas;

}  // namespace orbweaver
