// What the store does when the disk does not take what is written.
#include <boost/asio/use_future.hpp>
#include <future>

#include "crawler/service_error.hpp"
#include "crawler/store/store_check.hpp"
#include "tests/support/failing_disk.hpp"
#include "tests/support/store_fixture.hpp"

namespace orbweaver::test {
namespace {

class StoreTrouble : public store_fixture {
 protected:
  store& kept() override { return *records; }
  void start() {
    records.emplace(context, database_settings{.directory = folder.path() / "data",
                                               .retry_time = std::chrono::milliseconds(1),
                                               .files = disk});
  }
  // As a crash: what was under way in the context was about a store that is no more.
  void crash() {
    records.reset();
    guard.reset();
    std::destroy_at(&context);
    std::construct_at(&context, 1);
    guard.emplace(context.get_executor());
  }
  // None while the crawl itself is not durable.
  std::size_t records_kept() {
    const auto page = get(records->read(crawl, {}));
    return page ? page->records.size() : 0;
  }

  // Something is to be written, which fails, and the database cannot be opened anew.
  void break_and_close() {
    disk->fail_after(0, failing_disk::until_mended, failing_disk::trouble::broken);
    add("http://a.example/1");
    const int before = disk->failures();
    while (disk->failures() < before + 3) context.run_one();
  }
  void wait_until_well() {
    while (records->health() != store_health::well) context.run_one();
  }

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
  wait_until_well();
  EXPECT_TRUE(get(records->flush()));
  EXPECT_EQ(records_kept(), 3u);
  crash();
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
    crash();
    disk->mend();
    start();
    const auto page = get(records->read(crawl, {}));
    const std::size_t found = page ? page->records.size() : 0;
    EXPECT_GE(found, acknowledged) << "after " << calls << " calls";
    crash();
  }
}

TEST_F(StoreTrouble, AfterAnErrorThatRocksdbDoesNotForgiveItIsOpenedAnew) {
  start();
  open();
  add("http://a.example/0");
  settle();
  disk->fail_after(0, 1, failing_disk::trouble::broken);
  add("http://a.example/1");
  EXPECT_EQ(get(records->flush()).error(), service_error::storage_failed);
  EXPECT_EQ(records->health(), store_health::failing);
  add("http://a.example/2");
  wait_until_well();
  add("http://a.example/3");
  EXPECT_TRUE(get(records->flush()));
  EXPECT_EQ(records_kept(), 4u);
  crash();
  EXPECT_EQ(check_store(folder.path() / "data"), std::vector<std::string>{});
}

TEST_F(StoreTrouble, WhatCannotEvenBeOpenedIsRefusedToReadersUntilItCan) {
  start();
  open();
  add("http://a.example/0");
  settle();
  const auto data = folder.path() / "data";
  std::filesystem::path current;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(data))
    if (entry.path().filename() == "CURRENT") current = entry.path();
  const auto elsewhere = folder.path() / "CURRENT";
  disk->fail_after(0, failing_disk::until_mended, failing_disk::trouble::broken);
  std::filesystem::rename(current, elsewhere);
  add("http://a.example/1");
  EXPECT_EQ(get(records->flush()).error(), service_error::storage_failed);
  while (get(records->describe(crawl))) context.poll();
  EXPECT_EQ(get(records->list(0, 10)).error(), service_error::storage_failed);
  EXPECT_EQ(get(records->activity()).disk_bytes, 0u);
  std::filesystem::rename(elsewhere, current);
  disk->mend();
  wait_until_well();
  EXPECT_TRUE(get(records->flush()));
  EXPECT_EQ(records_kept(), 2u);
  EXPECT_EQ(get(records->list(0, 10))->size(), 1u);
}

