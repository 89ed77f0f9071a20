#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <rocksdb/file_system.h>
#include <string>
#include <string_view>

namespace orbweaver::test {

// A disk that fails at calls that change it: opening, writing, syncing and renaming files. From the
// N-th call on, so many of them, or until it is mended. Compactions are spared: RocksDB 7.8 ends
// the process by an assertion, where it has them, when one has opened a file for nothing but the
// removal of a range and cannot write it (later versions do not). Nothing that was acknowledged
// depends on a compaction.
class failing_disk final : public rocksdb::FileSystemWrapper {
 public:
  enum class trouble : std::uint8_t { full, broken };  // ENOSPC; EIO, after which nothing is sure
  static constexpr int until_mended = 1 << 30;

  failing_disk() : rocksdb::FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "failing_disk"; }

  void fail_after(int calls, int times = until_mended, trouble how = trouble::full) {
    const std::lock_guard one_at_a_time(mutex_);
    how_ = how;
    times_ = times;
    left_ = calls;
  }
  void mend() {
    const std::lock_guard one_at_a_time(mutex_);
    left_ = -1;
  }
  // Calls that have failed since it was made.
  int failures() const { return failures_.load(); }

  rocksdb::IOStatus verdict() {
    if (is_compacting()) return rocksdb::IOStatus::OK();
    const std::lock_guard one_at_a_time(mutex_);
    if (left_ < 0) return rocksdb::IOStatus::OK();
    if (left_ > 0) {
      --left_;
      return rocksdb::IOStatus::OK();
    }
    if (--times_ == 0) left_ = -1;
    ++failures_;
    if (how_ == trouble::broken) return rocksdb::IOStatus::IOError("the test's disk is broken");
    auto full = rocksdb::IOStatus::NoSpace("no space left on the test's disk");
    full.SetRetryable(true);
    return full;
  }

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* context) override {
    const auto v = verdict();
    if (!v.ok()) return v;
    const auto opened = target()->NewWritableFile(name, options, file, context);
    if (opened.ok()) *file = std::make_unique<writable>(std::move(*file), *this);
    return opened;
  }
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override {
    const auto v = verdict();
    return v.ok() ? target()->RenameFile(from, to, options, context) : v;
  }

 private:
  // By the name that RocksDB gives its thread.
  static bool is_compacting() {
    std::array<char, 16> name{};
    return pthread_getname_np(pthread_self(), name.data(), name.size()) == 0 &&
           std::string_view(name.data()) == "rocksdb:low";
  }

  class writable final : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    using base = rocksdb::FSWritableFileOwnerWrapper;
    writable(std::unique_ptr<rocksdb::FSWritableFile> file, failing_disk& disk)
        : base(std::move(file)), disk_(disk) {}
    rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* context) override {
      const auto v = disk_.verdict();
      if (v.ok()) return base::Append(data, options, context);
      torn(data, options, context);
      return v;
    }
    rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                             const rocksdb::DataVerificationInfo& info,
                             rocksdb::IODebugContext* context) override {
      const auto v = disk_.verdict();
      if (v.ok()) return base::Append(data, options, info, context);
      torn(data, options, context);
      return v;
    }
    rocksdb::IOStatus Sync(const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* context) override {
      const auto v = disk_.verdict();
      return v.ok() ? base::Sync(options, context) : v;
    }
    rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options,
                            rocksdb::IODebugContext* context) override {
      const auto v = disk_.verdict();
      return v.ok() ? base::Fsync(options, context) : v;
    }

   private:
    // A write that fails may have written a part.
    void torn(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
              rocksdb::IODebugContext* context) {
      base::Append({data.data(), data.size() / 2}, options, context).PermitUncheckedError();
    }
    failing_disk& disk_;
  };

  std::mutex mutex_;
  int left_ = -1;  // calls that still succeed; negative: all do
  int times_ = 0;  // calls that fail then
  trouble how_ = trouble::full;
  std::atomic<int> failures_{0};
};

}  // namespace orbweaver::test
