// What only a store that remembers can be asked.
#include "crawler/store/rocksdb_store.hpp"

#include <algorithm>
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

  // All URLs that wait, in the order of origins.
  std::vector<queued_url> queued() {
    const auto page = get(records->queued_origins(crawl, {.limit = 1000, .urls_each = 1000}));
    std::vector<queued_url> out;
    for (const queue_part& part : page->origins)
      out.insert(out.end(), part.urls.begin(), part.urls.end());
    return out;
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
  const auto known = get(records->look_up(crawl, {.prints = {print_of(0), print_of(2), {5, 5}}}));
  ASSERT_EQ(known->urls.size(), 2u);
  EXPECT_EQ(known->urls[1].print, print_of(2));
  EXPECT_EQ(known->urls[1].id, 2u);
  const auto waiting = queued();
  ASSERT_EQ(waiting.size(), 2u);
  for (const queued_url& url : waiting) EXPECT_EQ(url.referrer, seed);
  add("http://a.example/3");
  EXPECT_EQ(read({.after = 1})->records.at(0).seq, 2u) << "numbers go on";
}

// Where groups are written in less time than they gather, what comes meanwhile waits all the same.
TEST_F(RocksdbStore, GathersAfterAWriteAsWell) {
  constexpr std::chrono::milliseconds gathering{5};
  open();
  settle();
  const std::uint64_t before = get(records->activity()).groups;
  const auto begin = clock::now();
  std::uint64_t groups = 0;
  while (groups < 10) {
    add("http://a.example/");
    groups = get(records->activity()).groups - before;
  }
  EXPECT_LE(groups, static_cast<std::uint64_t>((clock::now() - begin) / gathering) + 1);
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
  const auto waiting = queued();
  ASSERT_EQ(waiting.size(), 2u);
  EXPECT_EQ(waiting[0].id, first);
  EXPECT_EQ(waiting[0].attempts, 0);
  EXPECT_EQ(waiting[1].id, second);
  EXPECT_EQ(waiting[1].url, "http://a.example/2");
  EXPECT_EQ(waiting[1].attempts, 2);
  EXPECT_EQ(waiting[1].not_before, time);
  EXPECT_EQ(waiting[1].passed, std::vector<url_id>{target});
  end(second, "http://a.example/2", outcome::fetched);
  settle();
  EXPECT_EQ(queued().size(), 1u);
}

std::vector<url_id> ids_of(const queue_part& part) {
  std::vector<url_id> out;
  for (const queued_url& url : part.urls) out.push_back(url.id);
  return out;
}

// Nothing is flushed in between: what was asked for before is seen.
TEST_F(RocksdbStore, ReadsTheQueueInPieces) {
  open();
  for (int i = 0; i < 4; ++i) discover("http://a.example/" + std::to_string(i));
  for (int i = 0; i < 3; ++i) discover("http://b.example/" + std::to_string(i));
  page_commit revive{.crawl = crawl};
  revive.revived = {{.id = 1, .found = {.url = "http://a.example/1"}, .line = next}};
  end(1, "http://a.example/1", outcome::robots_disallowed);
  records->commit(std::move(revive));
  const std::uint64_t a = origin_key("http://a.example/"), b = origin_key("http://b.example/");
  const auto parts =
      get(records->queued(crawl, {{.origin = a, .limit = 2},
                                  {.origin = a, .after = queue_position{2, 2}, .limit = 10},
                                  {.origin = b, .after = queue_position{5, 5}, .limit = 1},
                                  {.origin = b, .after = queue_position{6, 6}, .limit = 1}}));
  ASSERT_EQ(parts->size(), 4u);
  EXPECT_EQ(ids_of(parts->at(0)), (std::vector<url_id>{0, 2}));
  EXPECT_TRUE(parts->at(0).more);
  EXPECT_EQ(ids_of(parts->at(1)), (std::vector<url_id>{3, 1})) << "who is revived stands last";
  EXPECT_FALSE(parts->at(1).more);
  EXPECT_EQ(ids_of(parts->at(2)), std::vector<url_id>{6});
  EXPECT_FALSE(parts->at(2).more);
  EXPECT_EQ(parts->at(2).urls[0].url, "http://b.example/2");
  EXPECT_TRUE(parts->at(3).urls.empty());
}

