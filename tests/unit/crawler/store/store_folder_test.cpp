// What a store's directory may look like when it is opened, after whatever has happened to it.
#include "crawler/store/store_folder.hpp"

#include <fstream>

#include "crawler/store/acknowledged_mark.hpp"
#include "tests/support/failing_disk.hpp"
#include "tests/support/store_fixture.hpp"

namespace orbweaver::test {
namespace {

namespace fs = std::filesystem;

class StoreFolder : public testing::Test {
 protected:
  // "": it opens.
  std::string refusal(std::shared_ptr<rocksdb::FileSystem> disk = nullptr) const try {
    const database opened({.directory = data, .files = std::move(disk)});
    return "";
  } catch (const store_refused& why) {
    return why.what();
  }
  void write_row(const std::string& key) const {
    database db({.directory = data});
    rocksdb::WriteBatch batch;
    batch.Put(key, "value");
    require(db.write_durably(batch));
  }
  bool has_row(const std::string& key) const {
    return database({.directory = data}).get(schema::table::main, key).has_value();
  }
  std::string doubt() const { return database({.directory = data}).doubt().value_or(""); }
  static void put(const fs::path& file, const std::string& text = "") {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::trunc | std::ios::binary) << text;
  }
  static std::string text_of(const fs::path& file) {
    std::ostringstream out;
    out << std::ifstream(file, std::ios::binary).rdbuf();
    return out.str();
  }

