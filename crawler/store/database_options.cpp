#include "crawler/store/database_options.hpp"

#include <array>
#include <cstdarg>
#include <cstdio>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

#include "common/log.hpp"
#include "crawler/store/schema_bodies.hpp"

namespace orbweaver {
namespace {

using schema::table;

constexpr std::size_t write_buffer_bytes = 32 << 20;  // of one table
// Of a table whose keys are hashes. Each row goes to a place of its own: in a buffer that fits into
// the processor's cache it is found several times as fast. Many small files are then put together
// at once, for each time all that is older is written anew.
constexpr std::size_t hashed_buffer_bytes = 2 << 20;
constexpr int hashed_files_at_once = 24;
// What is written anew at a start after a crash, at most: about a second's work.
constexpr std::size_t log_bytes = 96 << 20;
constexpr std::size_t block_bytes = 16 << 10;
constexpr double filter_bits = 10;             // a key; one look-up in a hundred is in vain
constexpr std::size_t least_blob_bytes = 512;  // smaller records stay among the keys

// RocksDB's own words. A log file would lie on the store's disk, and RocksDB ends the process when
// that is full. What goes wrong is told by whoever called it, so its warnings are for debugging.
class database_log final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}  // of no level: what it is made of
  void Logv(rocksdb::InfoLogLevel level, const char* format, va_list values) override {
    if (level < rocksdb::WARN_LEVEL || level > rocksdb::FATAL_LEVEL) return;
    std::array<char, 1024> text{};
    std::vsnprintf(text.data(), text.size(), format, values);
    log_debug("the store's database says", {{"what", text.data()}});
  }
};

// The store opens the database anew after an error, and only that is safe: see
// database::flush_failure().
class no_recovery final : public rocksdb::EventListener {
 public:
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                            bool* by_itself) override {
    *by_itself = false;
  }
};

// Whose keys are hashes within a crawl.
bool is_hashed(table which) {
  return which == table::seen || which == table::contents || which == table::pages;
}

void expect_hashes(rocksdb::ColumnFamilyOptions& out) {
  out.write_buffer_size = hashed_buffer_bytes;
  out.level0_file_num_compaction_trigger = hashed_files_at_once;
  out.level0_slowdown_writes_trigger = 2 * hashed_files_at_once;
  out.level0_stop_writes_trigger = 4 * hashed_files_at_once;
  out.compression = rocksdb::kNoCompression;
}

}  // namespace

rocksdb::DBOptions database_options(const std::shared_ptr<rocksdb::WriteBufferManager>& buffers) {
  rocksdb::DBOptions out;
  out.create_if_missing = true;
  out.create_missing_column_families = true;
  out.max_background_jobs = 2;
  out.max_bgerror_resume_count = 0;
  out.listeners = {std::make_shared<no_recovery>()};
  out.max_total_wal_size = log_bytes;
  out.write_buffer_manager = buffers;
  out.track_and_verify_wals_in_manifest = true;  // no log but the last one may have become shorter
  // Whatever was acknowledged was synced: only the last, unacknowledged write may be torn.
  out.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  out.allow_concurrent_memtable_write = false;  // there is one writer
  out.enable_write_thread_adaptive_yield = false;
  out.info_log = std::make_shared<database_log>();
  out.allow_fallocate = false;  // what a file may need is not taken from a disk that is nearly full
  // Sixteen threads would be begun and ended for each table of a store that is new. What is opened
  // is few files for all that a store holds: bodies and records lie in others.
  out.max_file_opening_threads = 2;
  out.max_manifest_file_size = 16 << 20;
  out.bytes_per_sync = 1 << 20;
  return out;
}

rocksdb::ColumnFamilyOptions table_options(table which,
                                           const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions out;
  rocksdb::BlockBasedTableOptions blocks;
  blocks.block_cache = cache;
  blocks.cache_index_and_filter_blocks = true;
  blocks.block_size = block_bytes;
  blocks.format_version = 5;
  out.write_buffer_size = which == table::main ? write_buffer_bytes / 8 : write_buffer_bytes;
  out.arena_block_size = 256 << 10;
  out.compression = rocksdb::kLZ4Compression;
  out.level_compaction_dynamic_level_bytes = true;
  if (is_hashed(which)) {
    // Looked up by whole keys that are mostly not there, and as good as random. In small parts: a
    // filter for a whole file would push everything else out of the cache, again and again.
    blocks.filter_policy.reset(rocksdb::NewBloomFilterPolicy(filter_bits));
    blocks.partition_filters = true;
    blocks.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
    out.memtable_whole_key_filtering = true;
    out.memtable_prefix_bloom_size_ratio = 0.02;
    expect_hashes(out);
  }
  if (which == table::records || which == table::exchanges || which == table::bodies) {
    out.enable_blob_files = true;
    out.min_blob_size = least_blob_bytes;
    // What would become smaller by it has been compressed before.
    out.blob_compression_type =
        which == table::exchanges ? rocksdb::kLZ4Compression : rocksdb::kNoCompression;
    out.enable_blob_garbage_collection = true;
  }
  if (which == table::body_refs) {
    // Looked up by hashes that are mostly not there.
    out.prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(schema::hash_bytes));
    out.memtable_prefix_bloom_size_ratio = 0.05;
    blocks.filter_policy.reset(rocksdb::NewBloomFilterPolicy(filter_bits));
    blocks.whole_key_filtering = false;
    expect_hashes(out);
  }
  out.table_factory.reset(rocksdb::NewBlockBasedTableFactory(blocks));
  return out;
}

}  // namespace orbweaver
