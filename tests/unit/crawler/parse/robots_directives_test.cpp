#include "crawler/parse/robots_directives.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

TEST(robots_directives, add_up) {
  robots_directives d;
  d.add("index, FOLLOW, , nosnippet");
  EXPECT_FALSE(d.noindex || d.nofollow);
  EXPECT_TRUE(d.nosnippet);
  d.add("noarchive,noimageindex");
  EXPECT_TRUE(d.noarchive && d.noimageindex && d.nosnippet);
  d.add(" None ");
  EXPECT_TRUE(d.noindex && d.nofollow);
}

// Which of noindex, nofollow and nosnippet a tag sets for orbweaver.
std::string tag(std::string_view value, std::string_view agent = "orbweaver") {
  robots_directives d;
  d.add_tag(value, agent);
  return std::string(d.noindex ? "i" : "") + (d.nofollow ? "f" : "") + (d.nosnippet ? "s" : "");
}

TEST(robots_directives, tags_may_name_an_agent) {
  EXPECT_EQ(tag(" noindex, nofollow "), "if");
  EXPECT_EQ(tag("Orbweaver: noindex, nofollow"), "if");
  EXPECT_EQ(tag("otherbot: noindex, nofollow"), "");
  EXPECT_EQ(tag(": noindex", ""), "");
}

TEST(robots_directives, tags_of_several_agents_may_be_joined) {
  EXPECT_EQ(tag("otherbot: noindex, orbweaver: nofollow, nosnippet"), "fs");
  EXPECT_EQ(tag("nosnippet, orbweaver: nofollow, otherbot: noindex"), "fs");
}

TEST(robots_directives, commas_may_be_missing) {
  EXPECT_EQ(tag("noindex nofollow"), "if");
  EXPECT_EQ(tag("noindex;\tNOFOLLOW;"), "if");
  EXPECT_EQ(tag("otherbot: noindex nofollow"), "");
  EXPECT_EQ(tag("orbweaver: noindex nofollow"), "if");
  EXPECT_EQ(tag("max-image-preview: large noindex, nosnippet"), "s");
  EXPECT_EQ(tag("noindex-nofollow"), "");
  robots_directives meta;
  meta.add("googlebot: noindex nofollow");
  EXPECT_FALSE(meta.noindex || meta.nofollow);
}

TEST(robots_directives, tags_with_values_name_no_agent) {
  EXPECT_EQ(tag("max-snippet: 5, noindex"), "i");
  EXPECT_EQ(tag("unavailable_after: Sunday, 25 Jun 2010 15:00:00 PST, nofollow"), "f");
}

}  // namespace
}  // namespace orbweaver
