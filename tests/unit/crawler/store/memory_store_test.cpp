#include "crawler/store/memory_store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "crawler/service_error.hpp"

namespace orbweaver {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

// All on this thread: what is posted runs when something is waited for.
class MemoryStore : public testing::Test {
 protected:
  // A coroutine under way; it moves on while the context runs.
  template <class T>
  struct pending {
    std::optional<T> value;
    std::exception_ptr failure;
  };
  template <class T>
  std::shared_ptr<pending<T>> begin(task<T> t) {
    auto out = std::make_shared<pending<T>>();
    asio::co_spawn(asio::make_strand(context), std::move(t), [out](std::exception_ptr e, T v) {
      out->failure = e, out->value = std::move(v);
    });
    return out;
  }
  std::shared_ptr<bool> begin(task<> t) {
    auto out = std::make_shared<bool>(false);
    asio::co_spawn(asio::make_strand(context), std::move(t),
                   [out](std::exception_ptr) { *out = true; });
    return out;
  }
  // Does what can be done without waiting for time to pass.
  void settle() {
    context.restart();
    context.poll();
  }

  result<results_page> read(results_query query = {}) {
    const auto p = begin(store.read(crawl, query));
    settle();
    return std::move(p->value.value());
  }

  // One more URL, ended at once, with a record of `size` bytes or so.
  void add(const std::string& url, outcome fate = outcome::fetched, std::size_t size = 10,
           url_id referrer = no_url, url_id duplicate_of = no_url) {
    page_commit c{
        .crawl = crawl, .first_found = next, .found = {{.url = url, .referrer = referrer}}};
    store.commit(std::move(c));
    page_commit end{.crawl = crawl, .url = next++, .fate = fate};
    end.record = record_draft{.members = "\"pad\":\"" + std::string(size, 'x') + '"',
                              .duplicate_of = duplicate_of};
    store.commit(std::move(end));
  }

