#pragma once

#include <nlohmann/json_fwd.hpp>

#include "server/api/operation.hpp"

namespace orbweaver {

// The Responses Object of a call (OpenAPI 3.1): its answers, and what it may be refused with.
nlohmann::ordered_json responses_of(const operation& op);

// What their `examples` and `headers` refer to.
nlohmann::ordered_json response_examples();
nlohmann::ordered_json response_headers();

}  // namespace orbweaver
