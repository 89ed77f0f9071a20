#pragma once

#include <optional>

#include "server/api/problem.hpp"
#include "server/http/router.hpp"

namespace orbweaver {

// Who may call. The service listens on loopback and asks for no key: every program of this machine
// may call, but no web page that is open in a browser here. A page of another site shows by its
// Origin, and one whose name was made to lead here (DNS rebinding) by its Host. nullopt: welcome.
std::optional<problem> refuse_foreign(const request_head& head, const request_target& target);

}  // namespace orbweaver
