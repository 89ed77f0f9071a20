#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "crawler/store/store_refused.hpp"

namespace orbweaver {

// Looks at a whole store: reads every row and every checksum, and counts each crawl's URLs and
// records anew; its bytes on the wire and the time it has run stand in its counts alone, and are
// taken as they are. A sentence for each thing that is not as it should be. Throws store_refused.
std::vector<std::string> check_store(const std::filesystem::path& directory);

// Forgets what was found to be missing when the store was opened, and says it a last time; empty:
// nothing was.
std::string accept_losses(const std::filesystem::path& directory);

struct store_statistics {
  std::uint64_t crawls = 0;
  std::uint64_t unfinished = 0;
  std::uint64_t urls = 0;
  std::uint64_t records = 0;
  std::uint64_t table_bytes = 0;  // in files, compressed
  std::uint64_t blob_bytes = 0;
  std::string doubt;  // what was found to be missing, and not accepted; a line each
};
store_statistics measure_store(const std::filesystem::path& directory);

// Rewrites what holds rows that were removed, so that the disk gets their space back.
void compact_store(const std::filesystem::path& directory);

}  // namespace orbweaver
