#pragma once

#include <string>
#include <string_view>

#include "common/url/url.hpp"
#include "crawler/fetch/fetch.hpp"
#include "crawler/fetch/response_parser.hpp"

namespace orbweaver {

// Puts into the report what an archive is to hold of its answer, where the crawl keeps such, and
// the answer is a page or a redirect. To be called when the answer has been read: `ended` says how
// its reception did, the report's total time how long ago it began.
void keep_exchange(const fetch_order& order, const url& target, const std::string& address,
                   const response_parser& head, std::string_view wire_body, outcome ended,
                   fetch_report& report);

}  // namespace orbweaver
