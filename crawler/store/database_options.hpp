#pragma once

#include <memory>
#include <rocksdb/cache.h>
#include <rocksdb/options.h>
#include <rocksdb/write_buffer_manager.h>

#include "crawler/store/schema.hpp"

namespace orbweaver {

// How RocksDB is told to keep a store. `buffers` bounds the rows that are not in files yet, in all
// tables together.
rocksdb::DBOptions database_options(const std::shared_ptr<rocksdb::WriteBufferManager>& buffers);

// And one of its tables; all share `cache`.
rocksdb::ColumnFamilyOptions table_options(schema::table which,
                                           const std::shared_ptr<rocksdb::Cache>& cache);

}  // namespace orbweaver
