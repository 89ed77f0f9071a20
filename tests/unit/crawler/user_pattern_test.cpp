#include "crawler/user_pattern.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

TEST(UserPattern, MatchesAnywhere) {
  const user_pattern p("b+$");
  EXPECT_EQ(p, "b+$");
  EXPECT_EQ(p.error(), "");
  EXPECT_TRUE(p.matches("abb"));
  EXPECT_FALSE(p.matches("ba"));
  EXPECT_TRUE(user_pattern().matches("anything"));
}

TEST(UserPattern, SaysWhatIsWrongWithIt) {
  const user_pattern p("(a");
  EXPECT_EQ(p.error(), "missing ): (a");
  EXPECT_EQ(p.cost(), 0u);
}

TEST(UserPattern, CostsWhatItsProgramDoes) {
  EXPECT_LT(user_pattern("^/blog/\\d{4}/").cost(), 50u);
  const user_pattern costly("%d(?:[a-z\\pL]{1,39})");
  EXPECT_EQ(costly.error(), "");
  EXPECT_GT(costly.cost(), 10'000u);
  const user_pattern too_large("(?:[a-z\\pL]{1,200}){1,5}");
  EXPECT_NE(too_large.error(), "");
  EXPECT_GT(too_large.cost(), costly.cost());
}

TEST(UserPattern, KnowsWhetherItsMatchesAreBounded) {
  EXPECT_EQ(user_pattern("abc").longest_match(), 3 + user_pattern("abc").cost());
  for (const char* bounded : {"a?", "^abc{2,5}", "\\+\\*", "a{3}", ",\\}"})
    EXPECT_LT(user_pattern(bounded).longest_match(), 100u) << bounded;
  // The last three only seem to repeat.
  for (const char* endless :
       {"a*", "a+?", "a{2,}", "\\\\+", "\\Qa\\E+", "\\Q\\\\E+", "[*]", "\\Q+", "{,}"})
    EXPECT_EQ(user_pattern(endless).longest_match(), std::string::npos) << endless;
}

}  // namespace
}  // namespace orbweaver
