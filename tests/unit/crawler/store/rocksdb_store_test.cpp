// What only a store that remembers can be asked.
#include "crawler/store/rocksdb_store.hpp"

#include <fstream>

#include "crawler/service_error.hpp"
#include "tests/support/store_fixture.hpp"

namespace orbweaver::test {
namespace {

class RocksdbStore : public store_fixture {
 protected:
  RocksdbStore() { start(); }
  store& kept() override { return *records; }
  void start() { records.emplace(context, database_settings{.directory = folder.path() / "data"}); }
  void restart() {
    records.reset();
    start();
  }

  scratch_folder folder;
  std::optional<rocksdb_store> records;
};

TEST_F(RocksdbStore, RemembersWhatWasFlushed) {
  open();
  const url_id seed = discover("http://a.example/");
  discover("http://a.example/1", seed);
  discover("http://b.example/2", seed);
  end(seed, "http://a.example/", outcome::fetched);
  settle();
  const auto before = get(records->describe(crawl));
  restart();
  EXPECT_EQ(records->last_number(), number);
  const auto unfinished = get(records->unfinished());
  ASSERT_EQ(unfinished.size(), 1u);
  EXPECT_EQ(unfinished[0].header.id, crawl);
  EXPECT_EQ(unfinished[0].tally, before->tally);
  EXPECT_EQ(read()->records.size(), 1u);
  EXPECT_EQ(get(records->seen(crawl)).size(), 3u);
  const auto queued = get(records->queued(crawl, {}, 10));
  ASSERT_EQ(queued.size(), 2u);
  for (const queued_url& url : queued) EXPECT_EQ(url.referrer, seed);
  add("http://a.example/3");
  EXPECT_EQ(read({.after = 1})->records.at(0).seq, 2u) << "numbers go on";
}

TEST_F(RocksdbStore, KeepsHowAUrlWaits) {
  open();
  const url_id first = discover("http://a.example/1");
  const url_id second = discover("http://a.example/2");
  const url_id target = next++;
  const wall_clock::time_point time{std::chrono::milliseconds(1'700'000'000'000)};
  page_commit c{.crawl = crawl, .first_found = target};
  c.found = {{.url = "http://a.example/t", .fate = outcome::redirect_target}};
  c.waits = {.url = second,
             .origin = origin_key("http://a.example/2"),
             .attempts = 2,
             .not_before = time,
             .passed = {target}};
  records->commit(std::move(c));
  settle();
  const auto queued = get(records->queued(crawl, {}, 10));
  ASSERT_EQ(queued.size(), 2u);
  EXPECT_EQ(queued[0].id, first);
  EXPECT_EQ(queued[0].attempts, 0);
  EXPECT_EQ(queued[1].id, second);
  EXPECT_EQ(queued[1].url, "http://a.example/2");
  EXPECT_EQ(queued[1].attempts, 2);
  EXPECT_EQ(queued[1].not_before, time);
  EXPECT_EQ(queued[1].passed, std::vector<url_id>{target});
  end(second, "http://a.example/2", outcome::fetched);
  settle();
  EXPECT_EQ(get(records->queued(crawl, {}, 10)).size(), 1u);
}

TEST_F(RocksdbStore, ReadsTheQueueInPieces) {
  open();
  for (int i = 0; i < 10; ++i) discover("http://a.example/" + std::to_string(i));
  settle();
  const std::uint64_t origin = origin_key("http://a.example/");
  const auto first = get(records->queued(crawl, {origin, std::nullopt}, 4));
  ASSERT_EQ(first.size(), 4u);
  const auto rest = get(records->queued(crawl, {origin, first.back().id}, 100));
  ASSERT_EQ(rest.size(), 6u);
  EXPECT_EQ(rest.front().id, first.back().id + 1) << "in the order of discovery";
}

TEST_F(RocksdbStore, FinishedCrawlsStayFinished) {
  open();
  add("http://a.example/");
  discover("http://a.example/1");
  finish();
  settle();
  restart();
  EXPECT_TRUE(get(records->unfinished()).empty());
  EXPECT_TRUE(read()->finished);
  EXPECT_TRUE(get(records->queued(crawl, {}, 10)).empty());
  EXPECT_EQ(get(records->describe(crawl))->tally.by_outcome.at(outcome::cancelled), 1u);
}

TEST_F(RocksdbStore, RemovedCrawlsLeaveNothing) {
  open();
  add("http://a.example/");
  const crawl_id removed = crawl;
  open();
  add("http://a.example/");
  settle();
  EXPECT_TRUE(get(records->remove_crawl(removed)));
  EXPECT_EQ(get(records->remove_crawl(removed)).error(), service_error::not_found);
  restart();
  EXPECT_EQ(get(records->describe(removed)).error(), service_error::not_found);
  EXPECT_EQ(get(records->list(0, 10)).size(), 1u);
  EXPECT_EQ(read()->records.size(), 1u) << "the other one is untouched";
}

TEST_F(RocksdbStore, SingleFetchesEndWithTheProcess) {
  crawl_header single = header();
  single.listed = false;
  single.number = ++last_number;
  records->open_crawl(single);
  settle();
  restart();
  EXPECT_TRUE(get(records->unfinished()).empty());
  settle();
  EXPECT_EQ(get(records->describe(single.id)).error(), service_error::not_found);
}

std::string refusal(const std::filesystem::path& directory) try {
  asio::io_context context;
  const rocksdb_store opened(context, {.directory = directory});
  return "";
} catch (const store_refused& why) {
  return why.what();
}

TEST_F(RocksdbStore, TwoProcessesDoNotShareOne) {
  EXPECT_NE(refusal(folder.path() / "data").find("in use"), std::string::npos);
}

TEST_F(RocksdbStore, RefusesALayoutItDoesNotKnow) {
  const auto file = folder.path() / "data" / "orbweaver-store";
  records.reset();
  std::ofstream(file, std::ios::trunc) << "layout 999\n";
  EXPECT_NE(refusal(folder.path() / "data").find("newer version"), std::string::npos);
  std::ofstream(file, std::ios::trunc) << "layou";
  EXPECT_NE(refusal(folder.path() / "data").find("damaged"), std::string::npos);
  std::ofstream(file, std::ios::trunc) << "layout " << schema::layout_version << "\n";
  EXPECT_EQ(refusal(folder.path() / "data"), "") << "it has been left as it was";
}

TEST_F(RocksdbStore, RefusesAFolderOfSomethingElse) {
  std::ofstream(folder.path() / "letter.txt") << "Dear";
  EXPECT_NE(refusal(folder.path()).find("no store"), std::string::npos);
}

}  // namespace
}  // namespace orbweaver::test
