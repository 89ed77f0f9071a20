#include "crawler/frontier/host_pace.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

using namespace std::chrono_literals;
using enum host_pace::sign;

struct HostPace : testing::Test {
  void take(host_pace::sign what, clock::duration answer_time = 0s) {
    pace.take(what, answer_time, now);
  }
  host_pace::settings how;
  host_pace pace{how};
  clock::time_point now = clock::time_point{} + 1h;
};

TEST_F(HostPace, AHostThatAnswersInComfortIsNotSlowedDown) {
  for (int i = 0; i < 10; ++i) take(answered, 900ms);
  EXPECT_EQ(pace.delay(), 0s);
}

TEST_F(HostPace, TheDelayFollowsTheSmoothedAnswerTime) {
  take(answered, 5s);
  EXPECT_EQ(pace.delay(), 4s);
  take(answered, 1s);
  EXPECT_EQ(pace.delay(), 3s);
  for (int i = 0; i < 20; ++i) take(answered, 200ms);
  EXPECT_EQ(pace.delay(), 0s);
  take(answered, 1h);
  EXPECT_EQ(pace.delay(), how.longest_delay);
}

TEST_F(HostPace, PushingBackDoublesAPenaltyThatGoodAnswersTakeAway) {
  take(pushed_back);
  EXPECT_EQ(pace.delay(), 1s);
  take(pushed_back);
  EXPECT_EQ(pace.delay(), 2s);
  take(nothing);
  EXPECT_EQ(pace.delay(), 2s);
  take(answered);
  EXPECT_EQ(pace.delay(), 1500ms);
  for (int i = 0; i < 20; ++i) take(pushed_back);
  EXPECT_EQ(pace.delay(), how.longest_delay);
  int answers = 0;
  for (; pace.delay() != 0s; ++answers) take(answered);
  EXPECT_LE(answers, 30);
}

TEST_F(HostPace, ErrorsHoldThePenaltyButDoNotPileUp) {
  for (int i = 0; i < 20; ++i) take(erred);
  EXPECT_EQ(pace.delay(), 1s);
  EXPECT_FALSE(pace.in_trouble());
}

TEST_F(HostPace, FailuresInARowParkTheHostForLongerAndLonger) {
  for (unsigned i = 1; i < how.failures_to_park; ++i) take(failed);
  EXPECT_FALSE(pace.in_trouble());
  EXPECT_LE(pace.parked_until(), now);
  take(failed);
  EXPECT_TRUE(pace.in_trouble());
  EXPECT_EQ(pace.parked_until(), now + 10s);
  take(failed);
  EXPECT_EQ(pace.parked_until(), now + 10s) << "begun before: nothing new";
  now += 10s;
  take(failed);
  EXPECT_EQ(pace.parked_until(), now + 20s) << "one failure is enough";
  now += 20s;
  take(answered);
  EXPECT_FALSE(pace.in_trouble());
  EXPECT_LE(pace.parked_until(), now);
  take(failed);
  EXPECT_LE(pace.parked_until(), now) << "counting begins anew";
}

TEST_F(HostPace, AnswersBetweenFailuresKeepItFromBeingParked) {
  for (int i = 0; i < 40; ++i) take(i % 4 == 3 ? answered : failed);
  EXPECT_FALSE(pace.in_trouble());
  EXPECT_EQ(pace.parked_until(), clock::time_point{});
}

TEST_F(HostPace, AfterTheLastParkItIsGivenUpForAWhile) {
  how.longest_park = 30s;
  unsigned parks = 0;
  for (int attempts = 0; attempts < 100 && !pace.given_up(now); ++attempts) {
    take(failed);
    if (pace.parked_until() <= now) continue;
    EXPECT_LE(pace.parked_until() - now, 30s);
    now = pace.parked_until();
    ++parks;
  }
  EXPECT_EQ(parks, how.parks_to_give_up);
  EXPECT_TRUE(pace.given_up(now + how.given_up_for - 1ns));
  now += how.given_up_for;
  EXPECT_FALSE(pace.given_up(now));
  take(failed);
  EXPECT_GT(pace.parked_until(), now) << "no better than before";
  now = pace.parked_until();
  take(answered);
  EXPECT_FALSE(pace.in_trouble());
}

}  // namespace
}  // namespace orbweaver
