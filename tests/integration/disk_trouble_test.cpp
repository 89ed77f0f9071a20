// What users of the engine see while the disk takes nothing, and afterwards.
#include <future>
#include <gtest/gtest.h>
#include <set>

#include "crawler/service_error.hpp"
#include "crawler/store/database.hpp"
#include "crawler/store/rocksdb_store.hpp"
#include "tests/support/engine_fixture.hpp"
#include "tests/support/failing_disk.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/site_server.hpp"

namespace orbweaver::test {
namespace {

// A crawl of a site that has no end until it is told to have one.
class DiskTrouble : public testing::Test {
 protected:
  std::unique_ptr<running_engine> start(std::uint64_t min_free_disk = 0) {
    const database_settings place{.directory = folder.path() / "data",
                                  .memory = 32 << 20,
                                  .min_free_disk = min_free_disk,
                                  .retry_time = std::chrono::milliseconds(10),
                                  .files = disk};
    const auto make = [&](asio::io_context& context) {
      return std::make_unique<rocksdb_store>(context, place);
    };
    return std::make_unique<running_engine>(make);
  }
  crawl_spec endless() const {
    crawl_spec spec = quick_spec({site.url("/1")});
    spec.limit = 1'000'000;
    return spec;
  }
  static crawl_status status(running_engine& e, crawl_id id) {
    return *e.call(e.engine.status(id));
  }
  // What the crawl is warned of when it is warned of anything.
  static std::string first_warning(running_engine& e, crawl_id id) {
    for (;;) {
      const auto warnings = status(e, id).warnings;
      if (!warnings.empty()) return warnings.front();
    }
  }
  static void wait_for_pages(running_engine& e, crawl_id id, std::uint64_t fetched) {
    while (status(e, id).counts.fetched < fetched) continue;
  }
  // A crawl that has some pages and knows that the disk takes nothing more.
  crawl_id crawl_until_the_disk_is_full(running_engine& e) const {
    const crawl_id id = e.call(e.engine.create(endless()))->id;
    wait_for_pages(e, id, 20);
    disk->fail_after(0);
    first_warning(e, id);
    return id;
  }
  // Each page has been asked for once and has one record.
  void expect_whole(running_engine& e, crawl_id id) {
    const crawl_status end = e.wait_until_final(id);
    EXPECT_EQ(end.state, crawl_state::completed);
    std::set<std::string> recorded;
    for (const auto& record : e.records(id)) recorded.insert(record.at("url"));
    EXPECT_EQ(recorded.size(), end.counts.fetched);
    EXPECT_EQ(recorded.size(), end.counts.discovered);
    for (const auto& [target, times] : site.hit_counts()) {
      if (target == "/robots.txt") continue;
      EXPECT_EQ(times, 1) << target;
      EXPECT_TRUE(recorded.contains(site.url(target))) << target;
    }
  }

