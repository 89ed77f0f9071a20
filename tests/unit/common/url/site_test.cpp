#include "common/url/site.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

TEST(Site, FindsTheRegistrableDomain) {
  EXPECT_EQ(registrable_domain("www.example.com"), "example.com");
  EXPECT_EQ(registrable_domain("example.com"), "example.com");
  EXPECT_EQ(registrable_domain("a.b.bbc.co.uk"), "bbc.co.uk");
  EXPECT_EQ(registrable_domain("a.b.github.io"), "b.github.io");
  EXPECT_EQ(registrable_domain("www.example.com."), "example.com");
  EXPECT_EQ(registrable_domain("www.no-such-tld-x.zzzz"), "no-such-tld-x.zzzz");
  EXPECT_EQ(registrable_domain("x.xn--85x722f.xn--55qx5d.cn"), "xn--85x722f.xn--55qx5d.cn");
}

TEST(Site, WhatHasNoneIsItsOwn) {
  EXPECT_EQ(registrable_domain("co.uk"), "co.uk");
  EXPECT_EQ(registrable_domain("github.io"), "github.io");
  EXPECT_EQ(registrable_domain("localhost"), "localhost");
  EXPECT_EQ(registrable_domain("192.168.0.1"), "192.168.0.1");
  EXPECT_EQ(registrable_domain("[2001:db8::1]"), "[2001:db8::1]");
  EXPECT_EQ(registrable_domain(""), "");
  EXPECT_EQ(registrable_domain("."), "");
  EXPECT_EQ(registrable_domain("..com"), registrable_domain("..com."));
  const std::string longest = std::string(250, 'a') + ".com";
  EXPECT_EQ(registrable_domain(longest), longest) << "longer than any domain";
}

TEST(Site, ComparesSites) {
  EXPECT_TRUE(same_site("a.example.com", "b.c.example.com"));
  EXPECT_TRUE(same_site("example.com.", "www.example.com"));
  EXPECT_FALSE(same_site("a.github.io", "b.github.io"));
  EXPECT_FALSE(same_site("a.co.uk", "b.co.uk"));
  EXPECT_FALSE(same_site("10.0.0.1", "11.0.0.1"));
}

}  // namespace
}  // namespace orbweaver
