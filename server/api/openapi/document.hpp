#pragma once

#include <string>

namespace orbweaver {

// The description of the REST API, as JSON (OpenAPI Specification 3.1). It is made from the very
// tables that requests are held to: operations(), request_fields(), problem_table() and the table
// of outcomes.
std::string openapi_document();

}  // namespace orbweaver
