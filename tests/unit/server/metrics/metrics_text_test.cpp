#include "server/metrics/metrics_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace orbweaver {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(MetricsText, TellsEachNumberByItsLabels) {
  service_numbers n;
  n.load.by_state[static_cast<std::size_t>(crawl_state::paused)] = 3;
  n.load.queued = 7;
  n.load.connections = 5;
  n.load.idle_connections = 2;
  n.totals.count(outcome::fetched);
  n.totals.count(outcome::fetched);
  n.totals.count(outcome::dns_timeout);
  n.hooks.given_up = 4;
  n.answers = {0, 0, 10, 0, 2, 1};
  n.health = store_health::full;
  const std::string text = metrics_text(n);
  for (const char* line :
       {"orbweaver_crawls{state=\"paused\"} 3\n", "orbweaver_urls_queued 7\n",
        "orbweaver_connections{state=\"busy\"} 3\n",
        "orbweaver_pages_total{outcome=\"fetched\"} 2\n",
        "orbweaver_pages_total{outcome=\"dns_timeout\"} 1\n",
        "orbweaver_pages_total{outcome=\"decode_bomb\"} 0\n",
        "orbweaver_webhook_messages_total{result=\"given_up\"} 4\n",
        "orbweaver_api_answers_total{status=\"4xx\"} 2\n",
        "orbweaver_store_health{state=\"full\"} 1\n", "orbweaver_store_health{state=\"well\"} 0\n",
        "# TYPE orbweaver_pages_total counter\n", "# TYPE orbweaver_fetch_seconds histogram\n"})
    EXPECT_THAT(text, HasSubstr(line));
  EXPECT_THAT(text, Not(HasSubstr("process_"))) << "nothing is known of it";
}

TEST(MetricsText, BucketsHoldWhatIsBelowTheirBound) {
  service_numbers n;
  for (const double seconds : {0.0015, 0.0015, 0.4, 100.0}) n.lag.add(seconds);
  const std::string text = metrics_text(n);
  const std::string name = "orbweaver_loop_lag_seconds";
  for (const char* line :
       {"_count 4\n", "_bucket{le=\"0.001\"} 0\n", "_bucket{le=\"0.002\"} 2\n",
        "_bucket{le=\"0.5\"} 3\n", "_bucket{le=\"60\"} 3\n", "_bucket{le=\"+Inf\"} 4\n"})
    EXPECT_THAT(text, HasSubstr(name + line));
}

TEST(MetricsText, PhasesThatDidNotTakePlaceAreNotCounted) {
  phase_latencies all;
  add(all, {0, 0.01, 0, 0.02, 0.03});
  EXPECT_EQ(all[static_cast<std::size_t>(fetch_phase::dns)].count, 0u);
  EXPECT_EQ(all[static_cast<std::size_t>(fetch_phase::connect)].count, 1u);
}

TEST(ProcessNumbers, AreThoseOfThisProcess) {
  const auto numbers = read_process_numbers();
  ASSERT_TRUE(numbers);
  EXPECT_GT(numbers->resident_bytes, 1u << 20);
  EXPECT_GT(numbers->virtual_bytes, numbers->resident_bytes);
  EXPECT_GE(numbers->threads, 1u);
  EXPECT_GE(numbers->open_files, 3u);
  EXPECT_GE(numbers->max_files, numbers->open_files);
  const auto now = static_cast<double>(std::time(nullptr));
  EXPECT_GT(numbers->start_seconds, now - 86'400);
  EXPECT_LT(numbers->start_seconds, now + 2);
}

}  // namespace
}  // namespace orbweaver
