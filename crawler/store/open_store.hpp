#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "crawler/store/store.hpp"
#include "crawler/store/store_refused.hpp"

namespace orbweaver {

struct store_options {
  std::filesystem::path directory;  // empty: everything is kept in memory, and ends with it
  std::uint64_t memory = 0;         // what the store may use of it while it has a directory, bytes
  std::uint64_t min_free_disk = 0;  // less than this counts as a full disk, bytes
  bool keep_exchanges = false;      // in memory, until they are trimmed
};

// Throws store_refused.
std::unique_ptr<store> open_store(asio::io_context& context, const store_options& options);

}  // namespace orbweaver
