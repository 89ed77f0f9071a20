#include "crawler/frontier/frontier.hpp"

#include <gtest/gtest.h>
#include <map>
#include <random>

namespace orbweaver {
namespace {

using namespace std::chrono_literals;

class FrontierTest : public testing::Test {
 protected:
  void push(frontier::crawl_key key, const std::string& host, const std::string& path,
            turn when = turn::normal) {
    frontier_entry e;
    e.url = "http://" + host + path;
    f.push(key, "http://" + host, host, std::move(e), when);
  }
  // The URL started, or "" when nothing can start now.
  std::string next() {
    auto step = f.next(now);
    if (auto* s = std::get_if<frontier::start>(&step)) {
      std::string url = s->entry.url;
      running.emplace(url, std::move(*s));
      return url;
    }
    return "";
  }
  void sent(const std::string& url) { f.sent(running.find(url)->second.held, now); }
  void observe(const std::string& url, host_pace::sign what) {
    f.observe(running.find(url)->second.held, what, 0s, now);
  }
  void finish(const std::string& url) {
    auto it = running.find(url);
    ASSERT_NE(it, running.end()) << url;
    f.finished(it->second.held, now);
    running.erase(it);
  }

  frontier f{100};
  clock::time_point now = clock::time_point{} + 1h;
  std::multimap<std::string, frontier::start> running;
};

TEST_F(FrontierTest, StartsInTheOrderOfDiscovery) {
  const auto c = f.add_crawl({.per_host = 10});
  push(c, "a", "/1");
  push(c, "a", "/2");
  EXPECT_EQ(f.queued(c), 2u);
  EXPECT_EQ(next(), "http://a/1");
  EXPECT_EQ(next(), "http://a/2");
  EXPECT_EQ(f.in_flight(c), 2u);
  EXPECT_TRUE(std::holds_alternative<frontier::nothing>(f.next(now)));
}

TEST_F(FrontierTest, HoldsThePerHostConcurrency) {
  const auto c = f.add_crawl({.per_host = 2});
  for (int i = 0; i < 5; ++i) push(c, "a", "/" + std::to_string(i));
  EXPECT_EQ(next(), "http://a/0");
  EXPECT_EQ(next(), "http://a/1");
  EXPECT_EQ(next(), "");
  finish("http://a/1");
  EXPECT_EQ(next(), "http://a/2");
  EXPECT_EQ(next(), "");
}

TEST_F(FrontierTest, AnotherRequestsEndDoesNotStandForOneThatHasNotGoneOut) {
  const auto c = f.add_crawl({.delay = 250ms, .per_host = 3});
  for (int i = 1; i <= 3; ++i) push(c, "a", "/" + std::to_string(i));
  EXPECT_EQ(next(), "http://a/1");
  sent("http://a/1");
  now += 250ms;
  EXPECT_EQ(next(), "http://a/2");
  now += 250ms;  // the second one is still connecting when the first ends
  finish("http://a/1");
  EXPECT_EQ(next(), "");
  sent("http://a/2");
  EXPECT_EQ(next(), "");
  now += 250ms;
  EXPECT_EQ(next(), "http://a/3");
}

TEST_F(FrontierTest, ARequestSentTwiceMovesTheClockButFreesNobodyElse) {
  const auto c = f.add_crawl({.delay = 250ms, .per_host = 3});
  for (int i = 1; i <= 3; ++i) push(c, "a", "/" + std::to_string(i));
  EXPECT_EQ(next(), "http://a/1");
  sent("http://a/1");
  now += 250ms;
  EXPECT_EQ(next(), "http://a/2");
  sent("http://a/1");  // again, over a new connection
  now += 250ms;
  EXPECT_EQ(next(), "") << "the second has not gone out";
  sent("http://a/2");
  now += 250ms;
  EXPECT_EQ(next(), "http://a/3");
}

TEST_F(FrontierTest, SaysWhetherItWantsToKnowWhenARequestGoesOut) {
  const auto hasty = f.add_crawl({.per_host = 2});
  push(hasty, "a", "/1");
  EXPECT_EQ(next(), "http://a/1");
  EXPECT_FALSE(running.find("http://a/1")->second.awaits_send);
  const auto patient = f.add_crawl({.delay = 250ms, .per_host = 2});
  push(patient, "a", "/2");
  push(hasty, "a", "/3");
  now += 250ms;
  EXPECT_EQ(next(), "http://a/2");
  finish("http://a/1");
  sent("http://a/2");
  now += 250ms;
  EXPECT_EQ(next(), "http://a/3");
  EXPECT_TRUE(running.find("http://a/3")->second.awaits_send) << "the host has a delay now";
}

TEST_F(FrontierTest, CountsTheDelayFromTheMomentTheRequestWentOut) {
  const auto c = f.add_crawl({.delay = 250ms, .per_host = 10});
  push(c, "a", "/1");
  push(c, "a", "/2");
  EXPECT_EQ(next(), "http://a/1");
  now += 10s;  // still connecting
  EXPECT_EQ(next(), "") << "the first request has not gone out";
  sent("http://a/1");
  EXPECT_EQ(next(), "");
  auto step = f.next(now);
  ASSERT_TRUE(std::holds_alternative<frontier::wait_until>(step));
  EXPECT_EQ(std::get<frontier::wait_until>(step).time, now + 250ms);
  now += 249ms;
  EXPECT_EQ(next(), "");
  now += 1ms;
  EXPECT_EQ(next(), "http://a/2");
}

TEST_F(FrontierTest, ACrawlDelayHoldsFromTheRequestForItOn) {
  const auto c = f.add_crawl({.per_host = 2});
  frontier_entry robots;
  robots.url = "http://a/robots.txt";
  robots.kind = entry_kind::robots;
  f.push(c, "http://a", "a", std::move(robots), turn::soon);
  EXPECT_EQ(next(), "http://a/robots.txt");
  now += 10s;  // still connecting
  sent("http://a/robots.txt");
  now += 1ms;
  push(c, "a", "/1");
  f.set_crawl_delay(c, "http://a", 1s);
  finish("http://a/robots.txt");
  EXPECT_EQ(next(), "");
  now += 998ms;
  EXPECT_EQ(next(), "");
  now += 1ms;
  EXPECT_EQ(next(), "http://a/1");
}

TEST_F(FrontierTest, AFetchThatEndedBeforeItWasSentStillCountsAsAStart) {
  const auto c = f.add_crawl({.delay = 1s, .per_host = 1});
  push(c, "a", "/1");
  push(c, "a", "/2");
  next();
  now += 100ms;
  finish("http://a/1");
  EXPECT_EQ(next(), "");
  now += 900ms;
  EXPECT_EQ(next(), "http://a/2");
}

TEST_F(FrontierTest, AnEntryGivenBackUnaskedCostsNoDelay) {
  const auto c = f.add_crawl({.delay = 1s, .per_host = 1});
  push(c, "a", "/1");
  push(c, "a", "/2");
  next();
  const auto held = running.find("http://a/1")->second.held;
  f.finished(held, now, false);
  EXPECT_EQ(next(), "http://a/2");
}

TEST_F(FrontierTest, TheDelayHoldsAcrossCrawlsAndTheLongestOneWins) {
  const auto quick = f.add_crawl({.delay = 100ms, .per_host = 5});
  const auto slow = f.add_crawl({.delay = 1s, .per_host = 5});
  push(quick, "a", "/q1");
  push(quick, "a", "/q2");
  EXPECT_EQ(next(), "http://a/q1");
  sent("http://a/q1");
  push(slow, "a", "/s1");
  now += 100ms;
  EXPECT_EQ(next(), "") << "a crawl that asks for one second is at this host now";
  now += 900ms;
  EXPECT_NE(next(), "");
}

TEST_F(FrontierTest, TheDelayOutlivesTheCrawl) {
  const auto first = f.add_crawl({.delay = 1s, .per_host = 1});
  push(first, "a", "/1");
  next();
  sent("http://a/1");
  finish("http://a/1");
  f.remove_crawl(first);
  const auto second = f.add_crawl({.delay = 1s, .per_host = 1});
  push(second, "a", "/2");
  now += 500ms;
  EXPECT_EQ(next(), "");
  now += 500ms;
  EXPECT_EQ(next(), "http://a/2");
}

TEST_F(FrontierTest, TheLowestPerHostConcurrencyAmongTheCrawlsHolds) {
  const auto wide = f.add_crawl({.per_host = 10});
  const auto narrow = f.add_crawl({.per_host = 1});
  push(wide, "a", "/w1");
  push(wide, "a", "/w2");
  push(narrow, "a", "/n1");
  EXPECT_NE(next(), "");
  EXPECT_EQ(next(), "");
}

TEST_F(FrontierTest, CrawlsTakeTurns) {
  const auto big = f.add_crawl({.per_host = 1});
  const auto small = f.add_crawl({.per_host = 1});
  for (int i = 0; i < 50; ++i) push(big, "big" + std::to_string(i), "/");
  push(small, "small", "/");
  std::vector<std::string> first{next(), next()};
  EXPECT_NE(std::ranges::find(first, "http://small/"), first.end());
}

TEST_F(FrontierTest, CrawlsTakeTurnsOnOneHostToo) {
  const auto one = f.add_crawl({.delay = 10ms, .per_host = 1});
  const auto two = f.add_crawl({.delay = 10ms, .per_host = 1});
  for (int i = 0; i < 10; ++i) {
    push(one, "a", "/one" + std::to_string(i));
    push(two, "a", "/two" + std::to_string(i));
  }
  std::map<char, int> starts;
  for (int i = 0; i < 10; ++i) {
    const std::string url = next();
    ASSERT_NE(url, "") << i;
    ++starts[url[9]];
    finish(url);
    now += 10ms;
  }
  EXPECT_EQ(starts['o'], 5);
  EXPECT_EQ(starts['t'], 5);
}

TEST_F(FrontierTest, HostsOfACrawlTakeTurns) {
  const auto c = f.add_crawl({.per_host = 100});
  for (int i = 0; i < 10; ++i) push(c, "a", "/" + std::to_string(i));
  push(c, "b", "/");
  next();
  EXPECT_EQ(next(), "http://b/");
}

TEST_F(FrontierTest, HoldsACrawlToItsConcurrency) {
  const auto c = f.add_crawl({.per_host = 1, .max_in_flight = 2});
  for (int i = 0; i < 5; ++i) push(c, "h" + std::to_string(i), "/");
  const auto first = next();
  EXPECT_NE(next(), "");
  EXPECT_EQ(next(), "");
  finish(first);
  EXPECT_NE(next(), "");
  EXPECT_EQ(next(), "");
}

TEST(Frontier, HoldsTheGlobalConcurrency) {
  frontier f(3);
  const auto c = f.add_crawl({.per_host = 100});
  for (int i = 0; i < 5; ++i) f.push(c, "http://a", "a", {});
  std::vector<frontier::lease> held;
  const clock::time_point now = clock::time_point{} + 1h;
  for (auto step = f.next(now); std::holds_alternative<frontier::start>(step); step = f.next(now))
    held.push_back(std::get<frontier::start>(step).held);
  EXPECT_EQ(held.size(), 3u);
  f.finished(held[0], now);
  EXPECT_TRUE(std::holds_alternative<frontier::start>(f.next(now)));
}

TEST_F(FrontierTest, NothingOfAHeldQueueStarts) {
  const auto c = f.add_crawl({.per_host = 2});
  push(c, "a", "/page");
  f.hold(c, "http://a", "a");
  push(c, "a", "/soon", turn::soon);
  EXPECT_EQ(next(), "");
  f.release(c, "http://a");
  EXPECT_EQ(next(), "http://a/soon");
  finish("http://a/soon");
  EXPECT_EQ(next(), "http://a/page");
}

TEST_F(FrontierTest, CrawlDelayLengthensTheGap) {
  const auto c = f.add_crawl({.delay = 100ms, .per_host = 2});
  push(c, "a", "/1");
  push(c, "a", "/2");
  next();
  sent("http://a/1");
  f.set_crawl_delay(c, "http://a", 5s);
  now += 4999ms;
  EXPECT_EQ(next(), "");
  now += 1ms;
  EXPECT_EQ(next(), "http://a/2");
}

TEST_F(FrontierTest, AParkedHostRestsWhileOthersGoOn) {
  const auto c = f.add_crawl({.per_host = 2});
  push(c, "a", "/1");
  push(c, "b", "/1");
  f.park("a", now + 30s);
  EXPECT_EQ(next(), "http://b/1");
  EXPECT_EQ(next(), "");
  now += 30s;
  EXPECT_EQ(next(), "http://a/1");
}

TEST_F(FrontierTest, AParkedHostIsRememberedWhenNothingIsQueuedThere) {
  const auto c = f.add_crawl({.per_host = 2});
  push(c, "a", "/1");
  EXPECT_EQ(next(), "http://a/1");
  finish("http://a/1");
  EXPECT_EQ(f.hosts(), 0u) << "forgotten";
  f.park("a", now + 30s);
  now += 29s;
  const auto later = f.add_crawl({.per_host = 2});
  push(later, "a", "/2");
  EXPECT_EQ(next(), "");
  now += 1s;
  EXPECT_EQ(next(), "http://a/2");
  finish("http://a/2");
  f.park("b", now + 1s);
  f.next(now + 1s);
  EXPECT_EQ(f.hosts(), 0u) << "not for longer than that";
}

TEST_F(FrontierTest, TheRootsDotMakesNoOtherHost) {
  const auto c = f.add_crawl({.delay = 1s, .per_host = 9});
  push(c, "a.test", "/1");
  push(c, "a.test.", "/2");
  EXPECT_EQ(f.hosts(), 1u);
  EXPECT_EQ(next(), "http://a.test/1");
  sent("http://a.test/1");
  now += 999ms;
  EXPECT_EQ(next(), "");
  now += 1ms;
  EXPECT_EQ(next(), "http://a.test./2");
  sent("http://a.test./2");
  f.park("a.test.", now + 5s);
  push(c, "a.test", "/3");
  now += 4s;
  EXPECT_EQ(next(), "");
}

TEST_F(FrontierTest, ARetryWaitsForItsTime) {
  const auto c = f.add_crawl({.per_host = 2});
  frontier_entry e;
  e.url = "http://a/again";
  f.push_at(now + 2s, c, "http://a", "a", std::move(e));
  EXPECT_EQ(f.queued(c), 1u);
  auto step = f.next(now);
  ASSERT_TRUE(std::holds_alternative<frontier::wait_until>(step));
  EXPECT_EQ(std::get<frontier::wait_until>(step).time, now + 2s);
  now += 2s;
  EXPECT_EQ(next(), "http://a/again");
  EXPECT_EQ(f.queued(c), 0u);
}

TEST_F(FrontierTest, APausedCrawlStartsNothingUntilResumed) {
  const auto c = f.add_crawl({.per_host = 1});
  push(c, "a", "/1");
  f.pause(c);
  push(c, "b", "/2");
  EXPECT_EQ(next(), "");
  f.resume(c);
  EXPECT_NE(next(), "");
  EXPECT_NE(next(), "");
}

TEST_F(FrontierTest, ARemovedCrawlLeavesNothingBehind) {
  const auto c = f.add_crawl({.delay = 1s, .per_host = 1});
  push(c, "a", "/1");
  push(c, "a", "/2");
  push(c, "b", "/1");
  f.push_at(now + 1h, c, "http://c", "c", {});
  const auto url = next();
  f.remove_crawl(c);
  EXPECT_EQ(next(), "");
  finish(url);
  now += 2s;
  EXPECT_EQ(next(), "");
  EXPECT_EQ(f.hosts(), 0u);
  EXPECT_TRUE(std::holds_alternative<frontier::nothing>(f.next(now)));
}

// Whatever the sequence of calls, the promises hold and everything is started in the end.
TEST(Frontier, KeepsItsPromisesUnderRandomLoad) {
  std::mt19937 random(7);
  for (int round = 0; round < 30; ++round) {
    frontier f(8);
    clock::time_point now = clock::time_point{} + 1h;
    std::vector<frontier::crawl_key> crawls;
    for (int i = 0; i < 3; ++i)
      crawls.push_back(f.add_crawl({.delay = 20ms, .per_host = 2, .max_in_flight = 4}));
    std::size_t pushed = 0, started = 0;
    std::vector<std::pair<frontier::lease, std::string>> held;
    std::map<std::string, clock::time_point> last;
    std::map<std::string, int> at_host;
    while (pushed < 300 || started < pushed) {
      if (pushed < 300 && random() % 2) {
        const std::string host = "h" + std::to_string(random() % 5);
        frontier_entry e;
        e.url = host;
        if (random() % 4) {
          f.push(crawls[random() % 3], "http://" + host, host, std::move(e));
        } else {
          f.push_at(now + 5ms, crawls[random() % 3], "http://" + host, host, std::move(e));
        }
        ++pushed;
      }
      auto step = f.next(now);
      if (auto* s = std::get_if<frontier::start>(&step)) {
        const std::string host = s->entry.url;
        ASSERT_LE(++at_host[host], 2);
        if (last.contains(host)) {
          ASSERT_GE(now - last[host], 20ms);
        }
        last[host] = now;
        f.sent(s->held, now);
        held.emplace_back(s->held, host);
        ASSERT_LE(held.size(), 8u);
        ++started;
      } else if (!held.empty() && random() % 2) {
        const std::size_t i = random() % held.size();
        --at_host[held[i].second];
        f.finished(held[i].first, now);
        held.erase(held.begin() + static_cast<std::ptrdiff_t>(i));
      } else if (auto* w = std::get_if<frontier::wait_until>(&step)) {
        ASSERT_GT(w->time, now);
        now = w->time;
      } else {
        ASSERT_TRUE(!held.empty() || pushed < 300) << "stuck with " << pushed - started;
      }
    }
    for (auto& [lease, host] : held) f.finished(lease, now);
    for (auto c : crawls) f.remove_crawl(c);
    f.next(now + 1h);
    EXPECT_EQ(f.hosts(), 0u);
  }
}

TEST_F(FrontierTest, AHostThatPushesBackIsAskedLessOften) {
  const auto c = f.add_crawl({.delay = 250ms, .per_host = 2});
  for (int i = 1; i <= 4; ++i) push(c, "a", "/" + std::to_string(i));
  EXPECT_EQ(next(), "http://a/1");
  sent("http://a/1");
  observe("http://a/1", host_pace::sign::pushed_back);
  finish("http://a/1");
  now += 999ms;
  EXPECT_EQ(next(), "");
  now += 1ms;
  EXPECT_EQ(next(), "http://a/2");
  sent("http://a/2");
  for (int i = 0; i < 20; ++i) observe("http://a/2", host_pace::sign::answered);
  finish("http://a/2");
  now += 1s;
  EXPECT_EQ(next(), "http://a/3");
  sent("http://a/3");
  now += 249ms;
  EXPECT_EQ(next(), "") << "never faster than the crawl says";
  now += 1ms;
  EXPECT_EQ(next(), "http://a/4");
}

TEST_F(FrontierTest, WithoutADelayNothingIsSlowedDown) {
  const auto c = f.add_crawl({.per_host = 1});
  for (int i = 0; i < 20; ++i) push(c, "a", "/" + std::to_string(i));
  for (int i = 0; i < 20; ++i) {
    const std::string url = "http://a/" + std::to_string(i);
    EXPECT_EQ(next(), url);
    observe(url, host_pace::sign::failed);
    finish(url);
  }
}

TEST_F(FrontierTest, AHostInTroubleIsTriedOneFetchAtATimeAndThenGivenUp) {
  const host_pace::settings how;
  const auto c = f.add_crawl({.delay = 1ms, .per_host = 4});
  for (int i = 100; i < 200; ++i) push(c, "a", "/" + std::to_string(i));
  push(c, "b", "/");
  std::size_t attempts = 0, given_up = 0;
  bool other = false;
  while (f.queued(c) != 0) {
    auto step = f.next(now);
    if (const auto* until = std::get_if<frontier::wait_until>(&step)) {
      now = until->time;
      continue;
    }
    auto& s = std::get<frontier::start>(step);
    if (s.given_up) {
      ++given_up;
      f.finished(s.held, now, false);
      continue;
    }
    f.sent(s.held, now);
    if (s.entry.url == "http://b/") {
      other = true;
      f.observe(s.held, host_pace::sign::answered, 0s, now);
    } else {
      ++attempts;
      if (attempts > how.failures_to_park) {
        now += 1h;
        EXPECT_FALSE(std::holds_alternative<frontier::start>(f.next(now))) << "one at a time";
      }
      f.observe(s.held, host_pace::sign::failed, 0s, now);
    }
    f.finished(s.held, now);
  }
  EXPECT_EQ(attempts, how.failures_to_park + how.parks_to_give_up);
  EXPECT_EQ(given_up, 100 - attempts);
  EXPECT_TRUE(other);
}

}  // namespace
}  // namespace orbweaver
