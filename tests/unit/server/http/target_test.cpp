#include "server/http/target.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

using pairs = std::vector<std::pair<std::string, std::string>>;

TEST(Target, IsTakenApart) {
  const auto target = parse_target("/a/b?x=1&y=%41+b%2f&&flag&z==&x=2");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/a/b");
  EXPECT_EQ(target->query,
            (pairs{{"x", "1"}, {"y", "A b/"}, {"flag", ""}, {"z", "="}, {"x", "2"}}));
}

TEST(Target, MayBeAbsolute) {
  EXPECT_EQ(parse_target("http://a.test:80/x?y=1")->path, "/x");
  EXPECT_EQ(parse_target("http://a.test:80/x?y=1")->authority, "a.test:80");
  EXPECT_EQ(parse_target("https://a.test")->path, "/");
  EXPECT_EQ(parse_target("http://a.test?y=1")->query, (pairs{{"y", "1"}}));
}

TEST(Target, MayBeAnAsterisk) { EXPECT_EQ(parse_target("*")->path, "*"); }

TEST(Target, MeansTheSameHoweverItIsEscaped) {
  EXPECT_EQ(parse_target("/%76%31/%63rawls%2D%7e")->path, "/v1/crawls-~");
  EXPECT_EQ(parse_target("/a%2Fb%20")->path, "/a%2Fb%20") << "these are other characters";
}

TEST(Target, IsRefusedInOtherForms) {
  for (const char* target : {"**", "a.test:443", "x", "ftp://a/", "/a#b", "/a?%", "/a?%4", "/a?%4g",
                             "/a?x=%zz", "/%", "/%4g"})
    EXPECT_FALSE(parse_target(target)) << target;
  std::string many = "/?a";
  for (std::size_t i = 1; i < max_query_parameters; ++i) many += "&a";
  EXPECT_TRUE(parse_target(many));
  EXPECT_FALSE(parse_target(many + "&a"));
}

}  // namespace
}  // namespace orbweaver
