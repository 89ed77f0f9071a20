#include "crawler/pattern_set.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

std::string first(const pattern_set& set, std::string_view subject) {
  const user_pattern* const found = set.first_match(subject);
  return found ? found->text() : "";
}

TEST(PatternSet, AnswersTheFirstOfTheListThatMatches) {
  const pattern_set set({"zebra", "^/a", "b$", "/a/b"});
  EXPECT_FALSE(set.empty());
  EXPECT_EQ(first(set, "/a/b"), "^/a");
  EXPECT_EQ(first(set, "/x/a/b"), "b$");
  EXPECT_EQ(first(set, "/x/a/b?"), "/a/b");
  EXPECT_EQ(first(set, "/a/zebra"), "zebra");
  EXPECT_EQ(first(set, "/x"), "");
  EXPECT_EQ(first(set, ""), "");
}

TEST(PatternSet, MayHaveOnePatternOrNone) {
  EXPECT_TRUE(pattern_set({}).empty());
  EXPECT_EQ(first(pattern_set({}), "x"), "");
  EXPECT_EQ(first(pattern_set({"x"}), "axb"), "x");
  EXPECT_EQ(first(pattern_set({"x"}), "ab"), "");
}

// Too little memory for the program, or for the automaton that runs it, changes no answer.
TEST(PatternSet, AnswersTheSameWithLittleMemory) {
  std::vector<user_pattern> patterns;
  for (int i = 0; i < 100; ++i)
    patterns.emplace_back("([a-z]{1,3}/){6}[a-z]*q" + std::to_string(i) + "$");
  const std::string subject = "/ab/c/def/gh/i/jk/lmq42";
  for (const std::int64_t memory : {std::int64_t{1}, std::int64_t{1} << 16, std::int64_t{1} << 18,
                                    std::int64_t{1} << 20, pattern_set::max_memory}) {
    const pattern_set set(patterns, memory);
    EXPECT_EQ(first(set, subject), patterns[42].text()) << memory;
    EXPECT_EQ(first(set, subject + "!"), "") << memory;
  }
}

}  // namespace
}  // namespace orbweaver
