#include "crawler/sitemap/sitemap_file.hpp"

#include "crawler/fetch/decode.hpp"
#include "crawler/sitemap/sitemap_reader.hpp"

namespace orbweaver {

sitemap read_sitemap(std::string_view file, std::string_view charset_label) {
  std::string unzipped;
  decode_result decoded;
  if (file.starts_with("\x1f\x8b")) {
    coding_list gzip;
    gzip.add(content_coding::gzip);
    decode_limits limits;
    limits.max_output_bytes = max_sitemap_bytes + 1;  // so that its reader sees it was longer
    decoded = decode_body(file, gzip, limits, unzipped);
    file = unzipped;
  }
  sitemap_reader reader(charset_label);
  reader.put(file);
  sitemap out = reader.finish();
  out.malformed |= decoded.error != outcome::fetched;
  return out;
}

}  // namespace orbweaver