  scratch_folder folder;
  fs::path data = folder.path() / "data";
  fs::path files = data / "rocksdb";
  fs::path mark = data / "acknowledged";
  fs::path layout = data / "orbweaver-store";
  // As of a store that has a layout file and nothing else.
  const std::string layout_text = "layout " + std::to_string(schema::layout_version) + '\n';
};

TEST_F(StoreFolder, OneWhoseFirstOpeningWasCutShortIsOpenedAllTheSame) {
  for (int calls = 0;; ++calls) {
    SCOPED_TRACE(calls);
    fs::remove_all(data);
    const auto disk = std::make_shared<failing_disk>();
    disk->fail_after(calls);
    const bool is_cut_short = !refusal(disk).empty();
    database db({.directory = data});
    rocksdb::WriteBatch batch;
    batch.Put("a", "value");
    EXPECT_TRUE(db.write_durably(batch).ok());
    EXPECT_EQ(db.doubt(), std::nullopt);
    if (is_cut_short) continue;
    EXPECT_GT(calls, 10);
    break;
  }
}

// As SIGKILL leaves it while RocksDB makes its first files.
TEST_F(StoreFolder, OneWithoutRowsThatWasNeverOpenIsMadeAnew) {
  put(layout, layout_text);
  put(files / "LOCK");
  put(files / "IDENTITY", "x");
  put(files / "MANIFEST-000001", "torn");
  put(files / "000001.dbtmp", "MANIF");
  EXPECT_EQ(refusal(), "");
  EXPECT_TRUE(fs::exists(mark)) << "from the first opening on";
}

TEST_F(StoreFolder, OneThatMayHoldRowsIsNeverMadeAnew) {
  write_row("a");
  const fs::path elsewhere = folder.path() / "CURRENT";
  fs::rename(files / "CURRENT", elsewhere);
  EXPECT_NE(refusal().find("CURRENT is missing"), std::string::npos);
  const std::string kept = text_of(mark);
  fs::remove(mark);
  EXPECT_NE(refusal().find("CURRENT is missing"), std::string::npos) << "it has a log";
  put(mark, kept);
  fs::rename(elsewhere, files / "CURRENT");
  EXPECT_EQ(refusal(), "");
  EXPECT_TRUE(has_row("a"));
  fs::remove_all(files);
  EXPECT_NE(refusal().find("CURRENT is missing"), std::string::npos) << "it had rows";
}

TEST_F(StoreFolder, OneThatHasLostItsFilesIsNotBegunAnewUnderWhoeverUsesIt) {
  write_row("a");
  database db({.directory = data});
  fs::rename(files / "CURRENT", folder.path() / "CURRENT");
  EXPECT_FALSE(db.reopen().ok());
  fs::rename(folder.path() / "CURRENT", files / "CURRENT");
  EXPECT_TRUE(db.reopen().ok());
  EXPECT_TRUE(db.get(schema::table::main, "a"));
}

TEST_F(StoreFolder, WhatAFullDiskLeavesOfALayoutFileIsNoStore) {
  put(layout);
  put(layout.string() + ".new", "lay");
  EXPECT_EQ(refusal(), "");
  EXPECT_TRUE(text_of(layout).starts_with(layout_text));
  EXPECT_FALSE(fs::exists(layout.string() + ".new"));
  put(layout);
  EXPECT_NE(refusal().find("damaged"), std::string::npos) << "there is a store beside it";
}

TEST_F(StoreFolder, WhoOnlyLooksMakesNoStore) {
  put(layout);
  try {
    const database opened({.directory = data, .create = false});
    FAIL() << "there is none";
  } catch (const store_refused&) {
  }
  EXPECT_FALSE(fs::exists(files));
}

TEST_F(StoreFolder, WhereItsFileCannotEvenBeLookedForRocksdbSaysSo) {
  ASSERT_EQ(refusal(), "");
  fs::rename(files, data / "elsewhere");
  fs::create_symlink("rocksdb", files);  // leads to itself
  EXPECT_NE(refusal(), "");
  database db({.directory = folder.path() / "other"});
  fs::rename(folder.path() / "other/rocksdb", folder.path() / "other/elsewhere");
  fs::create_symlink("rocksdb", folder.path() / "other/rocksdb");
  EXPECT_FALSE(db.reopen().ok());
}

// As on a file system that can only be read.
TEST_F(StoreFolder, ALockThatCannotBeOpenedIsNotCalledSomebodyElses) {
  ASSERT_EQ(refusal(), "");
  fs::remove(files / "LOCK");
  fs::create_directory(files / "LOCK");
  const std::string why = refusal();
  EXPECT_EQ(why.find("in use"), std::string::npos) << why;
  EXPECT_NE(why.find("cannot be opened"), std::string::npos) << why;
  EXPECT_NE(why.find("Is a directory"), std::string::npos) << why;
}

TEST_F(StoreFolder, AnEmptyDoubtIsADoubt) {
  ASSERT_EQ(refusal(), "");
  put(data / "doubt");
  EXPECT_NE(doubt(), "");
}

TEST_F(StoreFolder, WhatIsMissingIsToldUntilThatIsAccepted) {
  write_row("a");
  const fs::path copy = folder.path() / "copy";
  fs::copy(files, copy, fs::copy_options::recursive);
  for (int i = 0; i < 3; ++i) write_row("b" + std::to_string(i));
  fs::remove_all(files);
  fs::rename(copy, files);
  EXPECT_NE(doubt().find(": its log is damaged or has become shorter: the last 3 changes that had "
                         "been acknowledged are lost"),
            std::string::npos)
      << doubt();
  write_row("c");
  const std::string told = doubt();
  EXPECT_EQ(std::ranges::count(told, '\n'), 0) << "once: " << told;
  EXPECT_NE(told, "");
  forget_doubt(data);
  EXPECT_EQ(doubt(), "");
}

TEST_F(StoreFolder, AMarkThatIsDamagedIsTold) {
  write_row("a");
  const std::string sound = text_of(mark);
  ASSERT_EQ(sound.size(), 16u);
  std::vector<std::string> damaged{"", sound.substr(0, 15), sound + 'x'};
  for (std::size_t at = 0; at < sound.size(); ++at) {
    damaged.push_back(sound);
    damaged.back()[at] ^= 0x40;
  }
  for (const std::string& bytes : damaged) {
    put(mark, bytes);
    EXPECT_NE(doubt().find("mark of what had been acknowledged is damaged"), std::string::npos);
    forget_doubt(data);
    EXPECT_EQ(doubt(), "") << "it is made anew";
  }
}

TEST_F(StoreFolder, EarlierVersionsHadNoMarkOrAnEmptyOne) {
  EXPECT_EQ(refusal(), "");
  put(mark);
  EXPECT_EQ(doubt(), "") << "nothing had been acknowledged";
  write_row("a");
  fs::remove(mark);
  EXPECT_EQ(doubt(), "");
  EXPECT_EQ(fs::file_size(mark), 16u);
}

TEST_F(StoreFolder, SeveralDoubtsStandTogetherAndAreBounded) {
  fs::create_directory(data);
  note_doubt(data, "one");
  note_doubt(data, "two");
  const std::string both = read_doubt(data).value();
  EXPECT_LT(both.find("one"), both.find("two"));
  for (int i = 0; i < 40; ++i) note_doubt(data, std::string(2000, 'x'));
  note_doubt(data, "the last");
  EXPECT_LT(read_doubt(data)->size(), 40'000u);
  EXPECT_TRUE(read_doubt(data)->ends_with("the last"));
}

}  // namespace
}  // namespace orbweaver::test
