#include "crawler/parse/page_links.hpp"

namespace orbweaver {

// "Set the frozen base URL", step 3.
const url& base_of(const page_scan& page, const url& address, url& scratch) {
  if (page.base_href.empty() || !scratch.assign(page.base_href, &address)) return address;
  if (scratch.protocol() == "data:" || scratch.protocol() == "javascript:") return address;
  return scratch;
}

}  // namespace orbweaver
