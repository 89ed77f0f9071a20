// `orbweaver store`, at a store that is sound, damaged or not there.
#include <fstream>
#include <gtest/gtest.h>

#include "tests/support/program.hpp"
#include "tests/support/store_fixture.hpp"

namespace orbweaver::test {
namespace {

class StoreCommands : public store_fixture {
 protected:
  store& kept() override { return *records_; }

  StoreCommands() {
    records_.emplace(context, database_settings{.directory = data_});
    open();
    for (int i = 0; i < pages; ++i) add("http://a.example/" + std::to_string(i));
    finish();
    settle();
    records_.reset();
  }
  static program_result run(const std::string& what, const std::filesystem::path& where) {
    return run_program({ORBWEAVER_BINARY, "store", what, where.string()});
  }
  // Among the rows of the table that holds most.
  void damage() const {
    std::filesystem::path victim;
    for (const auto& file : std::filesystem::directory_iterator(data_ / "rocksdb"))
      if (file.path().extension() == ".sst" &&
          (victim.empty() || file.file_size() > std::filesystem::file_size(victim)))
        victim = file.path();
    std::fstream bytes(victim, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(static_cast<std::streamoff>(std::filesystem::file_size(victim) / 3));
    bytes << "damage";
  }

  static constexpr int pages = 2000;
  scratch_folder folder_;
  std::filesystem::path data_ = folder_.path() / "data";
  std::optional<rocksdb_store> records_;
};

TEST_F(StoreCommands, EndWithZeroAtASoundStore) {
  const program_result compacted = run("compact", data_);
  EXPECT_EQ(compacted.code, 0);
  EXPECT_EQ(compacted.err, "");
  const program_result checked = run("check", data_);
  EXPECT_EQ(checked.code, 0);
  EXPECT_EQ(checked.out, "The store is sound.\n");
  const program_result measured = run("stat", data_);
  EXPECT_EQ(measured.code, 0);
  EXPECT_TRUE(measured.out.starts_with("crawls       1\n")) << measured.out;
  EXPECT_NE(measured.out.find("\nrecords      2000\n"), std::string::npos) << measured.out;
}

TEST_F(StoreCommands, TellWhatIsLostUntilItIsAccepted) {
  std::ofstream(data_ / "acknowledged", std::ios::binary | std::ios::trunc) << "torn";
  const std::string loss = "mark of what had been acknowledged is damaged";
  for (int i = 0; i < 2; ++i) {
    const program_result checked = run("check", data_);
    EXPECT_EQ(checked.code, 1);
    EXPECT_NE(checked.out.find(loss), std::string::npos) << checked.out;
    EXPECT_NE(run("stat", data_).out.find(loss), std::string::npos);
  }
  const program_result accepted =
      run_program({ORBWEAVER_BINARY, "store", "check", "--accept", data_.string()});
  EXPECT_EQ(accepted.code, 0);
  EXPECT_NE(accepted.out.find(loss), std::string::npos) << accepted.out;
  EXPECT_TRUE(accepted.out.ends_with("\nThe store is sound.\n")) << accepted.out;
  EXPECT_EQ(run("check", data_).out, "The store is sound.\n");
  EXPECT_EQ(run("stat", data_).out.find(loss), std::string::npos);
}

TEST_F(StoreCommands, EndWithOneAtADamagedStore) {
  ASSERT_EQ(run("compact", data_).code, 0);  // the rows stand in files
  damage();
  const program_result checked = run("check", data_);
  EXPECT_EQ(checked.code, 1);
  EXPECT_NE(checked.out.find("a file is damaged"), std::string::npos) << checked.out;
  EXPECT_EQ(run("stat", data_).code, 0) << "what it reads is sound";
  const program_result compacted = run("compact", data_);
  EXPECT_EQ(compacted.code, 1);
  EXPECT_TRUE(compacted.err.starts_with("orbweaver: ")) << compacted.err;
}

TEST_F(StoreCommands, EndWithTwoWhereNoStoreCanBeOpened) {
  const auto nowhere = folder_.path() / "nowhere";
  std::filesystem::remove(data_ / "rocksdb" / "CURRENT");
  for (const char* const what : {"check", "stat", "compact"})
    for (const auto& where : {nowhere, data_}) {
      const program_result r = run(what, where);
      EXPECT_EQ(r.code, 2) << what << ' ' << where;
      EXPECT_EQ(r.out, "");
      EXPECT_TRUE(r.err.starts_with("orbweaver: ")) << r.err;
    }
  EXPECT_FALSE(std::filesystem::exists(nowhere));
}

TEST_F(StoreCommands, EndWithTwoWhileAServiceHasItOpen) {
  records_.emplace(context, database_settings{.directory = data_});
  const program_result r = run("check", data_);
  EXPECT_EQ(r.code, 2);
  EXPECT_NE(r.err.find("is in use by another process"), std::string::npos) << r.err;
}

}  // namespace
}  // namespace orbweaver::test
