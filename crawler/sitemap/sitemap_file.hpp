#pragma once

#include <string_view>

#include "crawler/sitemap/sitemap.hpp"

namespace orbweaver {

// Reads a whole sitemap, which may be a gzip file (sitemaps.org). One whose compression is broken
// is `malformed`; what could be read of it stands in it. `charset_label` is the charset parameter
// of Content-Type, or empty.
sitemap read_sitemap(std::string_view file, std::string_view charset_label = {});

}  // namespace orbweaver
