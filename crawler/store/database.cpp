#include "crawler/store/database.hpp"

#include <cerrno>
#include <rocksdb/cache.h>
#include <rocksdb/write_buffer_manager.h>
#include <system_error>
#include <utility>

#include "common/log.hpp"
#include "crawler/store/acknowledged_mark.hpp"
#include "crawler/store/database_options.hpp"
#include "crawler/store/store_folder.hpp"

namespace orbweaver {

namespace {

using schema::table;

// More rows than this in memory are worth files of their own when the disk is nearly full.
constexpr std::size_t least_worth_flushing = 8 << 20;

// By this process or another one. A lock file that cannot be opened is held by nobody.
bool is_held(const rocksdb::Status& status, const std::string& text) {
  const auto says = [&](const std::string& words) { return text.find(words) != std::string::npos; };
  if (!status.IsIOError()) return false;
  return says("lock hold by current process") ||
         (says("While lock file") && says(std::generic_category().message(EAGAIN)));
}

std::string explain(const std::filesystem::path& directory, const rocksdb::Status& status) {
  const std::string text = status.ToString();
  if (is_held(status, text))
    return "the store " + directory.string() + " is in use by another process (" + text + ")";
  if (status.IsCorruption()) return "the store " + directory.string() + " is damaged: " + text;
  return "the store " + directory.string() + " cannot be opened: " + text;
}

}  // namespace

void require(const rocksdb::Status& status) {
  if (!status.ok()) throw std::runtime_error("the store: " + status.ToString());
}

database::database(const database_settings& with)
    : directory_(with.directory), min_free_disk_(with.min_free_disk) {
  prepare_store(with.directory, with.create);
  // Rows not yet in files are charged to the cache: both together stay within `memory`.
  const auto cache = rocksdb::NewLRUCache(with.memory);
  const auto buffers = std::make_shared<rocksdb::WriteBufferManager>(with.memory / 2, cache);
  options_ = database_options(buffers);
  if (with.files) {
    env_ = rocksdb::NewCompositeEnv(with.files);
    options_.env = env_.get();
  }
  for (std::size_t i = 0; i < schema::table_count; ++i) {
    const auto which = static_cast<table>(i);
    families_.emplace_back(std::string(schema::name(which)), table_options(which, cache));
  }
  const rocksdb::Status status = is_made() ? open(true) : make();
  if (!status.ok()) throw store_refused(explain(with.directory, status));
  try {
    compare_with_mark();
  } catch (...) {
    close();
    throw;
  }
}

// What is missing is noted before the mark is true again.
void database::compare_with_mark() {
  const std::uint64_t found = db_->GetLatestSequenceNumber();
  mark_ = std::make_unique<acknowledged_mark>(mark_file(directory_), found);
  if (const auto missing = mark_->missing_at(found)) {
    log_error("the store is damaged", {{"directory", directory_.string()}, {"why", *missing}});
    note_doubt(directory_, *missing);
    mark_->renew(found);
  }
  doubt_ = read_doubt(directory_);
}

database::~database() { close(); }

// Where something else is wrong with that file than that it is missing, RocksDB says it.
bool database::is_made() const {
  std::error_code unknown;
  const auto found =
      std::filesystem::symlink_status(database_folder(directory_) / "CURRENT", unknown);
  return found.type() != std::filesystem::file_type::not_found;
}

rocksdb::Status database::open(bool to_write) {
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  const auto folder = database_folder(directory_).string();
  const rocksdb::Status status =
      to_write ? rocksdb::DB::Open(options_, folder, families_, &handles, &opened)
               : rocksdb::DB::OpenForReadOnly(options_, folder, families_, &handles, &opened);
  if (!status.ok()) return status;
  db_.reset(opened);
  std::ranges::copy(handles, tables_.begin());
  return status;
}

// A new one with all its tables at once: while it opens one, RocksDB writes its options down anew
// for each table that it makes, and reads them back. What a kill leaves unmade is made in that way
// after all.
rocksdb::Status database::make() {
  std::vector<rocksdb::ColumnFamilyHandle*> made;
  rocksdb::DB* opened = nullptr;
  const auto folder = database_folder(directory_).string();
  rocksdb::Status status = rocksdb::DB::Open(options_, folder, {families_.front()}, &made, &opened);
  if (!status.ok()) return status;
  db_.reset(opened);
  tables_.front() = made.front();
  status = db_->CreateColumnFamilies({families_.begin() + 1, families_.end()}, &made);
  std::ranges::copy(made, tables_.begin() + 1);
  if (!status.ok()) close();
  return status;
}

rocksdb::Status database::write_durably(rocksdb::WriteBatch& batch) {
  if (rocksdb::Status failed = flush_failure(); !failed.ok()) return failed;
  rocksdb::WriteOptions durably;
  durably.sync = true;
  const rocksdb::Status written = operator*().Write(durably, &batch);
  if (written.ok()) mark_->write(db_->GetLatestSequenceNumber());
  return written;
}

void database::close() {
  if (!db_) return;
  for (rocksdb::ColumnFamilyHandle*& handle : tables_)
    if (rocksdb::ColumnFamilyHandle* const open = std::exchange(handle, nullptr))
      db_->DestroyColumnFamilyHandle(open).PermitUncheckedError();
  db_.reset();
}

rocksdb::Status database::reopen() {
  close();
  flush_failure_ = rocksdb::Status::OK();
  // RocksDB would begin anew, in the place of what there was.
  const rocksdb::Status status =
      is_made() ? open(true) : rocksdb::Status::Corruption("its file CURRENT is missing");
  if (!status.ok()) open(false).PermitUncheckedError();
  return status;
}

rocksdb::DB* database::operator->() const {
  if (!db_) throw std::runtime_error("the store is closed: it could not be opened anew");
  return db_.get();
}

rocksdb::Status database::flush_failure() const {
  const std::lock_guard one_at_a_time(flush_mutex_);
  return flush_failure_;
}

rocksdb::Status database::note_flush(rocksdb::Status status) const {
  if (status.IsIOError()) {  // as want of space is
    const std::lock_guard one_at_a_time(flush_mutex_);
    flush_failure_ = status;
  }
  return status;
}

rocksdb::Status database::compact(table which, std::string_view begin, std::string_view end,
                                  compaction what) const {
  if (rocksdb::Status failed = flush_failure(); !failed.ok()) return failed;
  rocksdb::CompactRangeOptions how;
  how.exclusive_manual_compaction = false;
  if (what == compaction::rows_and_values) {
    how.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
    how.blob_garbage_collection_policy = rocksdb::BlobGarbageCollectionPolicy::kForce;
    how.blob_garbage_collection_age_cutoff = 1;
  }
  const rocksdb::Slice from = slice(begin), to = slice(end);
  return note_flush(operator*().CompactRange(how, at(which), begin.empty() ? nullptr : &from,
                                             end.empty() ? nullptr : &to));
}

void database::stop_compacting() const {
  if (db_) db_->DisableManualCompaction();
}

rocksdb::Status database::has_space(std::uint64_t more) const {
  std::error_code unknown;
  const auto space = std::filesystem::space(directory_, unknown);
  // What is in memory is on the disk in the log, and will be there once more in files.
  if (db_) more += sum_of({rocksdb::DB::Properties::kCurSizeAllMemTables});
  const bool fits = space.available >= more && space.available - more >= min_free_disk_;
  if (unknown || fits) return rocksdb::Status::OK();
  if (min_free_disk_ >> 20 == 0)
    return rocksdb::Status::NoSpace("no space is left on the disk of " + directory_.string());
  return rocksdb::Status::NoSpace("less than " + std::to_string(min_free_disk_ >> 20) +
                                  " MiB are left on the disk of " + directory_.string());
}

void database::shorten_log() const {
  if (sum_of({rocksdb::DB::Properties::kCurSizeAllMemTables}) < least_worth_flushing) return;
  if (!flush_failure().ok()) return;
  note_flush(operator*().Flush(rocksdb::FlushOptions(), {tables_.begin(), tables_.end()}))
      .PermitUncheckedError();
}

std::uint64_t database::sum_of(std::initializer_list<std::string> properties) const {
  std::uint64_t out = 0;
  for (const std::string& property : properties)
    for (std::size_t i = 0; i < tables_.size(); ++i)
      out += number_of(static_cast<table>(i), property);
  return out;
}

std::uint64_t database::number_of(table which, const std::string& property) const {
  std::uint64_t out = 0;
  return operator*().GetIntProperty(at(which), property, &out) ? out : 0;
}

// All tables share one cache.
std::uint64_t database::cached_bytes() const {
  return number_of(table::main, rocksdb::DB::Properties::kBlockCacheUsage);
}

std::optional<std::string> database::get(table which, std::string_view key) const {
  std::string out;
  const auto status = (*this)->Get(rocksdb::ReadOptions(), at(which), slice(key), &out);
  if (status.IsNotFound()) return std::nullopt;
  require(status);
  return out;
}

void database::scan(table which, std::string_view begin, std::string_view end,
                    const std::function<bool(std::string_view, std::string_view)>& row) const {
  const rocksdb::Slice upper = slice(end);
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &upper;
  options.total_order_seek = true;
  const std::unique_ptr<rocksdb::Iterator> it((*this)->NewIterator(options, at(which)));
  for (it->Seek(slice(begin)); it->Valid(); it->Next())
    if (!row(view(it->key()), view(it->value()))) return;
  require(it->status());
}

}  // namespace orbweaver