  std::atomic<bool> has_end{false};
  site_server site{[this](const site_server::hit& h) -> site_server::reply {
    if (h.target == "/robots.txt") return {http_response(404, "", "")};
    if (has_end.load()) return {html_response("<p>the end")};
    const auto n = std::stoull(h.target.substr(1));
    return {html_response("<a href='/" + std::to_string(2 * n) + "'>1</a><a href='/" +
                          std::to_string(2 * n + 1) + "'>2</a>")};
  }};
  scratch_folder folder;
  std::shared_ptr<failing_disk> disk = std::make_shared<failing_disk>();
  static constexpr std::uint64_t everything = ~std::uint64_t{0};
};

TEST_F(DiskTrouble, ACrawlThatCannotBeMadeDurableIsNotThere) {
  {
    const auto e = start();
    disk->fail_after(0);
    const auto made = e->call(e->engine.create(endless()));
    EXPECT_EQ(made.error(), service_error::storage_full);
    EXPECT_TRUE(e->call(e->engine.list({}))->crawls.empty());
    disk->mend();
    while (e->store.health() != store_health::well) std::this_thread::yield();
    EXPECT_TRUE(e->call(e->store.flush()));
    EXPECT_TRUE(e->call(e->engine.list({}))->crawls.empty()) << "nor when there is space again";
  }
  const auto e = start();
  EXPECT_TRUE(e->call(e->store.unfinished()).empty()) << "nor after the next start";
}

TEST_F(DiskTrouble, ARunningCrawlSaysSoAndGoesOnByItself) {
  const auto e = start();
  const crawl_id id = e->call(e->engine.create(endless()))->id;
  wait_for_pages(*e, id, 20);
  disk->fail_after(0);
  EXPECT_NE(first_warning(*e, id).find("The disk is full"), std::string::npos);
  const auto readable = e->records(id).size();
  EXPECT_GT(readable, 0u) << "what is durable can be read";
  EXPECT_EQ(readable, status(*e, id).counts.fetched) << "nothing is counted that is not durable";
  EXPECT_EQ(e->ledger(id).at(site.url("/1")).fate, outcome::fetched);
  EXPECT_EQ(e->call(e->engine.create(endless())).error(), service_error::storage_full);
  EXPECT_EQ(e->call(e->engine.list({}))->crawls.size(), 1u);
  disk->mend();
  wait_for_pages(*e, id, status(*e, id).counts.fetched + 50);
  const auto now = status(*e, id).warnings;
  EXPECT_TRUE(std::ranges::none_of(
      now, [](const std::string& w) { return w.starts_with("The disk is full"); }));
  has_end = true;
  expect_whole(*e, id);
}

TEST_F(DiskTrouble, ADiskThatFailsIsTheSame) {
  const auto e = start();
  const crawl_id id = e->call(e->engine.create(endless()))->id;
  wait_for_pages(*e, id, 20);
  disk->fail_after(0, failing_disk::until_mended, failing_disk::trouble::broken);
  EXPECT_NE(first_warning(*e, id).find("The disk fails"), std::string::npos);
  EXPECT_EQ(e->call(e->engine.pause(id)).error(), service_error::storage_failed);
  disk->mend();
  while (e->store.health() != store_health::well) std::this_thread::yield();
  EXPECT_TRUE(e->call(e->engine.resume(id)));
  has_end = true;
  expect_whole(*e, id);
}

TEST_F(DiskTrouble, APauseHoldsAtOnceAndIsDurableLater) {
  crawl_id id;
  {
    const auto e = start();
    id = crawl_until_the_disk_is_full(*e);
    EXPECT_EQ(e->call(e->engine.pause(id)).error(), service_error::storage_full);
    const crawl_state state = status(*e, id).state;
    EXPECT_TRUE(state == crawl_state::pausing || state == crawl_state::paused);
    EXPECT_EQ(e->call(e->engine.resume(id)).error(), service_error::storage_full);
    EXPECT_EQ(status(*e, id).state, crawl_state::running);
    EXPECT_EQ(e->call(e->engine.pause(id)).error(), service_error::storage_full);
  }
  disk->mend();  // after what is as good as a crash: nothing of this was durable
  {
    const auto e = start();
    e->call(e->engine.recover());
    EXPECT_EQ(status(*e, id).state, crawl_state::running);
    disk->fail_after(0);
    first_warning(*e, id);
    EXPECT_EQ(e->call(e->engine.pause(id)).error(), service_error::storage_full);
    disk->mend();
    while (e->store.health() != store_health::well) std::this_thread::yield();
    while (status(*e, id).state != crawl_state::paused) continue;
    EXPECT_TRUE(e->call(e->store.flush()));
  }
  const auto e = start();
  e->call(e->engine.recover());
  EXPECT_EQ(status(*e, id).state, crawl_state::paused);
}

TEST_F(DiskTrouble, NoCrawlIsSaidToBeOverBeforeThatIsDurable) {
  const auto e = start();
  const crawl_id id = crawl_until_the_disk_is_full(*e);
  EXPECT_EQ(e->call(e->engine.cancel(id)).error(), service_error::storage_full);
  const crawl_status now = status(*e, id);
  EXPECT_EQ(now.state, crawl_state::running);
  EXPECT_EQ(now.finished_at, std::nullopt);
  ASSERT_FALSE(now.warnings.empty());
  EXPECT_NE(now.warnings.back().find("has ended"), std::string::npos) << now.warnings.back();
  EXPECT_EQ(e->call(e->engine.list({}))->crawls.at(0).state, crawl_state::running);
  EXPECT_EQ(e->call(e->engine.cancel(id)).error(), service_error::storage_full) << "once more";
  disk->mend();
  EXPECT_EQ(e->wait_until_final(id).state, crawl_state::cancelled);
}

TEST_F(DiskTrouble, ACancelThatIsNotDurableIsUndoneByACrash) {
  crawl_id id;
  {
    const auto e = start();
    id = crawl_until_the_disk_is_full(*e);
    EXPECT_EQ(e->call(e->engine.cancel(id)).error(), service_error::storage_full);
  }
  disk->mend();
  has_end = true;
  const auto e = start();
  e->call(e->engine.recover());
  EXPECT_EQ(e->wait_until_final(id).state, crawl_state::completed);
}

TEST_F(DiskTrouble, WhatACancelHasLeftIsNotInFlight) {
  const auto e = start();
  crawl_spec spec = endless();
  spec.robots = robots_policy::ignore;
  spec.delay = seconds_f(3600);  // one page is fetched, and what it links to waits
  const crawl_id id = e->call(e->engine.create(spec))->id;
  wait_for_pages(*e, id, 1);
  const crawl_counts before = status(*e, id).counts;
  EXPECT_EQ(before.queued, 2u);
  EXPECT_EQ(before.in_flight, 0u);
  disk->fail_after(0);
  EXPECT_EQ(e->call(e->engine.cancel(id)).error(), service_error::storage_full);
  for (const crawl_counts& now :
       {status(*e, id).counts, e->call(e->engine.list({}))->crawls.at(0).counts}) {
    EXPECT_EQ(now.discovered, before.discovered);
    EXPECT_EQ(now.queued, before.queued);
    EXPECT_EQ(now.in_flight, 0u);
  }
}

TEST_F(DiskTrouble, ADeleteHoldsAtOnceAndIsDurableLater) {
  crawl_id id;
  {
    const auto e = start();
    id = crawl_until_the_disk_is_full(*e);
    // As every reader that follows a crawl does: it must come to an end.
    auto follower = std::async(std::launch::async, [&] {
      for (std::uint64_t after = 0;;) {
        const auto page = e->call(e->store.read(id, {.after = after, .limit = 1000}));
        if (!page) return page.error();
        after = page->next;
        e->call(e->store.wait(id, after, std::chrono::hours(1)));
      }
    });
    EXPECT_EQ(e->call(e->engine.remove(id)).error(), service_error::storage_full);
    EXPECT_EQ(follower.get(), service_error::not_found);
    EXPECT_EQ(e->call(e->engine.status(id)).error(), service_error::not_found);
    EXPECT_EQ(e->call(e->engine.pause(id)).error(), service_error::not_found);
    EXPECT_EQ(e->call(e->engine.resume(id)).error(), service_error::not_found);
    EXPECT_EQ(e->call(e->engine.cancel(id)).error(), service_error::not_found);
    EXPECT_TRUE(e->call(e->engine.list({}))->crawls.empty());
    EXPECT_EQ(e->call(e->engine.remove(id)).error(), service_error::storage_full) << "once more";
    disk->mend();
    while (e->store.health() != store_health::well) std::this_thread::yield();
    EXPECT_TRUE(e->call(e->store.flush()));
    EXPECT_EQ(e->call(e->engine.status(id)).error(), service_error::not_found);
    EXPECT_EQ(e->call(e->engine.remove(id)).error(), service_error::not_found);
  }
  const auto e = start();
  EXPECT_TRUE(e->call(e->store.unfinished()).empty());
  EXPECT_EQ(e->call(e->engine.status(id)).error(), service_error::not_found);
}

TEST_F(DiskTrouble, ADeleteThatIsNotDurableIsUndoneByACrash) {
  crawl_id id;
  {
    const auto e = start();
    id = crawl_until_the_disk_is_full(*e);
    EXPECT_EQ(e->call(e->engine.remove(id)).error(), service_error::storage_full);
  }
  disk->mend();
  const auto e = start();
  e->call(e->engine.recover());
  EXPECT_EQ(status(*e, id).state, crawl_state::running);
  EXPECT_TRUE(e->call(e->engine.remove(id))) << "to be asked for once more";
  EXPECT_EQ(e->call(e->engine.status(id)).error(), service_error::not_found);
}

TEST_F(DiskTrouble, LittleSpaceCountsAsNone) {
  crawl_id id;
  {
    const auto e = start(everything);
    EXPECT_EQ(e->call(e->engine.create(endless())).error(), service_error::storage_full);
  }
  {
    const auto e = start();
    id = e->call(e->engine.create(endless()))->id;
    wait_for_pages(*e, id, 20);
  }
  {
    const auto e = start(everything);
    e->call(e->engine.recover());
    EXPECT_NE(first_warning(*e, id).find("The disk is full"), std::string::npos);
  }
  has_end = true;
  const auto e = start();
  e->call(e->engine.recover());
  EXPECT_EQ(e->wait_until_final(id).state, crawl_state::completed);
}

}  // namespace
}  // namespace orbweaver::test
