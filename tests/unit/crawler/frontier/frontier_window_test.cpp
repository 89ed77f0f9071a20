// Crawls whose frontier keeps only a window of their queues in memory.
#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <random>
#include <set>

#include "crawler/frontier/frontier.hpp"

namespace orbweaver {
namespace {

using namespace std::chrono_literals;

constexpr frontier_window small{.queues = 5, .entries = 20, .most = 8, .least = 2};

// The store's side: what is queued of one crawl, by origin. Whoever asks is answered later.
class FrontierWindow : public testing::Test {
 protected:
  using rows = std::map<std::string, std::map<queue_position, url_id>>;
  struct part {
    std::vector<stored_entry> entries;
    bool more = false;
  };

  FrontierWindow() { f.set_window(c, small); }

  static std::uint64_t key_of(const std::string& origin) {
    return std::hash<std::string>{}(origin);
  }
  static std::string host_of(const std::string& origin) { return origin.substr(7); }
  static frontier_entry entry_of(url_id id, url_id line) {
    frontier_entry e;
    e.id = id;
    e.line = line;
    return e;
  }

  // Found now; in memory only if there is room.
  bool discover(const std::string& origin, url_id id, url_id line = no_url) {
    home[id] = origin;
    queued[origin].emplace(position_of(id, line), id);
    if (!f.admit(c, origin, host_of(origin))) return false;
    f.push_new(c, origin, host_of(origin), entry_of(id, line));
    return true;
  }
  part read(const std::string& origin, std::optional<queue_position> after, std::size_t limit) {
    part out;
    const auto& row = queued[origin];
    for (auto it = after ? row.upper_bound(*after) : row.begin(); it != row.end(); ++it) {
      out.more = out.entries.size() == limit;
      if (out.more) break;
      out.entries.push_back({entry_of(it->second, it->first.line), {}});
    }
    return out;
  }
  // Reads as of now; what is to be told the frontier, later.
  void ask() {
    for (frontier::refill& one : f.take_refills()) {
      EXPECT_GE(one.limit, 1u);
      auto found = std::make_shared<part>(read(one.origin, one.after, one.limit));
      answers.push_back([this, found, origin = one.origin] {
        f.refilled(c, origin, std::move(found->entries), found->more);
      });
    }
    for (frontier::scan& one : f.take_scans()) {
      std::map<std::uint64_t, std::string> by_key;
      for (const auto& [origin, row] : queued)
        if (!row.empty() && key_of(origin) >= one.from && !std::ranges::count(one.without, origin))
          by_key.emplace(key_of(origin), origin);
      auto found = std::make_shared<std::map<std::string, part>>();
      std::optional<std::uint64_t> next;
      for (const auto& [key, origin] : by_key) {
        if (found->size() == one.limit) next = key;
        if (next) break;
        found->emplace(origin, read(origin, std::nullopt, one.entries_each));
      }
      answers.push_back([this, found, next] {
        for (auto& [origin, p] : *found)
          if (!f.knows(c, origin))
            f.adopt(c, origin, host_of(origin), std::move(p.entries), p.more);
        f.scanned(c, next, now);
      });
    }
  }
  void answer(std::size_t which) {
    const auto tell = std::move(answers[which]);
    answers.erase(answers.begin() + static_cast<std::ptrdiff_t>(which));
    tell();
  }
  void answer_all() {
    for (ask(); !answers.empty(); ask()) answer(0);
  }
  std::optional<url_id> next() {
    auto step = f.next(now);
    auto* s = std::get_if<frontier::start>(&step);
    if (!s) return std::nullopt;
    const url_id id = s->entry.id;
    EXPECT_TRUE(queued[home[id]].contains(position_of(id, s->entry.line))) << id << " has ended";
    EXPECT_TRUE(running.emplace(id, std::move(*s)).second) << id << " twice";
    return id;
  }
  void land(url_id id) { f.finished(running.at(id).held, now); }
  void end(url_id id) {
    queued[home[id]].erase(position_of(id, running.at(id).entry.line));
    f.ended(c, home[id], now);
    running.erase(id);
  }
  std::vector<url_id> run_to_end() {
    std::vector<url_id> out;
    for (answer_all();; answer_all()) {
      const auto id = next();
      if (!id) return out;
      out.push_back(*id);
      land(*id);
      end(*id);
    }
  }

