// Exchanges and payloads on disk: each payload once, as long as somebody needs it.
#include <random>
#include <thread>

#include "crawler/service_error.hpp"
#include "crawler/store/store_check.hpp"
#include "tests/support/store_fixture.hpp"

namespace orbweaver::test {
namespace {

using schema::table;

class Bodies : public store_fixture {
 protected:
  store& kept() override { return *records; }
  Bodies() { start(); }
  void start() { records.emplace(context, database_settings{.directory = data}); }
  std::vector<stored_exchange> exchanges(exchanges_query query = {}) {
    settle();
    return get(kept().exchanges(crawl, query)).value().exchanges;
  }
  std::string payload_of(const http_exchange& one) {
    std::string out;
    for (std::size_t i = 0; i < payload_pieces(one.payload_bytes); ++i)
      out += get(kept().payload_piece(one.hash, i)).value();
    return out;
  }
  // Closes the store, and counts what is in a table.
  std::size_t rows(table which) {
    settle();
    records.reset();
    std::size_t out = 0;
    {
      const database db({.directory = data});
      db.scan(which, "", std::string(40, '\xff'), [&](auto, auto) { return ++out, true; });
    }
    start();
    return out;
  }
  std::vector<std::string> problems() {
    settle();
    records.reset();
    auto out = check_store(data);
    start();
    return out;
  }