TEST_F(RocksdbStore, ListsOriginsThatHaveUrlsQueued) {
  open();
  std::vector<std::uint64_t> origins;
  for (int host = 0; host < 10; ++host) {
    const std::string origin = "http://" + std::to_string(host) + ".example";
    origins.push_back(origin_key(origin));
    for (int i = 0; i < 5; ++i) discover(origin + "/" + std::to_string(i));
  }
  add("http://over.example/");
  std::ranges::sort(origins);
  const std::vector<std::uint64_t> without{origins[0], origins[3]};
  std::vector<std::uint64_t> found;
  std::optional<std::uint64_t> from = 0;
  for (int pages = 0; from; ++pages) {
    ASSERT_LT(pages, 10);
    const auto page = get(records->queued_origins(
        crawl, {.from = *from, .without = without, .limit = 3, .urls_each = 2}));
    for (const queue_part& part : page->origins) {
      found.push_back(origin_key(part.urls.at(0).url));
      EXPECT_EQ(part.urls.size(), 2u);
      EXPECT_TRUE(part.more);
    }
    from = page->next;
  }
  std::erase_if(origins, [&](std::uint64_t o) { return std::ranges::count(without, o) != 0; });
  EXPECT_EQ(found, origins);
}

TEST_F(RocksdbStore, LooksUpWhatWasJustAskedFor) {
  open();
  const url_id skipped = next++;
  page_commit c{.crawl = crawl, .first_found = skipped};
  c.found = {{.url = "http://a.example/", .fate = outcome::nofollow, .print = print_of(skipped)}};
  records->commit(c);
  auto known = get(records->look_up(crawl, {.prints = {{1, 2}, print_of(skipped)}}));
  ASSERT_EQ(known->urls.size(), 1u);
  EXPECT_EQ(known->urls[0].fate, outcome::nofollow);
  page_commit revived{.crawl = crawl};
  revived.revived = {{skipped, outcome::nofollow, c.found[0], next}};
  revived.revived[0].found.fate.reset();
  records->commit(revived);
  page_commit end{.crawl = crawl, .url = skipped, .fate = outcome::fetched, .content_hash = 77};
  records->commit(end);
  known = get(records->look_up(crawl, {.prints = {print_of(skipped)}, .contents = {76, 77}}));
  ASSERT_EQ(known->urls.size(), 1u);
  EXPECT_EQ(known->urls[0].fate, std::nullopt);
  ASSERT_EQ(known->contents.size(), 1u);
  EXPECT_EQ(known->contents[0].hash, 77u);
  EXPECT_EQ(known->contents[0].id, skipped);
  crawl = crawl_id::random();
  EXPECT_EQ(get(records->look_up(crawl, {.contents = {77}})).error(), service_error::not_found);
}

