#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <rocksdb/db.h>
#include <rocksdb/file_system.h>
#include <string>
#include <vector>

#include "crawler/store/schema.hpp"
#include "crawler/store/schema_bodies.hpp"
#include "crawler/store/store_refused.hpp"

namespace orbweaver {

struct database_settings {
  std::filesystem::path directory;
  bool create = true;                       // where there is no store yet
  std::size_t memory = 128 << 20;           // for blocks read and for rows not yet in files, bytes
  std::uint64_t min_free_disk = 256 << 20;  // less than this counts as none, bytes
  // Until a write that failed is tried again.
  std::chrono::milliseconds retry_time{1000};
  // Where the files are; null: on this machine's disk. For tests of what a disk may do.
  std::shared_ptr<rocksdb::FileSystem> files;
};

class acknowledged_mark;

// RocksDB with the tables of `schema`, in a directory of its own (store_folder.hpp).
class database {
 public:
  // Throws store_refused: a newer layout, a damaged file, another process that has it open.
  explicit database(const database_settings& with);
  ~database();
  database(const database&) = delete;
  database& operator=(const database&) = delete;

  // Throws std::runtime_error while it could not be opened anew.
  rocksdb::DB& operator*() const { return *operator->(); }
  rocksdb::DB* operator->() const;
  rocksdb::ColumnFamilyHandle* at(schema::table which) const noexcept {
    return tables_[static_cast<std::size_t>(which)];
  }

  // Closes it and opens it once more. When that fails it can be read, if at all, and is to be
  // opened anew again. Nobody else may use it meanwhile.
  rocksdb::Status reopen();

  // What was missing of what had been acknowledged when it was opened, now or before, and nobody
  // has accepted; a line each; nullopt: nothing.
  const std::optional<std::string>& doubt() const noexcept { return doubt_; }
  // Synced when it comes back well.
  rocksdb::Status write_durably(rocksdb::WriteBatch& batch);

  // Writes a table's rows from `begin` on and before `end` anew, without what was deleted; both
  // empty: all of them. Values in blob files stay where they are, unless they are wanted as well;
  // a blob file goes when nothing in it is used any more. Blocks until it is done, or until
  // stop_compacting().
  enum class compaction : std::uint8_t { rows, rows_and_values };
  rocksdb::Status compact(schema::table which, std::string_view begin, std::string_view end,
                          compaction what) const;
  // From any thread; holds until it is opened anew.
  void stop_compacting() const;

  // NoSpace when the disk has less than min_free_disk, or will when what is in memory and so many
  // bytes more are written to files.
  rocksdb::Status has_space(std::uint64_t more = 0) const;
  // Writes what is in memory to files, if it is worth it, so that the log that holds it as well can
  // go. Blocks.
  void shorten_log() const;

  // These numbers of RocksDB's, over all tables.
  std::uint64_t sum_of(std::initializer_list<std::string> properties) const;
  std::uint64_t number_of(schema::table which, const std::string& property) const;  // 0: unknown
  std::uint64_t cached_bytes() const;                                               // blocks

  // nullopt: there is no such row. Throws std::runtime_error when it cannot be read.
  std::optional<std::string> get(schema::table which, std::string_view key) const;
  // Calls `row(key, value)` for rows from `begin` on and before `end` until it answers false.
  // Throws std::runtime_error when one cannot be read.
  void scan(schema::table which, std::string_view begin, std::string_view end,
            const std::function<bool(std::string_view, std::string_view)>& row) const;

 private:
  void compare_with_mark();
  rocksdb::Status open(bool to_write);
  bool is_made() const;
  rocksdb::Status make();
  // RocksDB 7.8 ends the process when a table in memory is given up for a new one twice, and the
  // first time failed: nothing is written after that until the database has been opened anew.
  rocksdb::Status flush_failure() const;
  rocksdb::Status note_flush(rocksdb::Status status) const;
  void close();

  std::filesystem::path directory_;
  std::uint64_t min_free_disk_;
  std::optional<std::string> doubt_;
  std::unique_ptr<acknowledged_mark> mark_;
  std::unique_ptr<rocksdb::Env> env_;
  rocksdb::DBOptions options_;
  mutable std::mutex flush_mutex_;
  mutable rocksdb::Status flush_failure_;
  std::vector<rocksdb::ColumnFamilyDescriptor> families_;
  std::unique_ptr<rocksdb::DB> db_;
  std::array<rocksdb::ColumnFamilyHandle*, schema::table_count> tables_{};
};

inline rocksdb::Slice slice(std::string_view text) noexcept { return {text.data(), text.size()}; }
inline std::string_view view(const rocksdb::Slice& s) noexcept { return {s.data(), s.size()}; }
// Throws std::runtime_error unless it is well.
void require(const rocksdb::Status& status);

}  // namespace orbweaver
