#include "crawler/store/store_check.hpp"

#include <fstream>

#include "tests/support/store_fixture.hpp"

namespace orbweaver::test {
namespace {

using schema::table;

class StoreCheck : public store_fixture {
 protected:
  store& kept() override { return *records; }
  StoreCheck() {
    records.emplace(context, database_settings{.directory = data});
    open();
    for (int i = 0; i < 20; ++i)
      add("http://a.example/" + std::to_string(i), i % 3 ? outcome::fetched : outcome::dns_failed,
          1000);
    discover("http://a.example/later");
    page_commit skipped{.crawl = crawl, .first_found = next++};
    skipped.found = {{.url = "http://b.example/", .fate = outcome::out_of_scope}};
    kept().commit(std::move(skipped));
    unfinished = number;
    open();
    add("http://a.example/");
    discover("http://a.example/never");
    finish(outcome::over_page_limit);
    settle();
    records.reset();
  }
  // Changes the store behind everybody's back.
  template <class F>
  void meddle(F change) {
    const database db({.directory = data});
    change(db);
  }

  scratch_folder folder;
  std::filesystem::path data = folder.path() / "data";
  std::optional<rocksdb_store> records;
  std::uint64_t unfinished = 0;
};

TEST_F(StoreCheck, CountsWhatTheCommitsCounted) {
  EXPECT_EQ(check_store(data), std::vector<std::string>{});
  const store_statistics s = measure_store(data);
  EXPECT_EQ(s.crawls, 2u);
  EXPECT_EQ(s.unfinished, 1u);
  EXPECT_EQ(s.urls, 24u);
  EXPECT_EQ(s.records, 21u);
  compact_store(data);
  EXPECT_EQ(check_store(data), std::vector<std::string>{});
}

TEST_F(StoreCheck, MissesARowOfAnyKind) {
  row_writer key;
  const auto remove = [&](table which) {
    meddle([&](const database& db) {
      require(db->Delete(rocksdb::WriteOptions(), db.at(which), slice(key.view())));
    });
    return check_store(data).size();
  };
  schema::record_key(key, unfinished, 20);
  EXPECT_NE(remove(table::records), 0u);
  schema::url_key(key, unfinished, 3);
  EXPECT_GT(remove(table::fates), 1u);
  schema::queue_key(key, unfinished, origin_key("http://a.example/"), position_of(20));
  EXPECT_GT(remove(table::queue), 1u);
}

TEST_F(StoreCheck, RefusesWhatIsNoStore) {
  EXPECT_THROW(check_store(folder.path() / "nothing"), store_refused);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "nothing"));
}

// Flips a byte in the middle of every file, one at a time, and tears each in the middle: none of
// that may look like a store that was always empty.
TEST_F(StoreCheck, NoDamagedFileIsTakenForAnEmptyStore) {
  compact_store(data);  // so that there are files of every kind
  const auto copy = folder.path() / "copy";
  std::size_t files = 0;
  for (const auto& file : std::filesystem::directory_iterator(data / "rocksdb")) {
    const std::string name = file.path().filename().string();
    if (name == "LOCK" || name.starts_with("LOG") || name == "IDENTITY" || file.file_size() == 0)
      continue;
    ++files;
    for (const bool tear : {false, true}) {
      std::filesystem::remove_all(copy);
      std::filesystem::copy(data, copy, std::filesystem::copy_options::recursive);
      const auto victim = copy / "rocksdb" / name;
      const auto middle = file.file_size() / 2;
      if (tear) {
        std::filesystem::resize_file(victim, middle);
      } else {
        std::fstream bytes(victim, std::ios::in | std::ios::out | std::ios::binary);
        bytes.seekg(static_cast<std::streamoff>(middle));
        const char was = static_cast<char>(bytes.get());
        bytes.seekp(static_cast<std::streamoff>(middle));
        bytes.put(static_cast<char>(was ^ 0x20));
      }
      std::size_t found = 0;
      try {
        found = measure_store(copy).records;
      } catch (const std::runtime_error&) {
        continue;  // refused
      }
      const bool complained = !check_store(copy).empty();
      EXPECT_TRUE(complained || found == 21) << name << (tear ? " torn" : " flipped");
    }
  }
  EXPECT_GE(files, 4u);
}

}  // namespace
}  // namespace orbweaver::test
