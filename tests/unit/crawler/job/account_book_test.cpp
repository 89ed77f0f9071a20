#include "crawler/job/account_book.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

using namespace std::chrono_literals;

const wall_clock::time_point noon{std::chrono::sys_days(std::chrono::days(20'000)) + 12h};

TEST(AccountBook, CountsTheDayUpToItsQuota) {
  account_book book;
  book.set_quotas({{"a", {.max_pages = 3, .max_bytes = 100}}});
  EXPECT_FALSE(book.spend("a", 2, 99, noon));
  EXPECT_FALSE(book.refusal("a", 9, true, noon));
  EXPECT_TRUE(book.spend("a", 1, 0, noon));
  EXPECT_EQ(book.refusal("a", 0, true, noon), service_error::account_pages);
  EXPECT_EQ(book.refusal("a", 0, false, noon), service_error::account_pages);
  EXPECT_TRUE(book.spend("a", 0, 1, noon + 11h));
  EXPECT_FALSE(book.refusal("a", 0, true, noon + 12h)) << "another day";
  EXPECT_FALSE(book.spend("a", 0, 99, noon + 12h));
  EXPECT_TRUE(book.spend("a", 0, 1, noon + 12h));
  EXPECT_EQ(book.refusal("a", 0, true, noon + 12h), service_error::account_bytes);
  EXPECT_EQ(book.refusal("a", 0, true, noon), service_error::account_bytes)
      << "a clock that is set back makes no new day";
  EXPECT_TRUE(book.spend("a", 0, 1, noon));
}

TEST(AccountBook, CountsUnfinishedCrawlsOnlyForOneMore) {
  account_book book;
  book.set_quotas({{"a", {.max_crawls = 2}}});
  EXPECT_FALSE(book.refusal("a", 1, true, noon));
  EXPECT_EQ(book.refusal("a", 2, true, noon), service_error::account_crawls);
  EXPECT_FALSE(book.refusal("a", 2, false, noon));
  EXPECT_FALSE(book.spend("a", 1000, 1000, noon));
  EXPECT_TRUE(book.used(noon).empty()) << "nobody asks";
}

TEST(AccountBook, WhomItDoesNotKnowIsUnlimited) {
  account_book book;
  EXPECT_FALSE(book.spend("b", 1000, 1000, noon));
  EXPECT_FALSE(book.refusal("b", 1000, true, noon));
  book.set_quota("b", {.max_pages = 1});
  EXPECT_TRUE(book.spend("b", 1, 0, noon));
  book.set_quotas({});
  EXPECT_FALSE(book.refusal("b", 0, true, noon));
  EXPECT_TRUE(book.used(noon).empty()) << "and forgotten";
}

TEST(AccountBook, GoesOnWhereItWas) {
  account_book before;
  before.set_quotas({{"a", {.max_pages = 3}}});
  before.spend("a", 3, 7, noon);
  const auto used = before.used(noon);
  EXPECT_EQ(used, (account_book::usages{{"a", {20'000, 3, 7}}}));
  EXPECT_TRUE(before.used(noon + 12h).empty()) << "yesterday is of no interest";
  account_book after;
  after.restore(used);
  after.set_quotas({{"a", {.max_pages = 3}}});
  EXPECT_EQ(after.refusal("a", 0, true, noon), service_error::account_pages);
}

TEST(AccountBook, TheDayEndsAtMidnight) {
  EXPECT_EQ(day_of(noon), 20'000);
  EXPECT_EQ(rest_of_day(noon), 12h);
  EXPECT_EQ(rest_of_day(noon + 11h + 59min + 59s + 500ms), 1s);
  EXPECT_EQ(rest_of_day(noon + 12h), 24h);
}

}  // namespace
}  // namespace orbweaver
