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

TEST(robots_directives, tag_for_an_agent) {
  EXPECT_EQ(robots_tag_for(" noindex, nofollow ", "orbweaver"), "noindex, nofollow");
  EXPECT_EQ(robots_tag_for("Orbweaver: noindex, nofollow", "orbweaver"), "noindex, nofollow");
  EXPECT_EQ(robots_tag_for("otherbot: noindex", "orbweaver"), "");
  EXPECT_EQ(robots_tag_for(": noindex", ""), "");
  EXPECT_EQ(robots_tag_for("unavailable_after: 25 Jun 2010 15:00:00 PST", "orbweaver"),
            "unavailable_after: 25 Jun 2010 15:00:00 PST");
  EXPECT_EQ(robots_tag_for("noindex, max-snippet: 5", "orbweaver"), "noindex, max-snippet: 5");
}

}  // namespace
}  // namespace orbweaver
