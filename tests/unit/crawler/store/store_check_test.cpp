#include "crawler/store/store_check.hpp"

#include <fstream>
#include <functional>
#include <map>

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
    add("http://a.example/same", outcome::fetched, 10, 0, 1);
    answered(404);
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
  // One more URL, ended by this answer.
  void answered(std::uint16_t status) {
    page_commit c{.crawl = crawl,
                  .url = discover("http://a.example/" + std::to_string(status)),
                  .fate = outcome::fetched,
                  .origin = origin_key("http://a.example/"),
                  .status = status};
    c.record = record_draft{.members = "\"redirects\":[{\"status\":301}],\"status\":" +
                                       std::to_string(status)};
    kept().commit(std::move(c));
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
  static constexpr std::size_t all_records = 23;
};

TEST_F(StoreCheck, CountsWhatTheCommitsCounted) {
  EXPECT_EQ(check_store(data), std::vector<std::string>{});
  const store_statistics s = measure_store(data);
  EXPECT_EQ(s.crawls, 2u);
  EXPECT_EQ(s.unfinished, 1u);
  EXPECT_EQ(s.urls, 26u);
  EXPECT_EQ(s.records, all_records);
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
  schema::record_key(key, unfinished, 22);
  EXPECT_NE(remove(table::records), 0u);
  schema::url_key(key, unfinished, 3);
  EXPECT_GT(remove(table::fates), 1u);
  schema::queue_key(key, unfinished, origin_key("http://a.example/"), position_of(22));
  EXPECT_GT(remove(table::queue), 1u);
}

TEST_F(StoreCheck, CountsDuplicatesAndStatusesByTheRecords) {
  const auto problems_with = [&](const std::function<void(crawl_tally&)>& change) {
    const std::string key = schema::main_key(schema::main_row::tally, unfinished);
    std::string sound;
    meddle([&](const database& db) {
      sound = *db.get(table::main, key);
      crawl_tally wrong = *schema::decode_tally(sound);
      change(wrong);
      require(db->Put(rocksdb::WriteOptions(), db.at(table::main), slice(key),
                      slice(schema::tally_row(wrong))));
    });
    const auto out = check_store(data);
    meddle([&](const database& db) {
      require(db->Put(rocksdb::WriteOptions(), db.at(table::main), slice(key), slice(sound)));
    });
    return out.size();
  };
  EXPECT_EQ(problems_with([](crawl_tally& t) { EXPECT_EQ(t.duplicates++, 1u); }), 1u);
  EXPECT_EQ(problems_with([](crawl_tally& t) { EXPECT_EQ(t.by_status.at(404)++, 1u); }), 1u);
  EXPECT_EQ(problems_with([](crawl_tally& t) { t.by_status[200] = 1; }), 1u);
  EXPECT_EQ(problems_with([](crawl_tally&) {}), 0u);
}

TEST_F(StoreCheck, RefusesWhatIsNoStore) {
  EXPECT_THROW(check_store(folder.path() / "nothing"), store_refused);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "nothing"));
}

// What is left of a store's records after damage; none when it is refused with a message.
class StoreDamage : public StoreCheck {
 protected:
  struct verdict {
    bool refused = false;
    std::size_t records = 0;
    std::vector<std::string> problems;
  };
  // The file's kind by its name: CURRENT, MANIFEST, sst, blob, log, …
  static std::string kind_of(const std::string& name) {
    const std::size_t dot = name.rfind('.');
    return dot == std::string::npos ? name.substr(0, name.find('-')) : name.substr(dot + 1);
  }
  verdict look_at(const std::filesystem::path& store) {
    verdict out;
    try {
      out.problems = check_store(store);
      out.records = measure_store(store).records;
    } catch (const std::runtime_error& why) {
      out.refused = true;
      EXPECT_GT(std::string(why.what()).size(), 20u);
    }
    return out;
  }
  static void flip(const std::filesystem::path& file, std::uintmax_t at) {
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekg(static_cast<std::streamoff>(at));
    const char was = static_cast<char>(bytes.get());
    bytes.seekp(static_cast<std::streamoff>(at));
    bytes.put(static_cast<char>(was ^ 0x20));
  }
  // Damages each file of the store in one way at a time, on a copy.
  void damage_each(std::map<std::string, int>& kinds) {
    for (const auto& file : std::filesystem::directory_iterator(data / "rocksdb")) {
      const std::string name = file.path().filename().string();
      if (name == "LOCK" || name.starts_with("LOG") || file.file_size() == 0) continue;
      ++kinds[kind_of(name)];
      const std::uintmax_t size = file.file_size();
      std::vector<std::uintmax_t> places{0, size / 3, size / 2, size - 1};
      if (name.ends_with(".log"))  // the head of its first row: checksum, length, type
        for (std::uintmax_t at = 1; at < 8; ++at) places.push_back(at);
      for (const std::uintmax_t at : places)
        for (const bool tear : {false, true}) expect_noticed(name, at, tear);
    }
  }
  void expect_noticed(const std::string& name, std::uintmax_t at, bool tear) {
    const auto copy = folder.path() / "copy";
    std::filesystem::remove_all(copy);
    std::filesystem::copy(data, copy, std::filesystem::copy_options::recursive);
    const auto victim = copy / "rocksdb" / name;
    if (tear) {
      std::filesystem::resize_file(victim, at);
    } else {
      flip(victim, at);
    }
    const verdict v = look_at(copy);
    EXPECT_TRUE(v.refused || !v.problems.empty() || v.records == all_records)
        << name << (tear ? " torn" : " flipped") << " at " << at << ": " << v.records << " records";
  }
};

TEST_F(StoreDamage, NoDamagedFileIsTakenForAnEmptyStore) {
  std::map<std::string, int> kinds;
  damage_each(kinds);   // the log of what is not in files yet
  compact_store(data);  // files of every other kind
  damage_each(kinds);
  for (const char* const kind :
       {"log", "sst", "blob", "MANIFEST", "CURRENT", "OPTIONS", "IDENTITY"})
    EXPECT_NE(kinds[kind], 0) << kind;
}

}  // namespace
}  // namespace orbweaver::test