TEST_F(StoreTrouble, ACrawlThatADeleteWasRefusedForGivesItsBodiesBackLater) {
  start();
  open();
  const http_exchange page = exchange_of("http://a.example/", "payload");
  fetched(page.url, {page});
  finish();
  settle();
  disk->fail_after(0);
  EXPECT_EQ(get(records->remove_crawl(crawl)).error(), service_error::storage_full);
  disk->mend();
  wait_until_well();
  settle();
  EXPECT_EQ(get(records->describe(crawl)).error(), service_error::not_found);
  open();
  settle();  // is written behind what was left to do
  EXPECT_EQ(get(records->payload_piece(page.hash, 0)).error(), service_error::no_body);
  crash();
  EXPECT_EQ(check_store(folder.path() / "data"), std::vector<std::string>{});
}

TEST_F(StoreTrouble, ARefusedRemovalHoldsAtOnceForReaders) {
  start();
  for (const bool is_over : {false, true}) {
    open();
    add("http://a.example/0");
    if (is_over) finish();
    settle();
    disk->fail_after(0);
    const auto follower = begin(records->wait(crawl, 1, std::chrono::hours(1)));
    EXPECT_EQ(get(records->remove_crawl(crawl)).error(), service_error::storage_full);
    while (!*follower) context.run_one();
    EXPECT_EQ(get(records->read(crawl, {})).error(), service_error::not_found);
    EXPECT_EQ(get(records->urls(crawl, {})).error(), service_error::not_found);
    EXPECT_EQ(get(records->exchanges(crawl, {})).error(), service_error::not_found);
    EXPECT_EQ(get(records->describe(crawl)).error(), service_error::not_found);
    EXPECT_TRUE(get(records->list(0, 10))->empty());
    EXPECT_EQ(get(records->remove_crawl(crawl)).error(), service_error::storage_full) << "again";
    records->save_delivery(crawl, "told of it");  // nothing is to be left of that either
    disk->mend();
    wait_until_well();
    settle();
    EXPECT_EQ(get(records->remove_crawl(crawl)).error(), service_error::not_found);
    EXPECT_TRUE(get(records->list(0, 10))->empty());
  }
  crash();
  EXPECT_EQ(check_store(folder.path() / "data"), std::vector<std::string>{});
  EXPECT_EQ(measure_store(folder.path() / "data").crawls, 0u);
  const database db({.directory = folder.path() / "data"});
  using enum schema::main_row;
  for (const auto kind : {schema::main_row::crawl, spec, tally, delivery})
    db.scan(schema::table::main, schema::main_key(kind, 0),
            schema::main_key(kind, ~std::uint64_t{0}), [&](auto, auto) {
              ADD_FAILURE() << "a row of kind " << static_cast<int>(kind) << " is left";
              return true;
            });
}

TEST_F(StoreTrouble, ARemovalIsRepeatedWithSuccessOnceThereIsSpace) {
  start();
  open();
  add("http://a.example/0");
  settle();
  disk->fail_after(0);
  EXPECT_EQ(get(records->remove_crawl(crawl)).error(), service_error::storage_full);
  disk->mend();
  const auto again = get(records->remove_crawl(crawl));
  EXPECT_TRUE(again || again.error() == service_error::not_found) << again.error().message();
  EXPECT_EQ(get(records->describe(crawl)).error(), service_error::not_found);
}

TEST_F(StoreTrouble, ARemovalThatIsNotDurableIsUndoneByACrash) {
  start();
  open();
  add("http://a.example/0");
  settle();
  disk->fail_after(0);
  EXPECT_EQ(get(records->remove_crawl(crawl)).error(), service_error::storage_full);
  crash();
  disk->mend();
  start();
  EXPECT_EQ(records_kept(), 1u);
  EXPECT_EQ(get(records->unfinished()).size(), 1u);
  EXPECT_TRUE(get(records->remove_crawl(crawl)));
}

// While the database is closed, and the removal has not even come into a group.
TEST_F(StoreTrouble, ARemovalHoldsThoughTheDatabaseCannotBeOpened) {
  start();
  open();
  add("http://a.example/0");
  settle();
  break_and_close();
  EXPECT_EQ(get(records->remove_crawl(crawl)).error(), service_error::storage_failed);
  EXPECT_EQ(get(records->read(crawl, {})).error(), service_error::not_found);
  EXPECT_EQ(get(records->remove_crawl(crawl)).error(), service_error::storage_failed) << "again";
  EXPECT_EQ(get(records->read(crawl, {})).error(), service_error::not_found);
  disk->mend();
  wait_until_well();
  settle();
  EXPECT_EQ(get(records->read(crawl, {})).error(), service_error::not_found);
  EXPECT_TRUE(get(records->list(0, 10))->empty());
}

