#include "crawler/statistics/crawl_statistics.hpp"

#include <gtest/gtest.h>

#include "crawler/export/statistics_json.hpp"

namespace orbweaver {
namespace {

ended_page page(std::string_view url, double total = 0.1, bool failed = false) {
  return {failed, 1, url, failed ? "" : "text/html", {0, 0, 0, total / 2, total}};
}

const latency_histogram& of(const statistics_snapshot& s, fetch_phase phase) {
  return s.latency[static_cast<std::size_t>(phase)];
}

TEST(LatencyHistogram, PutsABoundIntoTheBucketItEnds) {
  latency_histogram h;
  for (const double seconds : {0.0001, 0.001, 0.0011, 59.0, 60.0, 61.0}) h.add(seconds);
  EXPECT_EQ(h.buckets[0], 2u);
  EXPECT_EQ(h.buckets[1], 1u);
  EXPECT_EQ(h.buckets[latency_bounds.size() - 1], 2u);
  EXPECT_EQ(h.buckets[latency_bounds.size()], 1u);
  EXPECT_EQ(h.count, 6u);
}

TEST(HostIn, IsWhatStandsBetweenSlashesAndPath) {
  EXPECT_EQ(host_in("https://example.com/a?b"), "example.com");
  EXPECT_EQ(host_in("http://user:pw@[::1]:8080?x"), "[::1]:8080");
  EXPECT_EQ(host_in("http://h#@x"), "h");
  EXPECT_EQ(host_in("nothing"), "");
}

TEST(CrawlStatistics, CountsOnlyPhasesThatTookPlace) {
  crawl_statistics s;
  s.add(page("http://a/", 0.2));
  s.add({false, 0, "http://a/", "text/html", {0.01, 0.02, 0.03, 0.04, 0.05}});
  const auto told = s.snapshot();
  EXPECT_EQ(of(told, fetch_phase::dns).count, 1u);
  EXPECT_EQ(of(told, fetch_phase::total).count, 2u);
}

TEST(CrawlStatistics, HoldsDeepPagesInTheLastPlace) {
  crawl_statistics s;
  for (const std::uint32_t depth : {0u, 32u, 33u, 4'000'000'000u})
    s.add({false, depth, "http://a/", "", {}});
  const auto depths = s.snapshot().depths;
  EXPECT_EQ(depths[0], 1u);
  EXPECT_EQ(depths[max_depths - 1], 3u);
}

TEST(CrawlStatistics, HoldsFurtherContentTypesTogether) {
  crawl_statistics s;
  const std::string endless(max_content_type_bytes + 1, 'x');
  s.add({false, 0, "http://a/", endless, {}});
  for (int i = 0; i < 100; ++i) {
    const std::string type = "t/" + std::to_string(i % 50);
    s.add({false, 0, "http://a/", type, {}});
  }
  const auto types = s.snapshot().content_types;
  ASSERT_EQ(types.size(), max_content_types + 1);
  EXPECT_EQ(types.back(), (content_type_count{"other", 37}));
  EXPECT_EQ(types.front().pages, 2u);
}

TEST(CrawlStatistics, OrdersHostsByMeanTimeAndByFailures) {
  crawl_statistics s;
  for (int i = 0; i < 10; ++i) s.add(page("http://busy/", 0.1));
  s.add(page("http://slow/", 3));
  s.add(page("http://bad/", 0.5));
  s.add(page("http://bad/", 0.5, true));
  s.add(page("http://bad/", 0.5, true));
  s.add(page("http://slow/", 3, true));
  const auto told = s.snapshot();
  ASSERT_EQ(told.slowest.size(), 3u);
  EXPECT_EQ(told.slowest[0].host, "slow");
  EXPECT_EQ(told.slowest[2].host, "busy");
  ASSERT_EQ(told.failing.size(), 2u);
  EXPECT_EQ(told.failing[0].host, "bad");
  EXPECT_EQ(told.failing[0].failures, 2u);
  EXPECT_EQ(told.failing[0].pages, 3u) << "pages before its first failure count, too";
}

TEST(CrawlStatistics, TellsNoMoreHostsThanItSays) {
  crawl_statistics s;
  for (int i = 0; i < 5000; ++i) s.add(page("http://h" + std::to_string(i) + "/", 0.1, true));
  EXPECT_EQ(s.snapshot().slowest.size(), told_hosts);
  EXPECT_EQ(s.snapshot().failing.size(), told_hosts);
}

TEST(StatisticsJson, ComesBackAsItWas) {
  crawl_statistics s;
  for (int i = 0; i < 50; ++i)
    s.add(page("http://h" + std::to_string(i % 7) + "/", 0.01 * i, i % 9 == 0));
  s.sample({1, 40, 5, 12345});
  const std::string text = statistics_as_json(s.snapshot());
  const auto read = statistics_from_json(text);
  ASSERT_TRUE(read);
  EXPECT_EQ(statistics_as_json(*read), text);
  crawl_statistics again;
  again.restore(*read, {1, 40, 5, 12345});
  again.add(page("http://h1/", 1));
  EXPECT_EQ(of(again.snapshot(), fetch_phase::total).count,
            of(s.snapshot(), fetch_phase::total).count + 1);
  EXPECT_EQ(again.snapshot().slowest.size(), 7u);
}

TEST(StatisticsJson, TakesNothingElse) {
  for (const char* text : {"", "{}", "[1]", "null", "{\"latency\":1}", "{\"depths\":\"x\"}"})
    EXPECT_FALSE(statistics_from_json(text)) << text;
}

// A server may say any bytes to be a content type.
TEST(StatisticsJson, IsValidWhateverWasCounted) {
  crawl_statistics s;
  s.add({false, 0, "http://a/", "\xff\"\n", {}});
  EXPECT_TRUE(statistics_from_json(statistics_as_json(s.snapshot())));
}

}  // namespace
}  // namespace orbweaver
