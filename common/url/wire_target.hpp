#pragma once

#include <string>
#include <string_view>

#include "common/url/url.hpp"

namespace orbweaver {

// The request target as it goes on the wire: path and query, with "%25" for a '%' that begins no
// escape, for servers answer 400 to "%.h" where browsers' users expect the page. Nothing else
// changes. The view is into `u` or, when something changed, into `scratch`.
std::string_view wire_target(const url& u, std::string& scratch);
std::string wire_target(const url& u);

}  // namespace orbweaver
