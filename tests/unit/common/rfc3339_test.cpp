#include "common/rfc3339.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using time_point = system_clock::time_point;

time_point at(year_month_day day, system_clock::duration time = {}) {
  return time_point(sys_days(day)) + time;
}

TEST(Rfc3339, WritesUtcWithMilliseconds) {
  EXPECT_EQ(to_rfc3339(at(2026y / 5 / 4, 12h + 34min + 56s + 789ms)), "2026-05-04T12:34:56.789Z");
  EXPECT_EQ(to_rfc3339(time_point{}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_rfc3339(at(2000y / 2 / 29, 23h + 59min + 59s + 999ms)), "2000-02-29T23:59:59.999Z");
}

TEST(Rfc3339, RoundsDownBeforeTheEpochToo) {
  EXPECT_EQ(to_rfc3339(at(2026y / 1 / 1, 999'999ns)), "2026-01-01T00:00:00.000Z");
  EXPECT_EQ(to_rfc3339(time_point{} - 1ns), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(to_rfc3339(time_point{} - 24h), "1969-12-31T00:00:00.000Z");
}

TEST(Rfc3339, AppendsToWhatIsThere) {
  std::string out = "at ";
  append_rfc3339(out, at(2026y / 12 / 31));
  EXPECT_EQ(out, "at 2026-12-31T00:00:00.000Z");
}

TEST(Rfc3339, WritesTheWholeRangeOfTheClock) {
  EXPECT_EQ(to_rfc3339(time_point::max()), "2262-04-11T23:47:16.854Z");
  EXPECT_EQ(to_rfc3339(time_point::min()), "1677-09-21T00:12:43.145Z");
}

TEST(Rfc3339, ReadsWhatItWrites) {
  const time_point time = at(2026y / 5 / 4, 12h + 34min + 56s + 789ms);
  EXPECT_EQ(from_rfc3339(to_rfc3339(time)), time);
  EXPECT_EQ(from_rfc3339("1970-01-01T00:00:00.000Z"), time_point{});
}

TEST(Rfc3339, ReadsNothingElse) {
  for (const char* text :
       {"", "2026-05-04", "2026-05-04T12:34:56Z", "2026-05-04T12:34:56.789+",
        "2026-02-29T00:00:00.000Z", "2026-13-01T00:00:00.000Z", "2026-05-04T24:00:00.000Z",
        "2026-05-04T12:60:00.000Z", "2026-05-04T12:00:60.000Z", "2026-05-04 12:34:56.789Z",
        "2o26-05-04T12:34:56.789Z", "1600-01-01T00:00:00.000Z", "9999-01-01T00:00:00.000Z",
        "2026-05-04T12:34:56.789ZZ"})
    EXPECT_EQ(from_rfc3339(text), std::nullopt) << text;
}

}  // namespace
}  // namespace orbweaver