  frontier f{100};
  frontier::crawl_key c = f.add_crawl({.per_host = 3});
  clock::time_point now = clock::time_point{} + 1h;
  rows queued;
  std::map<url_id, std::string> home;
  std::map<url_id, frontier::start> running;
  std::vector<std::function<void()>> answers;
};

TEST_F(FrontierWindow, KeepsTheFirstEntriesOfAQueueAndAsksForTheRest) {
  std::size_t kept = 0;
  for (url_id id = 0; id < 50; ++id) kept += discover("http://a", id);
  EXPECT_EQ(kept, small.most);
  EXPECT_EQ(f.queued(c), small.most);
  EXPECT_TRUE(f.has_stored(c));
  EXPECT_TRUE(f.take_refills().empty()) << "there is enough for now";
  std::vector<url_id> expected(50);
  for (url_id id = 0; id < 50; ++id) expected[id] = id;
  EXPECT_EQ(run_to_end(), expected) << "in the order of discovery";
  EXPECT_FALSE(f.has_stored(c));
  EXPECT_EQ(f.queued(c), 0u);
}

TEST_F(FrontierWindow, WhatIsFoundDuringARefillStandsBehindIt) {
  for (url_id id = 0; id < 12; ++id) discover("http://a", id);
  std::vector<url_id> order;
  while (const auto id = next()) {
    order.push_back(*id);
    land(*id);
    end(*id);
  }
  EXPECT_EQ(order.size(), small.most);
  ask();
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_FALSE(discover("http://a", 12)) << "it would overtake what is being read";
  for (const url_id id : run_to_end()) order.push_back(id);
  EXPECT_TRUE(std::ranges::is_sorted(order));
  EXPECT_EQ(order.size(), 13u);
}

TEST_F(FrontierWindow, ARevivedEntryStandsLast) {
  for (url_id id = 1; id < 12; ++id) discover("http://a", id);
  EXPECT_FALSE(discover("http://a", 0, 12));
  discover("http://a", 12);
  const auto order = run_to_end();
  ASSERT_EQ(order.size(), 13u);
  EXPECT_EQ(order[11], 0u);
  EXPECT_EQ(order[12], 12u);
}

TEST_F(FrontierWindow, ManyOriginsWaitInTheStore) {
  for (url_id id = 0; id < 100; ++id) discover("http://" + std::to_string(id % 40), id);
  EXPECT_LE(f.queued(c), small.queues * small.most);
  EXPECT_LE(f.hosts(), small.queues);
  auto order = run_to_end();
  EXPECT_EQ(order.size(), 100u);
  EXPECT_FALSE(f.has_stored(c));
  EXPECT_EQ(f.hosts(), 0u) << "none is remembered";
}

TEST_F(FrontierWindow, GoesOnWithWhatTheStoreHas) {
  for (url_id id = 0; id < 60; ++id) {
    home[id] = "http://" + std::to_string(id % 20);
    queued[home[id]].emplace(position_of(id), id);
  }
  EXPECT_FALSE(f.has_stored(c));
  f.expect_stored(c);
  EXPECT_TRUE(f.has_stored(c));
  f.hold(c, "http://3", "3");  // known to the frontier before it is read
  answer_all();
  f.release(c, "http://3");
  EXPECT_EQ(run_to_end().size(), 60u);
  EXPECT_FALSE(f.has_stored(c));
}

TEST_F(FrontierWindow, AnEntryThatWaitsForItsTimeKeepsItsOriginFromBeingReadAgain) {
  f.expect_stored(c);
  answer_all();
  EXPECT_TRUE(discover("http://a", 0));
  ASSERT_EQ(next(), 0u);
  land(0);
  frontier::start tried = std::move(running.at(0));
  running.clear();
  f.push_at(now + 60s, c, "http://a", "a", std::move(tried.entry));
  f.expect_stored(c);
  answer_all();
  EXPECT_EQ(next(), std::nullopt);
  now += 60s;
  EXPECT_EQ(next(), 0u) << "once";
  EXPECT_EQ(next(), std::nullopt);
}

TEST_F(FrontierWindow, RemovedCrawlsAskForNothing) {
  for (url_id id = 0; id < 50; ++id) discover("http://a", id);
  while (next()) continue;
  f.remove_crawl(c);
  EXPECT_TRUE(f.take_refills().empty());
  EXPECT_TRUE(f.take_scans().empty());
  f.refilled(c, "http://a", {}, true);
  f.scanned(c, std::nullopt, now);
  for (auto& [id, s] : running) f.finished(s.held, now);
  EXPECT_EQ(f.in_flight(), 0u);
}

// Whatever comes in between, every entry is started, once for each time it was queued, and those
// of an origin in their order.
TEST_F(FrontierWindow, LosesNothingAndBringsNothingTwice) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    std::minstd_rand random(seed);
    const auto pick = [&](std::size_t n) { return random() % n; };
    f.remove_crawl(c);
    c = f.add_crawl({.per_host = static_cast<std::uint32_t>(1 + pick(3))});
    f.set_window(c, {.queues = 1 + pick(6), .entries = pick(30), .most = 1 + pick(10), .least = 2});
    queued.clear(), home.clear(), running.clear(), answers.clear();
    const std::size_t origins = 1 + pick(25);
    std::map<std::string, queue_position> last;
    std::set<url_id> ended, tried, revivable;
    url_id id = 0;
    const auto started = [&](url_id which) {
      const queue_position at = position_of(which, running.at(which).entry.line);
      if (!tried.insert(which).second) return;
      const auto [it, first] = last.try_emplace(home[which], at);
      EXPECT_TRUE(first || it->second < at) << "seed " << seed << ": out of order";
      it->second = std::max(it->second, at);
    };
    for (int step = 0; step < 3000 && !HasFailure(); ++step) {
      const std::string origin = "http://" + std::to_string(pick(origins));
      switch (pick(8)) {
        case 0:
        case 1:
          if (id >= 300) break;
          if (pick(10) == 0) {
            home[id] = origin;
            revivable.insert(id++);
          } else {
            discover(origin, id++);
          }
          break;
        case 2:
          if (revivable.empty()) break;
          discover(home[*revivable.begin()], *revivable.begin(), id);
          revivable.erase(revivable.begin());
          break;
        case 3: ask(); break;
        case 4:
          if (!answers.empty()) answer(pick(answers.size()));
          break;
        case 5:
        case 6:
          if (const auto s = next()) started(*s);
          break;
        default: {
          if (running.empty()) break;
          const auto it =
              std::next(running.begin(), static_cast<std::ptrdiff_t>(pick(running.size())));
          const url_id which = it->first;
          land(which);
          if (pick(4) != 0) {
            EXPECT_TRUE(ended.insert(which).second);
            end(which);
          } else {
            frontier::start back = std::move(it->second);
            running.erase(it);
            f.push_at(now + 1s * pick(3), c, home[which], host_of(home[which]),
                      std::move(back.entry));
          }
        }
      }
      if (pick(50) == 0) now += 1s;
    }
    for (const url_id one : revivable) home.erase(one);
    while (!running.empty()) {
      const url_id which = running.begin()->first;
      land(which);
      ended.insert(which);
      end(which);
    }
    for (int i = 0; i < 5; ++i, now += 10s)
      for (const url_id one : run_to_end()) EXPECT_TRUE(ended.insert(one).second) << one;
    EXPECT_EQ(ended.size(), home.size()) << "seed " << seed;
    EXPECT_FALSE(f.has_stored(c));
    EXPECT_EQ(f.queued(c), 0u);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace orbweaver