TEST_F(RocksdbStore, SaysWhatTheCapsAreCountedFrom) {
  open();
  add("http://a.example/0");
  discover("http://a.example/1");
  page_commit c{.crawl = crawl, .first_found = next++};
  c.found = {{.url = "http://b.example/", .fate = outcome::out_of_scope}};
  records->commit(c);
  const auto first = get(records->known_urls(crawl, 0, 2));
  ASSERT_EQ(first->urls.size(), 2u);
  EXPECT_EQ(first->urls[0].ended, outcome::fetched);
  EXPECT_EQ(first->urls[1].url, "http://a.example/1");
  EXPECT_EQ(first->urls[1].ended, std::nullopt);
  EXPECT_EQ(first->next, 2u);
  const auto rest = get(records->known_urls(crawl, *first->next, 2));
  ASSERT_EQ(rest->urls.size(), 1u);
  EXPECT_EQ(rest->urls[0].found, outcome::out_of_scope);
  EXPECT_FALSE(rest->next);
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
  EXPECT_TRUE(queued().empty());
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
  EXPECT_EQ(get(records->list(0, 10))->size(), 1u);
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

TEST_F(RocksdbStore, RemembersWhichHostsToLeaveAlone) {
  using std::chrono::milliseconds;
  const auto now = std::chrono::floor<milliseconds>(wall_clock::now());
  const quiet_host past{"a.example", now - milliseconds(1)};
  const quiet_host later{"b.example", now + std::chrono::hours(2)};
  const quiet_host sooner{"c.example", now + std::chrono::hours(1)};
  for (const quiet_host& one : {past, later, sooner}) records->save_quiet(one);
  settle();
  restart();
  EXPECT_EQ(records->quiet_hosts(), (std::vector<quiet_host>{sooner, later}));
  const auto rows = [this] {
    records.reset();
    std::size_t out = 0;
    {
      const database db({.directory = folder.path() / "data"});
      db.scan(schema::table::main, schema::quiet_begin({}), schema::quiet_end(),
              [&](auto, auto) { return ++out, true; });
    }
    start();
    return out;
  };
  EXPECT_EQ(rows(), 3u);
  records->save_quiet(later);
  settle();
  EXPECT_EQ(rows(), 2u) << "without those that may be asked again";
}

std::string refusal(const std::filesystem::path& directory) try {
  asio::io_context context;
  const rocksdb_store opened(context, {.directory = directory});
  return "";
} catch (const store_refused& why) {
  return why.what();
}

// Whatever else is wrong with it than its absence.
TEST_F(RocksdbStore, AFileThatCannotBeLookedAtIsAnErrorAndNoneThatIsThrown) {
  database db({.directory = folder.path() / "other"});
  const auto current = folder.path() / "other/rocksdb/CURRENT";
  std::filesystem::remove(current);
  std::filesystem::create_symlink(current.filename(), current);
  EXPECT_FALSE(db.reopen().ok());
  EXPECT_THROW(db.get(schema::table::main, "x"), std::runtime_error) << "it stays closed";
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
  std::ofstream(file, std::ios::trunc) << "layout 1\n";
  EXPECT_NE(refusal(folder.path() / "data").find("does not know any more"), std::string::npos);
  std::ofstream(file, std::ios::trunc) << "layout " << schema::layout_version << '\n';
  EXPECT_EQ(refusal(folder.path() / "data"), "") << "it has been left as it was";
}

// On a full disk RocksDB's own log would end the process.
TEST_F(RocksdbStore, HasNoLogOfRocksdbsBesideIt) {
  open();
  add("http://a.example/");
  settle();
  for (const auto& file : std::filesystem::directory_iterator(folder.path() / "data" / "rocksdb"))
    EXPECT_FALSE(file.path().filename().string().starts_with("LOG")) << file.path();
}

// `orbweaver key create` may be the first thing that is done with a directory.
TEST_F(RocksdbStore, BeginsBesideApiKeys) {
  const std::filesystem::path beside = folder.path() / "keyed";
  std::filesystem::create_directory(beside);
  for (const char* name : {"keys.json", "keys.json.lock", "usage.json"})
    std::ofstream(beside / name) << "{}";
  EXPECT_EQ(refusal(beside), "");
  EXPECT_TRUE(std::filesystem::exists(beside / "keys.json"));
}

TEST_F(RocksdbStore, RefusesAFolderOfSomethingElse) {
  std::ofstream(folder.path() / "letter.txt") << "Dear";
  EXPECT_NE(refusal(folder.path()).find("no store"), std::string::npos);
}

}  // namespace
}  // namespace orbweaver::test
