#pragma once

#include <string_view>

#include "crawler/parse/page_scan.hpp"

namespace orbweaver {

// Writes the queries of a page's http(s) links, canonical and alternates as browsers ask for them:
// in the charset of the page (HTML Standard 2.4.2, "encoding-parse a URL"; URL Standard 4.4, "query
// state"), so that "?q=é" leads to "?q=%E9" from a page in windows-1252. What the charset does not
// have becomes "%26%23NNN%3B". The rest of a URL is UTF-8 everywhere and stays as it is.
//
// `page` is a scan of the page's text in UTF-8; `charset` a name as in charset_choice.
void encode_queries(page_scan& page, std::string_view charset);

}  // namespace orbweaver
