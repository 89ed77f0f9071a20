#include "crawler/store/database.hpp"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <rocksdb/cache.h>
#include <rocksdb/write_buffer_manager.h>
#include <unistd.h>

#include "common/file.hpp"
#include "common/log.hpp"
#include "common/version.hpp"
#include "crawler/store/database_options.hpp"

namespace orbweaver {

// How far the store had been acknowledged, in RocksDB's sequence numbers: written when a write has
// been synced, but not synced itself. So it is never ahead of the log, unless that has been
// damaged.
class database::acknowledged_mark {
 public:
  explicit acknowledged_mark(const std::filesystem::path& file)
      : descriptor_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {}
  ~acknowledged_mark() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  acknowledged_mark(const acknowledged_mark&) = delete;
  acknowledged_mark& operator=(const acknowledged_mark&) = delete;

  // 0: none, or none that can be read.
  std::uint64_t read() const noexcept {
    row found{};
    if (::pread(descriptor_, &found, sizeof found, 0) != sizeof found) return 0;
    return found.complement == ~found.sequence ? found.sequence : 0;
  }
  // One that cannot be written leaves the old one, which is true as well.
  void write(std::uint64_t sequence) const noexcept {
    const row made{sequence, ~sequence};
    [[maybe_unused]] const auto written = ::pwrite(descriptor_, &made, sizeof made, 0);
  }

 private:
  struct row {
    std::uint64_t sequence, complement;
  };
  const int descriptor_;
};

namespace {

using schema::table;

constexpr std::string_view layout_file = "orbweaver-store";
constexpr std::string_view layout_words = "layout ";
constexpr std::string_view database_folder = "rocksdb";
constexpr std::string_view mark_file = "acknowledged";
// More rows than this in memory are worth files of their own when the disk is nearly full.
constexpr std::size_t least_worth_flushing = 8 << 20;

// Durable before it is there: a store without this file is none.
void write_layout(const std::filesystem::path& file) {
  const std::string text = std::string(layout_words) + std::to_string(schema::layout_version) +
                           "\nwritten by Orbweaver " + version + '\n';
  const int out = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  const bool written =
      out >= 0 && ::write(out, text.data(), text.size()) == std::ssize(text) && ::fsync(out) == 0;
  const int error = errno;
  if (out >= 0) ::close(out);
  const int folder = ::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    ::fsync(folder);
    ::close(folder);
  }
  if (!written) throw store_refused(file.string() + ": " + std::strerror(error));
}

void check_layout(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  int found = 0;
  const char* const digits = line.data() + std::min(line.size(), layout_words.size());
  const char* const end = line.data() + line.size();
  const auto [stop, error] = std::from_chars(digits, end, found);
  if (!line.starts_with(layout_words) || error != std::errc() || stop != end)
    throw store_refused(file.string() + " is damaged: it does not say which layout the store has");
  if (found > schema::layout_version)
    throw store_refused("the store " + file.parent_path().string() +
                        " was written by a newer version of Orbweaver: it has layout " +
                        std::to_string(found) + ", this version knows layout " +
                        std::to_string(schema::layout_version));
  if (found < schema::layout_version)
    throw store_refused("the store " + file.parent_path().string() + " has layout " +
                        std::to_string(found) + ", which this version does not know any more");
}

// Nothing is in it but what is kept beside a store, and may be made before it: API keys and what
// they have used. A directory that is somebody else's is left alone.
bool is_unused(const std::filesystem::path& directory) {
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("keys.json") && !name.starts_with("usage.json")) return false;
  }
  return true;
}

// A new store, or one that may be opened.
void prepare(const std::filesystem::path& directory, bool create) {
  if (!create && !std::filesystem::exists(directory / layout_file))
    throw store_refused(directory.string() + " is no store of Orbweaver");
  const std::error_code failed = make_private_directory(directory);
  if (failed) throw store_refused(directory.string() + ": " + failed.message());
  const auto file = directory / layout_file;
  const auto folder = directory / database_folder;
  if (std::filesystem::exists(file)) {
    check_layout(file);
    const bool begun = std::filesystem::exists(folder) && !std::filesystem::is_empty(folder);
    if (begun && !std::filesystem::exists(folder / "CURRENT"))
      throw store_refused("the store " + directory.string() +
                          " is damaged: " + (folder / "CURRENT").string() + " is missing");
    return;
  }
  if (!is_unused(directory))
    throw store_refused(directory.string() + " is not empty, and no store of Orbweaver");
  write_layout(file);
}

std::string explain(const std::filesystem::path& directory, const rocksdb::Status& status) {
  const std::string text = status.ToString();
  if (text.find("lock") != std::string::npos && status.IsIOError())
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
  prepare(with.directory, with.create);
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
  const rocksdb::Status status = open(true);
  if (!status.ok()) throw store_refused(explain(with.directory, status));
  mark_ = std::make_unique<acknowledged_mark>(with.directory / mark_file);
  const std::uint64_t wanted = mark_->read(), found = db_->GetLatestSequenceNumber();
  if (found >= wanted) return;
  doubt_ = "its log is damaged or has become shorter: the last " + std::to_string(wanted - found) +
           " changes that had been acknowledged are lost";
  log_error("the store is damaged", {{"directory", with.directory.string()}, {"why", *doubt_}});
}

database::~database() { close(); }

rocksdb::Status database::open(bool to_write) {
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  const auto folder = (directory_ / database_folder).string();
  std::error_code unknown;  // whether it is there: then RocksDB says what is wrong
  const bool there = std::filesystem::exists(directory_ / database_folder / "CURRENT", unknown);
  if (to_write && !there && !unknown) {
    const rocksdb::Status made = make_tables(folder);
    if (!made.ok()) return made;
  }
  const rocksdb::Status status =
      to_write ? rocksdb::DB::Open(options_, folder, families_, &handles, &opened)
               : rocksdb::DB::OpenForReadOnly(options_, folder, families_, &handles, &opened);
  if (!status.ok()) return status;
  db_.reset(opened);
  std::ranges::copy(handles, tables_.begin());
  return status;
}

// All of a new store's at once. While it opens, RocksDB writes its options down anew for each table
// that it makes, and reads them back. What a kill leaves unmade is made in that way after all.
rocksdb::Status database::make_tables(const std::string& folder) const {
  std::vector<rocksdb::ColumnFamilyHandle*> made;
  rocksdb::DB* opened = nullptr;
  rocksdb::Status status = rocksdb::DB::Open(options_, folder, {families_.front()}, &made, &opened);
  if (!status.ok()) return status;
  const std::unique_ptr<rocksdb::DB> db(opened);
  db->DestroyColumnFamilyHandle(made.front()).PermitUncheckedError();
  status = db->CreateColumnFamilies({families_.begin() + 1, families_.end()}, &made);
  for (rocksdb::ColumnFamilyHandle* handle : made)
    db->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
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
  for (rocksdb::ColumnFamilyHandle* handle : tables_) db_->DestroyColumnFamilyHandle(handle);
  db_.reset();
}

rocksdb::Status database::reopen() {
  close();
  flush_failure_ = rocksdb::Status::OK();
  const rocksdb::Status status = open(true);
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
