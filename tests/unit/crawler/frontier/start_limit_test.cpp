#include "crawler/frontier/start_limit.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

using namespace std::chrono_literals;

const clock::time_point start = clock::time_point{} + 1h;

TEST(StartLimit, HalvesOnceForWhatFailsTogether) {
  start_limit limit(1000);
  EXPECT_EQ(limit.most(), 1000u);
  limit.shortage(400, start);
  EXPECT_EQ(limit.most(), 200u);
  for (int i = 0; i < 50; ++i) limit.shortage(300, start + 500ms);
  EXPECT_EQ(limit.most(), 200u);
  limit.shortage(300, start + 1s);
  EXPECT_EQ(limit.most(), 100u);
}

TEST(StartLimit, NeverStopsAltogether) {
  start_limit limit(10);
  for (int i = 0; i < 20; ++i) limit.shortage(1, start + i * 1s);
  EXPECT_EQ(limit.most(), 1u);
}

TEST(StartLimit, RecoversStepByStepUpToItsFullSize) {
  start_limit limit(30);
  limit.recover(start);
  EXPECT_EQ(limit.most(), 30u);
  limit.shortage(30, start);
  limit.recover(start + 999ms);
  EXPECT_EQ(limit.most(), 15u);
  limit.recover(start + 1s);
  EXPECT_EQ(limit.most(), 16u);
  limit.recover(start + 1s);
  EXPECT_EQ(limit.most(), 16u) << "one step a second";
  for (int i = 2; i < 60; ++i) limit.recover(start + i * 1s);
  EXPECT_EQ(limit.most(), 30u);
}

}  // namespace
}  // namespace orbweaver