// A mark of what is asked for must not hide what is there.
TEST_F(StoreTrouble, ARemovalOfWhatIsNotThereLeavesNoMark) {
  start();
  crawl = crawl_id::random();
  EXPECT_EQ(get(records->remove_crawl(crawl)).error(), service_error::not_found);
  number = ++last_number;
  kept().open_crawl(header());
  settle();
  EXPECT_TRUE(get(records->describe(crawl)));
}

// What is asked for while the database is closed is in no group yet, and not in the one whose end
// makes all well again.
TEST_F(StoreTrouble, ARemovalThatWasAnsweredIsDurableThoughTheDiskFailsAgain) {
  for (int round = 0; round < 6; ++round) {
    start();
    open();
    add("http://a.example/0");
    settle();
    break_and_close();
    auto removed =
        asio::co_spawn(asio::make_strand(context), records->remove_crawl(crawl), asio::use_future);
    context.poll();
    disk->mend();
    wait_until_well();
    disk->fail_after(0, failing_disk::until_mended, failing_disk::trouble::broken);
    while (removed.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
      context.run_one();
    crash();
    disk->mend();
    start();
    const bool is_there = get(records->read(crawl, {})).has_value();
    EXPECT_FALSE(removed.get().has_value() && is_there);
    crash();
  }
}

// Crawls of their own kind: every sort of row, one that is over, one that is removed. What each
// step says is durable has to be there whatever fails afterwards, and all of it in the end.
class StoreTroubleAnywhere : public StoreTrouble {
 protected:
  static constexpr std::size_t pages = 3;
  struct way {
    crawl_id over;
    crawl_id removed;
    bool is_removed = false;       // that was acknowledged
    std::size_t acknowledged = 0;  // records of the last crawl
  };

  // In pieces; of every crawl another.
  http_exchange large_page(const std::string& url) {
    return exchange_of(url, std::to_string(number) + url + std::string(payload_piece_bytes, 'x'));
  }
  void crawl_one_page() {
    open();
    fetched("http://a.example/", {large_page("http://a.example/")});
    finish();
    get(records->flush());
  }
  way crawl_through() {
    way out;
    crawl_one_page();
    out.over = crawl;
    crawl_one_page();
    out.removed = crawl;
    open();
    for (std::size_t i = 0; i < pages; ++i) {
      const std::string url = "http://a.example/" + std::to_string(i);
      const url_id id = discover(url);
      page_commit again{.crawl = crawl};
      again.waits = {.url = id, .origin = origin_key(url), .attempts = 1};
      records->commit(std::move(again));
      fetched(id, url, {exchange_of(url, "hop"), exchange_of(url, url)});
      records->save_crawl(header());
      records->save_delivery(crawl, std::to_string(i + 1));
      if (get(records->flush())) out.acknowledged = i + 1;
      if (i == pages / 2) out.is_removed = get(records->remove_crawl(out.removed)).has_value();
    }
    return out;
  }
  std::size_t delivered() {
    const auto state = get(records->delivery(crawl));
    return state && !state->empty() ? std::stoul(*state) : 0;
  }
  // A removal that was refused may have come to pass: what was asked for is only late.
  void finish_removing(const way& gone) {
    if (gone.is_removed) {
      EXPECT_FALSE(get(records->describe(gone.removed)));
    } else if (get(records->describe(gone.removed))) {
      EXPECT_TRUE(get(records->remove_crawl(gone.removed)));
    }
  }
  void try_it(int calls, int times, failing_disk::trouble how) {
    disk->mend();
    crash();
    std::filesystem::remove_all(folder.path() / "data");
    start();
    settle();
    disk->fail_after(calls, times, how);
    const way went = crawl_through();
    EXPECT_GE(records_kept(), went.acknowledged);
    EXPECT_GE(delivered(), went.acknowledged);
    disk->mend();
    wait_until_well();
    settle();
    EXPECT_EQ(records_kept(), pages);
    EXPECT_EQ(delivered(), pages);
    finish_removing(went);
    crash();
    EXPECT_EQ(check_store(folder.path() / "data"), std::vector<std::string>{});
    start();
    EXPECT_EQ(records_kept(), pages);
    EXPECT_EQ(delivered(), pages);
    EXPECT_TRUE(get(records->read(went.over, {}))->finished);
    EXPECT_EQ(get(records->exchanges(went.over, {}))->exchanges.size(), 1u);
    EXPECT_FALSE(get(records->describe(went.removed)));
    EXPECT_EQ(get(records->unfinished()).size(), 1u);
    discover("http://a.example/last");
    settle();  // is written behind what an earlier start left to do
    number = last_number - 1;
    const fingerprint gone = large_page("http://a.example/").hash;
    EXPECT_EQ(get(records->payload_piece(gone, 0)).error(), service_error::no_body);
  }
};

TEST_F(StoreTroubleAnywhere, NothingIsLostWhicheverCallFails) {
  using enum failing_disk::trouble;
  for (const auto how : {full, broken}) {
    for (const int times : {1, failing_disk::until_mended}) {
      for (int calls = 0;; calls += times == 1 ? 1 : 4) {
        const int before = disk->failures();
        SCOPED_TRACE(std::to_string(calls) + " calls before " + std::to_string(times) +
                     (how == full ? " without space" : " that fail"));
        try_it(calls, times, how);
        if (HasFailure()) return;
        if (disk->failures() == before) {
          EXPECT_GT(calls, 10);
          break;
        }
      }
    }
  }
}

TEST_F(StoreTrouble, ADiskWithLittleLeftCountsAsFull) {
  records.emplace(context, database_settings{.directory = folder.path() / "data",
                                             .min_free_disk = ~std::uint64_t{0}});
  open();
  EXPECT_EQ(get(records->flush()).error(), service_error::storage_full);
}

TEST_F(StoreTrouble, AFullDiskIsCalledByTheMarkThatIsSet) {
  const auto said = [&](std::uint64_t least) {
    const database db({.directory = folder.path() / "words", .min_free_disk = least});
    return db.has_space(~std::uint64_t{0} >> 1).ToString();
  };
  EXPECT_NE(said(5 << 20).find("less than 5 MiB are left"), std::string::npos);
  EXPECT_NE(said(0).find("no space is left"), std::string::npos) << said(0);
}

TEST_F(StoreTrouble, WhatCannotBeReadIsTold) {
  start();
  open();
  add("http://a.example/0");
  settle();
  EXPECT_EQ(records->doubt(), "");
  records.reset();
  {
    const database db({.directory = folder.path() / "data"});
    row_writer key;
    schema::record_key(key, number, 1);
    require(
        db->Put(rocksdb::WriteOptions(), db.at(schema::table::records), slice(key.view()), "x"));
  }
  start();
  EXPECT_EQ(get(records->read(crawl, {})).error(), service_error::storage_failed);
  EXPECT_NE(records->doubt().find("cannot be read"), std::string::npos);
  EXPECT_EQ(records->health(), store_health::well) << "the rest can be written and read";
}

TEST_F(StoreTrouble, ARemovalMayUseWhatIsLeftButNothingElseGoesOn) {
  start();
  open();
  add("http://a.example/0");
  finish();
  settle();
  crash();
  records.emplace(context, database_settings{.directory = folder.path() / "data",
                                             .min_free_disk = ~std::uint64_t{0},
                                             .retry_time = std::chrono::milliseconds(1)});
  EXPECT_TRUE(get(records->remove_crawl(crawl)));
  EXPECT_FALSE(get(records->describe(crawl)));
  EXPECT_EQ(records->health(), store_health::full);
  open();
  EXPECT_EQ(get(records->flush()).error(), service_error::storage_full);
}

}  // namespace
}  // namespace orbweaver::test
