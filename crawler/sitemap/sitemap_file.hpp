#pragma once

#include <string_view>

#include "crawler/sitemap/sitemap.hpp"

namespace orbweaver {

// Reads a whole sitemap, which may be a gzip file (sitemaps.org). One whose compression is broken
// is `malformed`; what could be read of it stands in it.
sitemap read_sitemap(std::string_view file);

}  // namespace orbweaver
