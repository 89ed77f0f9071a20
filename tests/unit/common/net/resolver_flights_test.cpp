#include "common/net/resolver_flights.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace orbweaver {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(ResolverFlights, OneLookUpServesAllWhoWait) {
  resolver_flights flights({});
  EXPECT_TRUE(flights.join("a.example", 1));
  EXPECT_TRUE(flights.join("a.example", 2));
  EXPECT_EQ(flights.start_next(), "a.example");
  EXPECT_EQ(flights.start_next(), std::nullopt);
  EXPECT_TRUE(flights.join("a.example", 3));
  EXPECT_EQ(flights.start_next(), std::nullopt);
  EXPECT_THAT(flights.finish("a.example"), ElementsAre(1, 2, 3));
  EXPECT_EQ(flights.in_flight(), 0u);
  EXPECT_TRUE(flights.join("a.example", 4));
  EXPECT_EQ(flights.start_next(), "a.example") << "what is finished starts anew";
}

TEST(ResolverFlights, OnlySoManyAtOnceTheOthersInOrder) {
  resolver_flights flights({.in_flight = 2, .names = 10});
  for (std::uint64_t i = 0; i < 4; ++i) flights.join(std::to_string(i), i);
  EXPECT_EQ(flights.start_next(), "0");
  EXPECT_EQ(flights.start_next(), "1");
  EXPECT_EQ(flights.start_next(), std::nullopt);
  EXPECT_EQ(flights.queued(), 2u);
  flights.finish("1");
  EXPECT_EQ(flights.start_next(), "2");
  EXPECT_EQ(flights.start_next(), std::nullopt);
}

TEST(ResolverFlights, OnlySoManyStartAtOneMoment) {
  resolver_flights flights({.in_flight = 10, .names = 10, .burst = 2});
  for (std::uint64_t i = 0; i < 6; ++i) flights.join(std::to_string(i), i);
  EXPECT_EQ(flights.start_next(), "0");
  EXPECT_EQ(flights.start_next(), "1");
  EXPECT_EQ(flights.start_next(), std::nullopt);
  flights.finish("0");
  EXPECT_EQ(flights.start_next(), "2") << "one that has ended makes room for one more";
  EXPECT_EQ(flights.start_next(), std::nullopt);
  flights.refill();
  EXPECT_EQ(flights.start_next(), "3");
  EXPECT_EQ(flights.start_next(), "4");
  EXPECT_EQ(flights.start_next(), std::nullopt);
}

TEST(ResolverFlights, RefusesNamesBeyondItsLimit) {
  resolver_flights flights({.in_flight = 1, .names = 2});
  EXPECT_TRUE(flights.join("a", 1));
  EXPECT_TRUE(flights.join("b", 2));
  EXPECT_FALSE(flights.join("c", 3));
  EXPECT_TRUE(flights.join("b", 4)) << "a known name takes no place";
  EXPECT_EQ(flights.start_next(), "a");
  EXPECT_FALSE(flights.join("c", 3)) << "in flight counts";
  flights.finish("a");
  EXPECT_TRUE(flights.join("c", 3));
}

TEST(ResolverFlights, WhoLeavesIsNotTold) {
  resolver_flights flights({});
  flights.join("a", 1);
  flights.join("a", 2);
  flights.start_next();
  flights.leave("a", 1);
  flights.leave("b", 1);
  EXPECT_THAT(flights.finish("a"), ElementsAre(2));
}

TEST(ResolverFlights, NobodysNameIsNotLookedUp) {
  resolver_flights flights({.in_flight = 1, .names = 10});
  flights.join("a", 1);
  flights.join("b", 2);
  flights.leave("a", 1);
  EXPECT_EQ(flights.start_next(), "b");
  EXPECT_EQ(flights.start_next(), std::nullopt);
  EXPECT_THAT(flights.finish("a"), IsEmpty());
  EXPECT_EQ(flights.in_flight(), 1u);
}

TEST(ResolverFlights, FinishingWhatNeverStartedTellsNobody) {
  resolver_flights flights({});
  flights.join("a", 1);
  EXPECT_THAT(flights.finish("a"), IsEmpty());
  EXPECT_THAT(flights.finish("b"), IsEmpty());
  EXPECT_EQ(flights.start_next(), "a");
}

TEST(ResolverFlights, TellsWhoWaitsOnlyOnceItIsTheNamesTurn) {
  resolver_flights flights({.in_flight = 1});
  flights.join("a", 1);
  flights.join("b", 2);
  flights.join("b", 3);
  EXPECT_TRUE(flights.waiting("a").empty());
  flights.start_next();
  EXPECT_EQ(flights.waiting("a").size(), 1u);
  EXPECT_TRUE(flights.waiting("b").empty());
  flights.finish("a");
  flights.start_next();
  EXPECT_EQ(flights.waiting("b").size(), 2u);
  EXPECT_TRUE(flights.waiting("a").empty());
}

}  // namespace
}  // namespace orbweaver
