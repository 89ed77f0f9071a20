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
  EXPECT_EQ(tag("max-image-preview: large noindex, nosnippet"), "is");
  EXPECT_EQ(tag("noindex-nofollow"), "");
  EXPECT_EQ(tag("noindex nofollow orbweaver: nosnippet"), "ifs");
  EXPECT_EQ(tag("noindex otherbot: nofollow; nosnippet"), "i");
  robots_directives meta;
  meta.add("googlebot: noindex nofollow");
  EXPECT_FALSE(meta.noindex || meta.nofollow);
}

// "i", "f" and "s" as above, and the list in pieces.
std::string listed(std::string_view list) {
  robots_directives d;
  d.add(list);
  std::string out = std::string(d.noindex ? "i" : "") + (d.nofollow ? "f" : "");
  while (!list.empty())
    if (const auto one = next_directive(list); !one.empty()) out.append("|").append(one);
  return out;
}

TEST(robots_directives, values_stay_with_their_names) {
  EXPECT_EQ(listed("nofollow; max-snippet:-1"), "f|nofollow|max-snippet:-1");
  EXPECT_EQ(listed("noindex nofollow max-snippet:-1"), "if|noindex|nofollow|max-snippet:-1");
  EXPECT_EQ(listed("max-image-preview: large noindex"), "i|max-image-preview: large|noindex");
  EXPECT_EQ(listed("max-snippet :5\nnofollow"), "f|max-snippet :5|nofollow");
  EXPECT_EQ(listed("max-snippet:,noindex"), "i|max-snippet:|noindex");
  EXPECT_EQ(listed("max-snippet:"), "|max-snippet:");
  EXPECT_EQ(listed("x: y nofollow, noindex"), "i|x: y nofollow|noindex");
  EXPECT_EQ(listed(" ,; "), "");
  EXPECT_EQ(listed(":"), "|:");
}

TEST(robots_directives, dates_stay_whole) {
  const std::string after = "unavailable_after: ";
  for (const std::string date : {"25 Jun 2010 15:00:00 PST", "Sunday, 25 Jun 2010 15:00:00 PST",
                                 "2010-06-25T15:00:00", "June 25, 2010 15:00:00"}) {
    EXPECT_EQ(listed(after + date + ", nofollow"), "f|" + after + date + "|nofollow");
    EXPECT_EQ(listed(after + date + "; nofollow"), "f|" + after + date + "|nofollow");
    EXPECT_EQ(listed(after + date + " nofollow"), "f|" + after + date + "|nofollow");
    EXPECT_EQ(listed("noindex " + after + date + " max-snippet: 5"),
              "i|noindex|" + after + date + "|max-snippet: 5");
    EXPECT_EQ(tag(after + date + ", nofollow"), "f");
    EXPECT_EQ(tag("otherbot: " + after + date + ", nofollow"), "");
    EXPECT_EQ(tag("orbweaver: " + after + date + ", nofollow"), "f");
    EXPECT_EQ(tag(after + date + ", otherbot: nofollow"), "");
  }
  EXPECT_EQ(tag("unavailable_after 25 Jun 2010 15:00:00 PST, nofollow"), "f");
  EXPECT_EQ(listed(after), "|unavailable_after:");
  EXPECT_EQ(listed(after + ", nofollow"), "f|unavailable_after:|nofollow");
}

TEST(robots_directives, tags_with_values_name_no_agent) {
  EXPECT_EQ(tag("max-snippet: 5, noindex"), "i");
  EXPECT_EQ(tag("unavailable_after: Sunday, 25 Jun 2010 15:00:00 PST, nofollow"), "f");
}

}  // namespace
}  // namespace orbweaver
