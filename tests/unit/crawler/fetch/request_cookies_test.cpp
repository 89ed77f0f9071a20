#include "crawler/fetch/request_cookies.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

TEST(RequestCookies, NothingBreaksOutOfItsField) {
  EXPECT_FALSE(why_not_cookie("sid", "abc=\"x\", y"));
  EXPECT_FALSE(why_not_cookie("sid", ""));
  for (const std::string_view name : {"", "a b", "a;b", "a=b", "a\r\n", "\xc3\xa9"})
    EXPECT_TRUE(why_not_cookie(name, "x")) << name;
  for (const std::string_view value :
       {std::string_view("a;b"), std::string_view("a\r\nHost: b"), std::string_view("a\nb"),
        std::string_view("a\0b", 3), std::string_view("a\tb"), std::string_view("a\x7f")})
    EXPECT_TRUE(why_not_cookie("sid", value)) << value;
}

TEST(RequestCookies, AFieldIsTakenApart) {
  EXPECT_EQ(read_cookie_pairs("a=1;b = 2 ; c=x=y;;nameless; =none"),
            (cookie_pairs{{"a", "1"}, {"b", "2"}, {"c", "x=y"}}));
  EXPECT_TRUE(read_cookie_pairs("").empty());
}

TEST(RequestCookies, WhatTheSiteSetsReplacesTheUsersOwn) {
  const cookie_pairs own{{"sid", "mine"}, {"lang", "en"}};
  EXPECT_EQ(merge_cookies(own, ""), "sid=mine; lang=en");
  EXPECT_EQ(merge_cookies(own, "sid=theirs; x=1"), "lang=en; sid=theirs; x=1");
  EXPECT_EQ(merge_cookies(own, "x=sid=1"), "sid=mine; lang=en; x=sid=1");
  EXPECT_EQ(merge_cookies(own, "lang=de; sid=theirs"), "lang=de; sid=theirs");
  EXPECT_EQ(merge_cookies({}, "x=1"), "x=1");
  EXPECT_EQ(merge_cookies({}, ""), "");
}

}  // namespace
}  // namespace orbweaver
