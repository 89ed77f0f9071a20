#include "server/commands/progress_line.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

TEST(Readable, BytesHaveOneDecimalAndAUnit) {
  EXPECT_EQ(readable_bytes(0), "0 B");
  EXPECT_EQ(readable_bytes(999), "999 B");
  EXPECT_EQ(readable_bytes(1000), "1.0 kB");
  EXPECT_EQ(readable_bytes(1'550'000), "1.6 MB");
  EXPECT_EQ(readable_bytes(2'000'000'000'000'000), "2000.0 TB");
}

TEST(Readable, TimesAreAsPreciseAsTheyAreShort) {
  EXPECT_EQ(readable_time(seconds_f(0)), "0.0 s");
  EXPECT_EQ(readable_time(seconds_f(9.94)), "9.9 s");
  EXPECT_EQ(readable_time(seconds_f(37.2)), "37 s");
  EXPECT_EQ(readable_time(seconds_f(125)), "2 min 05 s");
  EXPECT_EQ(readable_time(seconds_f(7500)), "2 h 05 min");
}

crawl_status half_done() {
  crawl_status s;
  s.counts.fetched = 40;
  s.counts.queued = 45;
  s.counts.in_flight = 5;
  s.counts.failed = 10;
  s.pages_per_second = 8.4;
  s.progress = 0.5;
  s.eta = seconds_f(6);
  return s;
}

TEST(ProgressLine, ShowsHowFarTheCrawlIs) {
  EXPECT_EQ(progress_line(half_done(), 200),
            "[############............]  50%  40 pages  8/s  50 queued  10 failed  ETA 6.0 s");
  EXPECT_EQ(progress_line(crawl_status{}, 200),
            "[........................]   0%  0 pages  0/s  0 queued  0 failed  ETA -");
}

TEST(ProgressLine, LeavesOutWhatDoesNotFit) {
  EXPECT_EQ(progress_line(half_done(), 40), "40 pages  8/s  50 queued  10 failed");
  EXPECT_EQ(progress_line(half_done(), 20), "40 pages  8/s");
  EXPECT_EQ(progress_line(half_done(), 3), "");
  for (std::size_t columns = 0; columns < 100; ++columns)
    EXPECT_LE(progress_line(half_done(), columns).size(), columns);
}

TEST(CrawlSummary, SaysHowItWentAndWhatFailed) {
  crawl_status s = half_done();
  s.state = crawl_state::completed;
  s.reason = finish_reason::exhausted;
  s.counts.bytes_on_wire = 1500;
  s.counts.skipped = 3;
  s.by_outcome = {{outcome::fetched, 40}, {outcome::connect_refused, 10}};
  s.by_status = {{200, 38}, {404, 2}};
  s.warnings = {"robots.txt is not obeyed."};
  EXPECT_EQ(crawl_summary(s, seconds_f(5)),
            "completed (exhausted): 40 pages in 5.0 s (8/s), 1.5 kB received, 10 failed, "
            "3 skipped\n"
            "  10 connect_refused: " +
                std::string(info(outcome::connect_refused).description) +
                "\n"
                "  2 answered HTTP 404\n"
                "  note: robots.txt is not obeyed.\n");
}

TEST(CrawlSummary, SaysThatACrawlWasInterrupted) {
  crawl_status s = half_done();
  s.state = crawl_state::running;
  EXPECT_EQ(crawl_summary(s, seconds_f(20)),
            "interrupted: 40 pages in 20 s (2/s), 0 B received, 10 failed, 0 skipped, 50 queued\n");
  EXPECT_TRUE(crawl_summary(s, seconds_f(0)).starts_with("interrupted: 40 pages in 0.0 s (0/s)"));
}

}  // namespace
}  // namespace orbweaver
