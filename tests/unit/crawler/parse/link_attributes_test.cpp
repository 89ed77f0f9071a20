#include "crawler/parse/link_attributes.hpp"

#include <gmock/gmock.h>
#include <string>
#include <vector>

namespace orbweaver::html {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> candidates(std::string_view srcset) {
  std::vector<std::string> out;
  while (const auto url = next_srcset_url(srcset)) out.emplace_back(*url);
  return out;
}

TEST(srcset, candidates) {
  EXPECT_THAT(candidates("a"), ElementsAre("a"));
  EXPECT_THAT(candidates(" a 1x,b 2x , c\t3.5x"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(candidates("a 100w 50h, b 2e2w, c 0w"), ElementsAre("a"));
  EXPECT_THAT(candidates("a, b,, ,c"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(candidates("a,b"), ElementsAre("a,b"));
  EXPECT_THAT(candidates("data:,x 1x"), ElementsAre("data:,x"));
  EXPECT_THAT(candidates("a ,b"), ElementsAre("a", "b"));
  EXPECT_THAT(candidates(""), IsEmpty());
  EXPECT_THAT(candidates(" , ,"), IsEmpty());
}

TEST(srcset, candidates_with_wrong_descriptors_do_not_count) {
  EXPECT_THAT(candidates("a 1x 2x, b 1w 1x, c 1q, d -1x, e 10h, f 1.x, g x, h 1w"),
              ElementsAre("h"));
  EXPECT_THAT(candidates("a -0x, b .5x, c 1e3x, d +1x"), ElementsAre("a", "b", "c"));
}

TEST(srcset, parentheses_hold_commas) {
  EXPECT_THAT(candidates("a (x, y) 1x, b"), ElementsAre("b"));
  EXPECT_THAT(candidates("a (x, y, z"), IsEmpty());
}

std::string url(std::string_view content) {
  const refresh r = parse_refresh(content);
  return r.valid ? "ok:" + std::string(r.url) : "invalid";
}

TEST(meta_refresh, urls) {
  EXPECT_EQ(url("0;url=/x"), "ok:/x");
  EXPECT_EQ(url(" 5 ; URL = ' /x y ' z"), "ok:/x y");
  EXPECT_EQ(url("5,url=\"/x\"y"), "ok:/x");
  EXPECT_EQ(url("5 /x"), "ok:/x");
  EXPECT_EQ(url("5;/x"), "ok:/x");
  EXPECT_EQ(url("5;'/x'"), "ok:/x");
  EXPECT_EQ(url("5.5.5;url=/x"), "ok:/x");
  EXPECT_EQ(url(".5;url=/x"), "ok:/x");
  EXPECT_EQ(url("5;url/x"), "ok:url/x");
  EXPECT_EQ(url("5;u"), "ok:u");
  EXPECT_EQ(url("5;;url=/x"), "ok:;url=/x");
  EXPECT_EQ(url("5;url='/x"), "ok:/x");
}

TEST(meta_refresh, without_url_is_a_reload) {
  EXPECT_EQ(url("5"), "ok:");
  EXPECT_EQ(url("5;"), "ok:");
  EXPECT_EQ(url("5; url="), "ok:");
}

TEST(meta_refresh, invalid) {
  EXPECT_EQ(url(""), "invalid");
  EXPECT_EQ(url("url=/x"), "invalid");
  EXPECT_EQ(url("-1;url=/x"), "invalid");
  EXPECT_EQ(url("5x;url=/x"), "invalid");
}

}  // namespace
}  // namespace orbweaver::html
