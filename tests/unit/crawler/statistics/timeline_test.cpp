#include "crawler/statistics/timeline.hpp"

#include <gtest/gtest.h>
#include <numeric>

namespace orbweaver {
namespace {

timeline_point sums_at(double seconds) {
  const auto n = static_cast<std::uint64_t>(seconds);
  return {seconds, 10 * n, n, 1000 * n};
}

std::uint64_t fetched_in(const timeline& line) {
  const auto& points = line.points();
  return std::accumulate(
      points.begin(), points.end(), std::uint64_t{0},
      [](std::uint64_t sum, const timeline_point& p) { return sum + p.fetched; });
}

TEST(Timeline, TellsWhatCameBetweenTwoPoints) {
  timeline line;
  line.sample(sums_at(0));
  line.sample(sums_at(1));
  line.sample({2, 15, 3, 1500});
  ASSERT_EQ(line.points().size(), 2u);
  EXPECT_EQ(line.points()[0], (timeline_point{1, 10, 1, 1000}));
  EXPECT_EQ(line.points()[1], (timeline_point{2, 5, 2, 500}));
}

TEST(Timeline, TakesNoTwoPointsWithinASecond) {
  timeline line;
  for (const double t : {0.5, 0.9, 1.1, 1.9, 2.0}) line.sample({t, 1, 0, 0});
  ASSERT_EQ(line.points().size(), 2u);
  EXPECT_DOUBLE_EQ(line.points()[1].end, 1.9);
}

TEST(Timeline, StaysBoundedAndLosesNothing) {
  timeline line;
  for (int t = 1; t <= 100'000; ++t) {
    line.sample(sums_at(t));
    ASSERT_LT(line.points().size(), timeline::max_points);
  }
  line.finish(sums_at(100'001));
  EXPECT_GE(line.points().size(), timeline::max_points / 4);
  EXPECT_EQ(fetched_in(line), 1'000'010u);
  double before = 0;
  for (const timeline_point& p : line.points()) {
    EXPECT_GT(p.end, before);
    before = p.end;
  }
}

TEST(Timeline, HasAPointForTheShortestCrawl) {
  timeline line;
  line.finish({0.02, 5, 0, 100});
  line.finish({0.02, 5, 0, 100});
  ASSERT_EQ(line.points().size(), 1u);
  EXPECT_EQ(line.points()[0].fetched, 5u);
}

TEST(Timeline, GoesOnAfterARestart) {
  timeline before;
  for (int t = 1; t <= 1000; ++t) before.sample(sums_at(t));
  timeline after;
  after.restore(before.points(), sums_at(1000));
  for (int t = 1001; t <= 2000; ++t) after.sample(sums_at(t));
  after.finish(sums_at(2000.5));
  EXPECT_EQ(fetched_in(after), 20'000u);
  EXPECT_LT(after.points().size(), timeline::max_points);
}

TEST(Timeline, TakesMorePointsThanItHolds) {
  timeline line;
  line.restore(std::vector<timeline_point>(10'000, {1, 1, 0, 1}), {10'000, 10'000, 0, 10'000});
  EXPECT_LT(line.points().size(), timeline::max_points);
  EXPECT_GT(fetched_in(line), 9'000u);
}

}  // namespace
}  // namespace orbweaver