  scratch_folder folder;
  std::filesystem::path data = folder.path() / "data";
  std::optional<rocksdb_store> records;
};

TEST_F(Bodies, ComeBackAsTheyWere) {
  std::string large;
  for (int i = 0; large.size() < 2 * payload_piece_bytes + 5; ++i)
    large += std::to_string(i * 7919);
  open();
  http_exchange hop = exchange_of("http://a.example/hop", "");
  hop.cut = payload_cut::length;
  fetched("http://a.example/hop", {hop, exchange_of("http://a.example/", large)});
  fetched("http://a.example/small", "x");
  http_exchange packed = exchange_of("http://a.example/packed", std::string(1000, 'p'));
  packed.packed = true;
  fetched("http://a.example/packed", {packed});
  const auto found = exchanges();
  ASSERT_EQ(found.size(), 4u);
  EXPECT_EQ(found[0].place, (exchange_place{crawl, 1, 0}));
  EXPECT_EQ(found[0].what.cut, payload_cut::length);
  EXPECT_EQ(found[1].place, (exchange_place{crawl, 1, 1}));
  EXPECT_EQ(found[1].what.url, "http://a.example/");
  EXPECT_EQ(found[1].what.request_head, hop.request_head);
  EXPECT_EQ(found[1].what.response_head, hop.response_head);
  EXPECT_EQ(found[1].what.address, "192.0.2.1");
  EXPECT_EQ(found[1].what.time, hop.time);
  EXPECT_EQ(payload_of(found[1].what), large);
  EXPECT_EQ(payload_of(found[2].what), "x");
  EXPECT_EQ(payload_of(found[3].what), std::string(1000, 'p'));
  EXPECT_EQ(get(kept().payload_piece({1, 2}, 0)).error(), service_error::no_body);
  EXPECT_EQ(problems(), std::vector<std::string>{});
}

TEST_F(Bodies, ReadRecordByRecord) {
  open();
  for (int i = 0; i < 5; ++i) {
    const std::string url = "http://a.example/" + std::to_string(i);
    fetched(url, {exchange_of(url, ""), exchange_of(url, "page " + std::to_string(i))});
  }
  add("http://a.example/without");
  settle();
  const auto page = get(kept().exchanges(crawl, {.after = 1, .limit = 2})).value();
  ASSERT_EQ(page.exchanges.size(), 4u) << "of records two and three";
  EXPECT_EQ(page.next, 3u);
  EXPECT_TRUE(page.more);
  const auto rest = get(kept().exchanges(crawl, {.after = 3})).value();
  EXPECT_EQ(rest.exchanges.size(), 4u);
  EXPECT_EQ(rest.next, 6u);
  EXPECT_FALSE(rest.more);
  const auto narrow = get(kept().exchanges(crawl, {.max_bytes = 1})).value();
  EXPECT_EQ(narrow.exchanges.size(), 2u) << "one record at least";
  EXPECT_TRUE(narrow.more);
}

TEST_F(Bodies, OnePayloadIsKeptOnce) {
  open();
  fetched("http://a.example/1", "the same");
  fetched("http://a.example/2", "the same");
  settle();
  fetched("http://a.example/3", "the same");
  const auto found = exchanges();
  ASSERT_EQ(found.size(), 3u);
  EXPECT_FALSE(found[0].same_as);
  for (const std::size_t i : {1u, 2u}) {
    ASSERT_TRUE(found[i].same_as);
    EXPECT_EQ(found[i].same_as->place, found[0].place);
    EXPECT_EQ(found[i].same_as->url, "http://a.example/1");
    EXPECT_EQ(found[i].same_as->time, found[0].what.time);
  }
  open();
  fetched("http://b.example/", "the same");
  EXPECT_FALSE(exchanges().at(0).same_as) << "not of this crawl";
  EXPECT_EQ(rows(table::bodies), 1u);
  EXPECT_EQ(rows(table::body_refs), 2u);
  EXPECT_EQ(problems(), std::vector<std::string>{});
}

TEST_F(Bodies, GoWithTheLastCrawlThatNeedsThem) {
  std::vector<crawl_id> crawls;
  for (int i = 0; i < 3; ++i) {
    open();
    crawls.push_back(crawl);
    fetched("http://a.example/", "common");
    fetched("http://a.example/own", "own " + std::to_string(i));
    finish();
    settle();
  }
  EXPECT_EQ(rows(table::bodies), 4u);
  EXPECT_TRUE(get(kept().remove_crawl(crawls[0])));
  EXPECT_EQ(rows(table::bodies), 3u);
  crawl = crawls[2];
  EXPECT_EQ(payload_of(exchanges().at(0).what), "common");
  EXPECT_TRUE(get(kept().remove_crawl(crawls[2])));
  EXPECT_EQ(rows(table::bodies), 2u);
  EXPECT_EQ(problems(), std::vector<std::string>{});
  EXPECT_TRUE(get(kept().remove_crawl(crawls[1])));
  for (const table which : {table::bodies, table::body_refs, table::body_uses, table::exchanges})
    EXPECT_EQ(rows(which), 0u) << schema::name(which);
}

TEST_F(Bodies, GiveTheirSpaceBackToTheDisk) {
  std::mt19937_64 random(1);
  const auto noise = [&random] {
    std::string out(1 << 20, '\0');
    for (char& c : out) c = static_cast<char>(random());
    return out;
  };
  open();
  const crawl_id kept_one = crawl;
  fetched("http://a.example/kept", noise());
  finish();
  open();
  for (int i = 0; i < 40; ++i) fetched("http://a.example/" + std::to_string(i), noise());
  finish();
  settle();
  records.reset();  // what is in no file yet takes no space
  start();
  const auto disk_bytes = [this] {
    std::uint64_t out = 0;
    for (const auto& file : std::filesystem::directory_iterator(data / "rocksdb")) {
      std::error_code gone;  // meanwhile, which is what is waited for
      const std::uint64_t size = file.file_size(gone);
      if (file.path().extension() == ".blob" && !gone) out += size;
    }
    return out;
  };
  settle();
  EXPECT_GE(disk_bytes(), 40u << 20);
  EXPECT_TRUE(get(kept().remove_crawl(crawl)));
  while (disk_bytes() > 4 << 20) std::this_thread::yield();
  crawl = kept_one;
  EXPECT_EQ(exchanges().size(), 1u);
  EXPECT_EQ(payload_of(exchanges().at(0).what).size(), 1u << 20);
  EXPECT_EQ(problems(), std::vector<std::string>{});
}

// As a crash between the removal of a crawl and that of its payloads leaves it.
TEST_F(Bodies, ARemovalIsFinishedAtTheNextStart) {
  open();
  fetched("http://a.example/", "payload");
  const std::uint64_t gone = number;
  open();
  fetched("http://a.example/", "another");
  settle();
  records.reset();
  {
    const database db({.directory = data});
    rocksdb::WriteBatch batch;
    using schema::main_row;
    batch.Put(slice(schema::main_key(main_row::removed, gone)), rocksdb::Slice());
    for (const main_row kind : {main_row::crawl, main_row::spec, main_row::tally})
      batch.Delete(slice(schema::main_key(kind, gone)));
    const std::string begin = schema::crawl_begin(gone), end = schema::crawl_end(gone);
    for (const table which :
         {table::urls, table::fates, table::seen, table::queue, table::records, table::exchanges})
      batch.DeleteRange(db.at(which), slice(begin), slice(end));
    require(db->Write(rocksdb::WriteOptions(), &batch));
  }
  start();
  discover("http://a.example/2");  // is written after what was left to do
  EXPECT_EQ(rows(table::bodies), 1u);
  EXPECT_EQ(rows(table::body_uses), 1u);
  EXPECT_EQ(problems(), std::vector<std::string>{});
}

TEST_F(Bodies, OfAPayloadThatHasNotChangedTheCrawlKeepsTheOldOne) {
  open();
  fetched("http://a.example/", "page");
  const auto before = exchanges().at(0);
  const crawl_id old = crawl;
  finish();
  open();
  http_exchange same = exchange_of("http://a.example/", "");
  same.unchanged = earlier_exchange{before.place, before.what.url, before.what.time};
  same.hash = before.what.hash;
  same.payload_bytes = before.what.payload_bytes;
  fetched("http://a.example/", {same});
  settle();
  EXPECT_TRUE(get(kept().remove_crawl(old)));
  const auto after = exchanges().at(0);
  ASSERT_TRUE(after.what.unchanged);
  EXPECT_EQ(after.what.unchanged->place, before.place);
  EXPECT_EQ(payload_of(after.what), "page");
  EXPECT_EQ(problems(), std::vector<std::string>{});
  same.hash = {77, 77};
  fetched("http://a.example/2", {same});
  EXPECT_EQ(exchanges().at(1).what.payload_bytes, 0u) << "it had gone already";
}

TEST_F(Bodies, ACheckMissesThem) {
  open();
  fetched("http://a.example/", "page");
  const auto hash = exchanges().at(0).what.hash;
  row_writer key;
  const auto after = [&](auto change) {
    settle();
    records.reset();
    {
      const database db({.directory = data});
      change(db);
    }
    const auto out = check_store(data).size();
    start();
    return out;
  };
  schema::piece_key(key, hash, 0);
  EXPECT_GT(after([&](const database& db) {
              row_writer row;
              schema::encode(row, schema::piece_row{.size = 4, .bytes = "pace"});
              require(db->Put(rocksdb::WriteOptions(), db.at(table::bodies), slice(key.view()),
                              slice(row.view())));
            }),
            0u);
  EXPECT_GT(after([&](const database& db) {
              require(db->Delete(rocksdb::WriteOptions(), db.at(table::bodies), slice(key.view())));
            }),
            0u);
  schema::ref_key(key, hash, number);
  EXPECT_GT(
      after([&](const database& db) {
        require(db->Delete(rocksdb::WriteOptions(), db.at(table::body_refs), slice(key.view())));
      }),
      1u);
}

// Whether a crash came before a single fetch had ended or after.
TEST_F(Bodies, SingleFetchesOfAnEarlierStartGoWithAllTheyHad) {
  std::vector<crawl_id> gone;
  std::vector<fingerprint> hashes;
  for (const bool is_over : {false, true}) {
    open();
    const http_exchange page = exchange_of("http://a.example/", is_over ? "over" : "cut short");
    fetched(page.url, {page});
    crawl_header single = header();
    single.listed = false;
    single.leftover = outcome::cancelled;
    if (is_over) {
      kept().finish_crawl(single, nullptr);
    } else {
      kept().save_crawl(single);
    }
    gone.push_back(crawl);
    hashes.push_back(page.hash);
  }
  settle();
  records.reset();
  start();
  for (const crawl_id& id : gone)
    EXPECT_EQ(get(kept().describe(id)).error(), service_error::not_found) << "at once";
  settle();
  open();
  settle();  // is written behind what an earlier start left to do
  for (const fingerprint& hash : hashes)
    EXPECT_EQ(get(kept().payload_piece(hash, 0)).error(), service_error::no_body);
  EXPECT_EQ(problems(), std::vector<std::string>{});
  records.reset();
  EXPECT_EQ(measure_store(data).crawls, 1u) << "the one that was opened since";
  {
    const database db({.directory = data});
    db.scan(table::main, schema::main_key(schema::main_row::removed, 0),
            schema::main_key(schema::main_row::removed, ~std::uint64_t{0}), [](auto, auto) {
              ADD_FAILURE() << "something is left to be released";
              return true;
            });
  }
  start();
}

}  // namespace
}  // namespace orbweaver::test
