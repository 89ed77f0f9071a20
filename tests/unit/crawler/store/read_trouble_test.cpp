#include "crawler/store/read_trouble.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

using namespace std::chrono_literals;

const clock::time_point start{1h};

TEST(ReadTrouble, IsToldOnceAMinuteAtMost) {
  read_trouble trouble;
  EXPECT_EQ(trouble.failed(start), 1u);
  for (int i = 0; i < 590; ++i) EXPECT_EQ(trouble.failed(start + i * 100ms), std::nullopt);
  EXPECT_EQ(trouble.failed(start + 60s), 591u) << "how many it was";
  EXPECT_EQ(trouble.failed(start + 61s), std::nullopt);
}

TEST(ReadTrouble, IsRecentForSomeMinutes) {
  read_trouble trouble;
  EXPECT_FALSE(trouble.is_recent(start));
  trouble.failed(start);
  EXPECT_TRUE(trouble.is_recent(start + 4min));
  EXPECT_FALSE(trouble.is_recent(start + 5min));
}

}  // namespace
}  // namespace orbweaver
