#pragma once

#include <nlohmann/json_fwd.hpp>

namespace orbweaver {

// From the table of request fields: an object of the JSON Schemas `CrawlRequest` and
// `FetchRequest`, which requests are held to, and `CrawlRequestInEffect`, which answers show.
nlohmann::ordered_json request_schemas();

// Examples of the first two: by schema, an object of Example Objects (OpenAPI 3.1) by name. The
// first is one to begin with, the second holds every field with the table's example.
nlohmann::ordered_json request_examples();

}  // namespace orbweaver
