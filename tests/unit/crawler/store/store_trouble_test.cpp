// What the store does when the disk does not take what is written.
#include "crawler/service_error.hpp"
#include "tests/support/store_fixture.hpp"

namespace orbweaver::test {
namespace {

// A disk that fails at the calls to write or to sync files whose turn it is, until it is mended.
class failing_disk final : public rocksdb::FileSystemWrapper {
 public:
  failing_disk() : rocksdb::FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "failing_disk"; }

  // From the `calls`-th call on.
  void fail_after(int calls) { left_ = calls; }
  void mend() { left_ = -1; }

  rocksdb::IOStatus verdict() {
    if (left_.load() < 0) return rocksdb::IOStatus::OK();
    if (left_.load() > 0) {
      --left_;
      return rocksdb::IOStatus::OK();
    }
    auto full = rocksdb::IOStatus::NoSpace("no space left on the test's disk");
    full.SetRetryable(true);
    return full;
  }

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* context) override {
    const auto opened = target()->NewWritableFile(name, options, file, context);
    if (opened.ok()) *file = std::make_unique<writable>(std::move(*file), *this);
    return opened;
  }

 private:
  class writable final : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    writable(std::unique_ptr<rocksdb::FSWritableFile> file, failing_disk& disk)
        : rocksdb::FSWritableFileOwnerWrapper(std::move(file)), disk_(disk) {}
    rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* context) override {
      const auto v = disk_.verdict();
      return v.ok() ? FSWritableFileOwnerWrapper::Append(data, options, context) : v;
    }
    rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                             const rocksdb::DataVerificationInfo& info,
                             rocksdb::IODebugContext* context) override {
      const auto v = disk_.verdict();
      return v.ok() ? FSWritableFileOwnerWrapper::Append(data, options, info, context) : v;
    }
    rocksdb::IOStatus Sync(const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* context) override {
      const auto v = disk_.verdict();
      return v.ok() ? FSWritableFileOwnerWrapper::Sync(options, context) : v;
    }

   private:
    failing_disk& disk_;
  };
  std::atomic<int> left_{-1};  // calls that still succeed; negative: all do
};

class StoreTrouble : public store_fixture {
 protected:
  store& kept() override { return *records; }
  void start() {
    records.emplace(context, database_settings{.directory = folder.path() / "data", .files = disk});
  }
  std::size_t records_kept() { return get(records->read(crawl, {}))->records.size(); }

  scratch_folder folder;
  std::shared_ptr<failing_disk> disk = std::make_shared<failing_disk>();
  std::optional<rocksdb_store> records;
};

TEST_F(StoreTrouble, AFullDiskIsWaitedForAndNothingIsLost) {
  start();
  open();
  add("http://a.example/0");
  settle();
  disk->fail_after(0);
  add("http://a.example/1");
  EXPECT_EQ(get(records->flush()).error(), service_error::storage_full);
  EXPECT_EQ(records->health(), store_health::full);
  EXPECT_EQ(records_kept(), 1u) << "what is durable can be read meanwhile, and nothing else";
  add("http://a.example/2");
  disk->mend();
  while (records->health() != store_health::well) context.run_one();
  EXPECT_TRUE(get(records->flush()));
  EXPECT_EQ(records_kept(), 3u);
  records.reset();
  start();
  EXPECT_EQ(records_kept(), 3u);
}

TEST_F(StoreTrouble, WhatWasAcknowledgedIsThereWhereverTheDiskFailed) {
  for (int calls = 0; calls < 12; ++calls) {
    disk->mend();
    start();
    open();
    disk->fail_after(calls);
    std::size_t acknowledged = 0;
    for (int i = 0; i < 8; ++i) {
      add("http://a.example/" + std::to_string(i));
      if (!get(records->flush())) break;
      ++acknowledged;
    }
    records.reset();
    disk->mend();
    start();
    const auto page = get(records->read(crawl, {}));
    const std::size_t found = page ? page->records.size() : 0;
    EXPECT_GE(found, acknowledged) << "after " << calls << " calls";
    records.reset();
  }
}

TEST_F(StoreTrouble, ADiskWithLittleLeftCountsAsFull) {
  records.emplace(context, database_settings{.directory = folder.path() / "data",
                                             .min_free_disk = ~std::uint64_t{0}});
  open();
  EXPECT_EQ(get(records->flush()).error(), service_error::storage_full);
}

}  // namespace
}  // namespace orbweaver::test
