#include "crawler/store/open_store.hpp"

#include "crawler/store/database.hpp"
#include "crawler/store/memory_store.hpp"
#include "crawler/store/rocksdb_store.hpp"

namespace orbweaver {

std::unique_ptr<store> open_store(asio::io_context& context, const store_options& options) {
  if (options.directory.empty())
    return std::make_unique<memory_store>(context, options.keep_exchanges);
  const database_settings with{.directory = options.directory,
                               .memory = static_cast<std::size_t>(options.memory),
                               .min_free_disk = options.min_free_disk};
  return std::make_unique<rocksdb_store>(context, with);
}

}  // namespace orbweaver
