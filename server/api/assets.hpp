#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "server/http/router.hpp"

namespace orbweaver {

// A file of the dashboard or of the pages at /docs, in the binary since it was built.
struct asset {
  std::string_view path;  // of its URL
  std::string_view content_type;
  std::string_view etag;    // with its quotes; a weak one, for it stands for every coding
  bool hashed;              // the path changes with the content
  std::string_view plain;   // empty: it is large, and made from `gzip` for who wants it so
  std::string_view gzip;    // the same, compressed; empty: it is not
  std::string_view brotli;  // likewise
};

// Of the build (cmake/web.cmake); one of them is "/".
std::span<const asset> embedded_assets() noexcept;

// Answers a request for the asset in the best coding that its Accept-Encoding takes (RFC 9110
// section 12.5.3), or 304 where If-None-Match knows it (section 13.1.2).
reply answer_with(const asset& file, const request_head& request);

// A route for each embedded asset.
std::vector<route> asset_routes();

}  // namespace orbweaver
