#include "server/api/idempotency.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

using namespace std::chrono_literals;
using enum idempotency_table::verdict;

const wall_clock::time_point start{1'000'000h};

class Idempotency : public testing::Test {
 protected:
  auto begin(std::string_view key, std::string_view hash = "h", wall_clock::duration later = 0h,
             std::string_view account = "a") {
    return table_.begin(account, key, hash, start + later);
  }
  idempotency_table table_{3};
  const crawl_id crawl_ = crawl_id::random();
};

TEST(IdempotencyKey, IsVisibleAsciiOfBoundedLength) {
  for (const std::string& right :
       {std::string("a"), std::string("\"8e03978e\""), std::string(255, '~')})
    EXPECT_TRUE(is_idempotency_key(right)) << right;
  for (const std::string& wrong :
       {std::string(), std::string(256, 'x'), std::string("a b"), std::string("a\tb"),
        std::string("\xc3\xa4"), std::string(1, '\x7f')})
    EXPECT_FALSE(is_idempotency_key(wrong)) << wrong;
}

TEST_F(Idempotency, ARepetitionIsKnown) {
  EXPECT_EQ(begin("k").what, fresh);
  EXPECT_EQ(begin("k").what, running);
  EXPECT_EQ(begin("k", "other").what, reused);
  table_.settle("a", "k", crawl_);
  EXPECT_EQ(begin("k").what, repeated);
  EXPECT_EQ(begin("k").crawl, crawl_);
  EXPECT_EQ(begin("k", "other").what, reused);
  EXPECT_EQ(begin("k", "h", 0h, "b").what, fresh) << "of another account";
  EXPECT_EQ(begin("k", "h", 0h, "").what, fresh);
}

TEST_F(Idempotency, WhatCameToNothingMayBeTriedAgain) {
  EXPECT_EQ(begin("k").what, fresh);
  table_.give_up("a", "k");
  EXPECT_EQ(begin("k", "other").what, fresh);
  table_.settle("a", "k", crawl_);
  table_.give_up("a", "k");
  EXPECT_EQ(begin("k", "other").what, repeated) << "it has made a crawl by now";
  table_.forget("a", "k", crawl_id::random());
  EXPECT_EQ(begin("k", "other").what, repeated) << "another one is gone";
  table_.forget("a", "k", crawl_);
  EXPECT_EQ(begin("k", "other").what, fresh);
}

TEST_F(Idempotency, IsForgottenAfterADay) {
  begin("k");
  EXPECT_EQ(begin("k", "h", 48h).what, running) << "not what is still being worked on";
  table_.settle("a", "k", crawl_);
  EXPECT_EQ(begin("k", "h", 24h - 1s).what, repeated);
  EXPECT_EQ(begin("k", "other", 24h).what, fresh);
  table_.settle("a", "k", crawl_);
  begin("l", "h", 49h);
  EXPECT_EQ(table_.size(), 1u);
}

TEST_F(Idempotency, RemembersSoMany) {
  for (const char* key : {"1", "2", "3", "4"}) {
    EXPECT_EQ(begin(key).what, fresh);
    table_.settle("a", key, crawl_);
  }
  EXPECT_EQ(table_.size(), 3u);
  EXPECT_EQ(begin("4").what, repeated);
  EXPECT_EQ(begin("2").what, repeated);
  EXPECT_EQ(begin("1").what, fresh) << "the oldest went";
}

TEST_F(Idempotency, IsFilledAgainTheNewestFirst) {
  for (const char* key : {"4", "3", "3", "2", "1"})
    table_.restore("a", key, std::string("h") + key, crawl_, start);
  EXPECT_EQ(table_.size(), 3u);
  EXPECT_EQ(begin("4", "h4").what, repeated);
  EXPECT_EQ(begin("2", "other").what, reused);
  EXPECT_EQ(begin("1", "h1").what, fresh);
  EXPECT_EQ(begin("2", "h2").what, fresh) << "it was the oldest";
}

}  // namespace
}  // namespace orbweaver
