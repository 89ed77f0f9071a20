#include "crawler/frontier/seen_cache.hpp"

#include <gtest/gtest.h>
#include <random>
#include <unordered_map>

namespace orbweaver {
namespace {

fingerprint print_of(std::uint64_t n) {
  const std::uint64_t mixed = n * 0x9E3779B97F4A7C15;
  return {mixed ^ mixed >> 32, mixed * 0xC2B2AE3D27D4EB4F};
}

TEST(SeenCache, KnowsEverythingWhileItHasRoom) {
  seen_cache cache;
  for (url_id i = 0; i < 50'000; ++i) {
    EXPECT_TRUE(cache.insert(print_of(i), i).fresh);
    cache.make_room();
  }
  EXPECT_TRUE(cache.complete());
  for (url_id i = 0; i < 50'000; ++i) ASSERT_EQ(cache.find(print_of(i))->id, i);
  EXPECT_EQ(cache.insert(print_of(7), 99).id, 7u);
}

TEST(SeenCache, IsCompleteUntilItDropsSomething) {
  seen_cache cache;
  cache.set_capacity(0);
  url_id next = 0;
  while (cache.complete()) {
    cache.insert(print_of(next), next);
    ++next;
    cache.make_room();
  }
  EXPECT_GT(next, 48u);
  EXPECT_FALSE(cache.find(print_of(0)));
  EXPECT_TRUE(cache.find(print_of(next - 1)));
  EXPECT_LE(cache.memory_bytes(), 2u * 64 * 24 + 64);
}

TEST(SeenCache, KeepsItsMemoryWithinTheCapacity) {
  constexpr std::size_t capacity = 1 << 20;
  seen_cache cache;
  cache.set_capacity(capacity);
  for (url_id i = 0; i < 200'000; ++i) {
    cache.insert(print_of(i), i);
    if (i % 500 == 0) cache.make_room();
    ASSERT_LE(cache.memory_bytes(), capacity);
  }
  cache.set_capacity(capacity / 64);
  for (int i = 0; i < 3; ++i) cache.make_room();
  EXPECT_LE(cache.memory_bytes(), capacity / 64) << "a lowered capacity is soon kept to";
}

TEST(SeenCache, MarksGoAlongFromOneGenerationToTheNext) {
  seen_cache cache;
  cache.set_capacity(0);
  cache.insert(print_of(1), 1);
  cache.mark(print_of(1), 2);
  url_id next = 100;
  for (int round = 0; round < 10; ++round) {
    for (int i = 0; i < 30; ++i, ++next) cache.insert(print_of(next), next);
    ASSERT_TRUE(cache.find(print_of(1))) << "whatever is asked for stays";
    EXPECT_EQ(cache.find(print_of(1))->mark, 2);
    cache.make_room();
  }
  EXPECT_FALSE(cache.complete());
}

TEST(SeenCache, ItsFilterTellsMostOfWhatIsNew) {
  seen_cache cache;
  cache.set_capacity(1 << 18);
  for (url_id i = 0; i < 40'000; ++i) {
    cache.insert(print_of(i), i);
    cache.make_room();
  }
  ASSERT_FALSE(cache.complete());
  cache.set_capacity(1 << 17);  // it does not forget
  for (int i = 0; i < 3; ++i) cache.make_room();
  std::size_t doubtful = 0;
  for (url_id i = 0; i < 40'000; ++i) {
    ASSERT_TRUE(cache.find(print_of(i)) || cache.is_doubtful(print_of(i)));
    doubtful += cache.is_doubtful(print_of(i + 1'000'000ULL));
  }
  EXPECT_LT(doubtful, 10'000u);
}

TEST(SeenCache, IsRemindedOfWhatTheStoreKnows) {
  seen_cache cache;
  cache.set_incomplete();
  cache.remind(print_of(1));
  EXPECT_TRUE(cache.is_doubtful(print_of(1)));
  EXPECT_FALSE(cache.is_doubtful(print_of(2))) << "new";
  cache.insert(print_of(1), 7);
  EXPECT_FALSE(cache.is_doubtful(print_of(1))) << "known";
}

// Pages whose links are looked up while other pages find the same ones: each link is new once, as
// if nothing had ever been dropped.
TEST(SeenCache, AnswersAsASetThatForgetsNothing) {
  struct page {
    std::vector<std::uint64_t> links;
    std::vector<std::pair<std::uint64_t, url_id>> answer;
    seen_cache::epoch began = 0;
  };
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::minstd_rand random(seed + 1);
    const auto pick = [&](std::size_t n) { return random() % n; };
    seen_cache cache;
    cache.set_capacity(pick(3) == 0 ? 1 << 13 : 0);
    std::unordered_map<std::uint64_t, url_id> kept, oracle;  // kept: what the store knows
    std::vector<page> waiting;
    url_id next = 0;
    std::size_t looked_up = 0;
    const std::size_t spread = 50 + pick(3000);
    const auto book = [&](const page& p) {
      for (const auto& [link, id] : p.answer) cache.insert(print_of(link), id);
      for (const std::uint64_t link : p.links) {
        const auto known = cache.insert(print_of(link), next);
        const auto [it, fresh] = oracle.try_emplace(link, next);
        ASSERT_EQ(known.fresh, fresh) << "seed " << seed << ", link " << link;
        ASSERT_EQ(known.id, it->second);
        if (fresh) kept.emplace(link, next++);
      }
    };
    for (int step = 0; step < 400; ++step) {
      if (pick(2) == 0 || waiting.empty()) {
        cache.make_room();
        page p;
        for (std::size_t i = pick(20); i != 0; --i) p.links.push_back(pick(spread));
        std::vector<std::uint64_t> unknown;
        for (const std::uint64_t link : p.links)
          if (cache.is_doubtful(print_of(link))) unknown.push_back(link);
        if (unknown.empty()) {
          book(p);
          continue;
        }
        p.began = cache.begin_look_up();
        for (const std::uint64_t link : unknown)
          if (const auto it = kept.find(link); it != kept.end()) p.answer.push_back(*it);
        looked_up += unknown.size();
        waiting.push_back(std::move(p));
      } else {
        const auto done = waiting.begin() + static_cast<std::ptrdiff_t>(pick(waiting.size()));
        const page p = std::move(*done);
        waiting.erase(done);
        cache.end_look_up(p.began);
        book(p);
      }
    }
    EXPECT_TRUE(looked_up != 0 || oracle.size() <= 1000) << "seed " << seed;
  }
}

}  // namespace
}  // namespace orbweaver
