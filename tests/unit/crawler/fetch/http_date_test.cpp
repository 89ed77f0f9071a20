#include "crawler/fetch/http_date.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

using namespace std::chrono_literals;

constexpr http_time at(std::int64_t seconds) { return http_time(std::chrono::seconds(seconds)); }
constexpr std::int64_t example = 784111777;  // RFC 9110 5.6.7's own

TEST(HttpDate, ReadsEveryForm) {
  for (const char* text :
       {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994", "Sun, 06-Nov-1994 08:49:37 GMT", "6 nov 1994 8:49:37",
        "1994 NOVEMBER 06 08:49:37 UTC", "08:49:37 6th Nov 94"}) {
    EXPECT_EQ(parse_http_date(text), at(example)) << text;
  }
  EXPECT_EQ(parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT"), at(0));
  EXPECT_EQ(parse_http_date("Thu, 01-Jan-70 00:00:01 GMT"), at(1));
  EXPECT_EQ(parse_http_date("Fri, 31-Dec-69 23:59:60 GMT"), at(3155760000));
  EXPECT_EQ(parse_http_date("Mon, 29 Feb 2024 00:00:00 GMT"), at(1709164800));
  EXPECT_EQ(parse_http_date("Fri, 31 Dec 9999 23:59:59 GMT"), at(253402300799));
  EXPECT_EQ(parse_http_date("Mon, 01 Jan 1601 00:00:00 GMT"), at(-11644473600));
}

TEST(HttpDate, RefusesWhatIsNone) {
  for (const char* text :
       {"", "x", "-1", "0", "Sun, 06 Nov 1994", "08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT",
        "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT",
        "Mon, 29 Feb 2023 00:00:00 GMT", "Sun, 06 Nov 1600 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:37 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT", "Sun, 06 Nov 19941 08:49:37 GMT",
        "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 008:49:37 GMT"}) {
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
  }
}

TEST(HttpDate, WritesWhatItReads) {
  EXPECT_EQ(format_http_date(at(example)), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(format_http_date(at(0)), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(format_http_date(at(-1)), "Wed, 31 Dec 1969 23:59:59 GMT");
  for (std::int64_t t = -11644473600; t < 253402300799; t += 123456789) {
    ASSERT_EQ(parse_http_date(format_http_date(at(t))), at(t)) << t;
  }
}

TEST(RetryAfter, IsADelayOrADate) {
  const http_time now = at(example);
  EXPECT_EQ(parse_retry_after("120", now), 120s);
  EXPECT_EQ(parse_retry_after(" 0 ", now), 0s);
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:50:37 GMT", now), 60s);
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:00:00 GMT", now), 0s);
  EXPECT_EQ(parse_retry_after("99999999999999999999999", now), longest_retry_after);
  EXPECT_EQ(parse_retry_after("31536001", now), longest_retry_after);
  EXPECT_EQ(parse_retry_after("Fri, 31 Dec 9999 23:59:59 GMT", now), longest_retry_after);
  for (const char* value : {"", "soon", "-1", "1.5", "1 minute", "+5"}) {
    EXPECT_EQ(parse_retry_after(value, now), std::nullopt) << value;
  }
}

}  // namespace
}  // namespace orbweaver
