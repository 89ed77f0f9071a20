#include "server/api/nearest_name.hpp"

#include <array>
#include <gtest/gtest.h>

namespace orbweaver {
namespace {

constexpr std::array<std::string_view, 4> names{"limit", "maxDepth", "scope", "regexOnFullURL"};

TEST(NearestName, FindsSlipsOfTheKeyboardAndOfStyle) {
  EXPECT_EQ(nearest_name("limt", names), "limit");
  EXPECT_EQ(nearest_name("limits", names), "limit");
  EXPECT_EQ(nearest_name("max-depth", names), "maxDepth");
  EXPECT_EQ(nearest_name("MAX_DEPTH", names), "maxDepth");
  EXPECT_EQ(nearest_name("regexOnFullUrl", names), "regexOnFullURL");
}

TEST(NearestName, DoesNotGuessWildly) {
  EXPECT_EQ(nearest_name("", names), "");
  EXPECT_EQ(nearest_name("xyz", names), "");
  EXPECT_EQ(nearest_name("ts", names), "");
  EXPECT_EQ(nearest_name(std::string(100'000, 'l'), names), "");
  EXPECT_EQ(nearest_name("limit", {}), "");
}

}  // namespace
}  // namespace orbweaver
