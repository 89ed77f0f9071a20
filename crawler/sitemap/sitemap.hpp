#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace orbweaver {

enum class sitemap_kind : std::uint8_t {
  unknown,  // none of the others: an error page, say
  urlset,   // sitemaps.org: pages
  index,    // sitemaps.org: further sitemaps
  text,     // one URL per line
  feed,     // RSS 0.9 to 2.0, Atom 0.3 and 1.0
};
std::string_view name(sitemap_kind kind) noexcept;

struct sitemap_entry {
  std::string loc;      // as written, entities decoded, not checked to be a URL
  std::string lastmod;  // as written; "" when there is none
};

// What a sitemap held. Each flag says that there was, or may have been, more.
struct sitemap {
  sitemap_kind kind = sitemap_kind::unknown;
  std::vector<sitemap_entry> entries;  // in the order of the file
  bool too_large = false;              // ended at max_sitemap_bytes
  bool too_many_entries = false;       // ended at max_sitemap_entries
  bool entry_dropped = false;          // a location was longer than max_sitemap_loc
  bool malformed = false;              // ended where it could not be read, or cut short
};

// The limits of sitemaps.org, which ask of us no more than to read so much.
inline constexpr std::size_t max_sitemap_bytes = 50 << 20;
inline constexpr std::size_t max_sitemap_entries = 50'000;
// In bytes; the protocol allows 2,048 characters, real files have a few more.
inline constexpr std::size_t max_sitemap_loc = 8192;

}  // namespace orbweaver
