#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orbweaver {

// What an answer to a page of an allowed origin says (Fetch standard, section 3.2.3): the page may
// read it, without the credentials a browser would add of its own accord. `preflight`: the answer
// to the question whether the page may send a request at all.
using header_fields = std::vector<std::pair<std::string, std::string>>;
header_fields cross_origin_headers(std::string_view origin, bool preflight);

}  // namespace orbweaver
