#include "server/retention.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

using namespace std::chrono_literals;

const wall_clock::time_point now{1'000'000h};

// Crawls that ended so many days ago, of so many bytes.
std::vector<std::uint64_t> removed(const std::vector<std::pair<int, std::uint64_t>>& crawls,
                                   const retention_limits& limits) {
  std::vector<finished_crawl> all;
  for (const auto& [days, bytes] : crawls)
    all.push_back({crawl_id::random(), now - 24h * days - 1s, bytes});
  std::vector<std::uint64_t> out;
  for (const finished_crawl& one : overdue(std::move(all), limits, now)) out.push_back(one.bytes);
  return out;
}
using bytes = std::vector<std::uint64_t>;

TEST(Retention, KeepsEverythingUnlessTold) {
  EXPECT_TRUE(removed({{9999, 1}, {0, 1'000'000}}, {}).empty());
}

TEST(Retention, TheOldestGoFirst) {
  EXPECT_EQ(removed({{3, 30}, {9, 90}, {10, 100}, {6, 60}}, {.days = 7}), (bytes{100, 90}));
  EXPECT_EQ(removed({{7, 70}}, {.days = 7}), bytes{70}) << "a second over it";
  EXPECT_TRUE(removed({{6, 60}}, {.days = 7}).empty());
}

TEST(Retention, UntilTheRestFits) {
  EXPECT_EQ(removed({{1, 10}, {3, 30}, {2, 20}}, {.bytes = 31}), bytes{30});
  EXPECT_TRUE(removed({{1, 10}, {3, 30}, {2, 20}}, {.bytes = 60}).empty());
  EXPECT_EQ(removed({{1, 10}}, {.bytes = 9}), bytes{10});
}

TEST(Retention, WhatIsNeededCountsAndStays) {
  const auto crawl = [](int days, std::uint64_t size, bool is_needed) {
    return finished_crawl{crawl_id::random(), now - 24h * days, size, is_needed};
  };
  const auto gone = overdue({crawl(9, 40, true), crawl(3, 30, false), crawl(2, 20, false)},
                            {.days = 7, .bytes = 61}, now);
  ASSERT_EQ(gone.size(), 1u);
  EXPECT_EQ(gone[0].bytes, 30u);
}

TEST(Retention, BothLimitsHold) {
  EXPECT_EQ(removed({{1, 10}, {9, 5}, {2, 20}}, {.days = 7, .bytes = 10}), (bytes{5, 20}));
}

}  // namespace
}  // namespace orbweaver