  asio::io_context context{1};
  memory_store store{context};
  crawl_id crawl = crawl_id::random();
  url_id next = 0;
};

std::vector<std::uint64_t> seqs(const results_page& page) {
  std::vector<std::uint64_t> out;
  for (const auto& r : page.records) {
    EXPECT_EQ(json::parse(r.json).at("seq"), r.seq);
    out.push_back(r.seq);
  }
  return out;
}
using numbers = std::vector<std::uint64_t>;

TEST_F(MemoryStore, NumbersRecordsAndAddsWhatItKnows) {
  store.open_crawl(crawl);
  add("http://a.example/");
  add("http://a.example/\"1\"", outcome::fetched, 0, 0);
  add("http://a.example/2", outcome::fetched, 0, 1, 0);
  const auto page = read();
  ASSERT_TRUE(page);
  EXPECT_EQ(seqs(*page), (numbers{1, 2, 3}));
  EXPECT_EQ(page->next, 3u);
  EXPECT_FALSE(page->more);
  EXPECT_FALSE(page->finished);
  const json first = json::parse(page->records[0].json);
  EXPECT_FALSE(first.contains("referrer"));
  EXPECT_FALSE(first.contains("duplicateOf"));
  const json third = json::parse(page->records[2].json);
  EXPECT_EQ(third.at("referrer"), "http://a.example/\"1\"");
  EXPECT_EQ(third.at("duplicateOf"), "http://a.example/");
}

TEST_F(MemoryStore, EndsWithoutARecordAreNotRead) {
  store.open_crawl(crawl);
  page_commit c{.crawl = crawl, .first_found = 0, .found = {{.url = "http://a.example/"}}};
  store.commit(c);
  store.commit(page_commit{.crawl = crawl, .url = 0, .fate = outcome::robots_disallowed});
  EXPECT_TRUE(read()->records.empty());
}

TEST_F(MemoryStore, PagesByCount) {
  store.open_crawl(crawl);
  for (int i = 0; i < 5; ++i) add("http://a.example/" + std::to_string(i));
  const auto first = read({.limit = 2});
  EXPECT_EQ(seqs(*first), (numbers{1, 2}));
  EXPECT_TRUE(first->more);
  const auto second = read({.after = first->next, .limit = 3});
  EXPECT_EQ(seqs(*second), (numbers{3, 4, 5}));
  EXPECT_FALSE(second->more);
  const auto third = read({.after = second->next});
  EXPECT_TRUE(third->records.empty());
  EXPECT_EQ(third->next, 5u);
  add("http://a.example/5");
  EXPECT_EQ(seqs(*read({.after = third->next})), numbers{6});
}

TEST_F(MemoryStore, PagesByBytesAfterOneRecordAtLeast) {
  store.open_crawl(crawl);
  for (int i = 0; i < 4; ++i) add("http://a.example/" + std::to_string(i), outcome::fetched, 1000);
  EXPECT_EQ(seqs(*read({.max_bytes = 1})), numbers{1});
  EXPECT_EQ(seqs(*read({.after = 1, .max_bytes = 1500})), (numbers{2, 3}));
  EXPECT_TRUE(read({.after = 1, .max_bytes = 1500})->more);
}

TEST_F(MemoryStore, FiltersByKind) {
  store.open_crawl(crawl);
  add("http://a.example/0", outcome::fetched);
  add("http://a.example/1", outcome::connect_refused);
  add("http://a.example/2", outcome::redirect_to_known);
  add("http://a.example/3", outcome::tls_expired);
  const auto failed = read({.kind = outcome_kind::failed});
  EXPECT_EQ(seqs(*failed), (numbers{2, 4}));
  EXPECT_EQ(failed->next, 4u);
  EXPECT_EQ(seqs(*read({.kind = outcome_kind::skipped})), numbers{3});
  const auto none = read({.after = 1, .kind = outcome_kind::fetched});
  EXPECT_TRUE(none->records.empty());
  EXPECT_EQ(none->next, 4u) << "what was passed over is not looked at again";
  EXPECT_FALSE(none->more);
}

TEST_F(MemoryStore, SaysWhenNothingFollows) {
  store.open_crawl(crawl);
  add("http://a.example/0");
  add("http://a.example/1");
  store.finish_crawl(crawl, outcome::over_page_limit);
  const auto page = read({.limit = 1});
  EXPECT_TRUE(page->finished);
  EXPECT_TRUE(page->more) << "the last record is still to be read";
  EXPECT_FALSE(read({.after = 1})->more);
}

TEST_F(MemoryStore, UnknownAndRemovedCrawlsAreNotFound) {
  EXPECT_EQ(read().error(), service_error::not_found);
  store.open_crawl(crawl);
  EXPECT_TRUE(read());
  begin(store.remove_crawl(crawl));
  EXPECT_EQ(read().error(), service_error::not_found);
  add("http://a.example/");
  store.finish_crawl(crawl, outcome::cancelled);
  store.trim(crawl, 1);
  begin(store.remove_crawl(crawl));
  EXPECT_EQ(read().error(), service_error::not_found) << "late words change nothing";
}

TEST_F(MemoryStore, WaitingEndsWithTheNextRecord) {
  store.open_crawl(crawl);
  add("http://a.example/0");
  const auto passed = begin(store.wait(crawl, 0, 1h));
  settle();
  EXPECT_TRUE(*passed) << "there is one already";
  const auto waiting = begin(store.wait(crawl, 1, 1h));
  const auto longer = begin(store.wait(crawl, 1, 1h));
  settle();
  EXPECT_FALSE(*waiting);
  add("http://a.example/1");
  settle();
  EXPECT_TRUE(*waiting);
  EXPECT_TRUE(*longer);
}

// Readers wait for a batch: waking them for each record would cost more than the record itself.
TEST_F(MemoryStore, WaitingGoesOnUntilTheRecordThatIsWaitedFor) {
  store.open_crawl(crawl);
  const auto batch = begin(store.wait(crawl, 2, 1h));
  const auto next_one = begin(store.wait(crawl, 0, 1h));
  settle();
  add("http://a.example/0");
  settle();
  EXPECT_TRUE(*next_one);
  EXPECT_FALSE(*batch);
  add("http://a.example/1");
  settle();
  EXPECT_FALSE(*batch);
  add("http://a.example/2");
  settle();
  EXPECT_TRUE(*batch);
  const auto cut_short = begin(store.wait(crawl, 100, 1h));
  settle();
  EXPECT_FALSE(*cut_short);
  store.finish_crawl(crawl, outcome::cancelled);
  settle();
  EXPECT_TRUE(*cut_short);
}

TEST_F(MemoryStore, WaitingEndsWithTheCrawlOrItsRemoval) {
  store.open_crawl(crawl);
  const auto until_finished = begin(store.wait(crawl, 0, 1h));
  settle();
  EXPECT_FALSE(*until_finished);
  store.finish_crawl(crawl, outcome::cancelled);
  settle();
  EXPECT_TRUE(*until_finished);
  const auto at_once = begin(store.wait(crawl, 0, 1h));
  settle();
  EXPECT_TRUE(*at_once) << "nothing will come";

  crawl = crawl_id::random();
  store.open_crawl(crawl);
  const auto until_removed = begin(store.wait(crawl, 0, 1h));
  settle();
  EXPECT_FALSE(*until_removed);
  begin(store.remove_crawl(crawl));
  settle();
  EXPECT_TRUE(*until_removed);
  const auto unknown = begin(store.wait(crawl, 0, 1h));
  settle();
  EXPECT_TRUE(*unknown);
}

TEST_F(MemoryStore, WaitingEndsAfterItsTime) {
  store.open_crawl(crawl);
  const auto waiting = begin(store.wait(crawl, 0, 1ms));
  context.restart();
  context.run();
  EXPECT_TRUE(*waiting);
  add("http://a.example/0");
  EXPECT_EQ(seqs(*read()), numbers{1}) << "nobody is woken who is gone";
}

TEST_F(MemoryStore, DropsWhatWasReadForGood) {
  store.open_crawl(crawl);
  for (int i = 0; i < 4; ++i) add("http://a.example/" + std::to_string(i));
  store.trim(crawl, 2);
  EXPECT_EQ(seqs(*read()), (numbers{3, 4}));
  EXPECT_EQ(seqs(*read({.after = 3})), numbers{4});
  store.trim(crawl, 1);
  EXPECT_EQ(seqs(*read()), (numbers{3, 4})) << "trimming goes forward only";
  store.trim(crawl, 100);
  const auto page = read();
  EXPECT_TRUE(page->records.empty());
  EXPECT_EQ(page->next, 4u);
  add("http://a.example/4");
  EXPECT_EQ(seqs(*read()), numbers{5}) << "numbers go on";
}

}  // namespace
}  // namespace orbweaver
