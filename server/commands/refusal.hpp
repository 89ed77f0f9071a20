#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "server/commands/service_client.hpp"

namespace orbweaver {

// An answer that is no good one, for people.
struct refusal {
  std::vector<std::string> lines;
  int exit_code;  // exit_mistaken where the caller's words are to blame
};

// What a mistake's pointer is called where the request was written: "--max-depth".
using pointer_name = std::function<std::string(std::string_view pointer)>;

// Of application/problem+json (RFC 9457) each mistake is told, with its name; of anything else the
// status alone. Lines are fit for a terminal.
refusal explain_refusal(const service_answer& answer, const pointer_name& name_of);

}  // namespace orbweaver
