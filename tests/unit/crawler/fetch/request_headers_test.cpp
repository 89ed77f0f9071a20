#include "crawler/fetch/request_headers.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

using namespace std::string_literals;

TEST(RequestHeaders, OrdinaryOnesMayBeSent) {
  EXPECT_EQ(why_not("Accept-Language", "de, en;q=0.5"), std::nullopt);
  EXPECT_EQ(why_not("X-Empty", ""), std::nullopt);
  EXPECT_EQ(why_not("Cookie", "a=b"), std::nullopt);
  EXPECT_EQ(why_not("!#$%&'*+-.^_`|~09azAZ", "tab\t and \xc3\xa4"), std::nullopt);
  EXPECT_EQ(why_not("Hosts", "x"), std::nullopt);
}

TEST(RequestHeaders, NamesMustBeTokens) {
  EXPECT_EQ(why_not("", "x"), "A header needs a name.");
  for (const std::string& name : {"a b"s, "a:"s, "a\r\nb"s, "a\0"s, "\xc3\xa4"s, "a\""s, " a"s}) {
    EXPECT_EQ(why_not(name, "x"),
              "A header's name has only letters, digits and any of !#$%&'*+-.^_`|~.")
        << name;
  }
}

TEST(RequestHeaders, ValuesCannotBreakOutOfTheirLine) {
  for (const std::string& value :
       {"a\r\nHost: b"s, "a\n"s, "\r"s, "a\0b"s, "\x01"s, "\x7f"s, "\x1b[0m"s}) {
    EXPECT_EQ(why_not("X", value),
              "A header's value has no line breaks or other control characters.");
  }
}

TEST(RequestHeaders, WhatIsTheCrawlersIsRefused) {
  EXPECT_EQ(why_not("host", "example.org"), "Host is taken from each URL.");
  EXPECT_EQ(why_not("CONTENT-LENGTH", "5"),
            "Content-Length describes the message, which the crawler writes.");
  for (const char* name :
       {"Connection", "Proxy-Connection", "Keep-Alive", "TE", "Transfer-Encoding", "Upgrade",
        "HTTP2-Settings", "Trailer", "Content-Length", "Expect", "Host", "Accept-Encoding", "Range",
        "User-Agent", "Proxy-Authorization"}) {
    EXPECT_TRUE(why_not(name, "x")) << name;
  }
}

TEST(RequestHeaders, SizesAreLimited) {
  EXPECT_EQ(why_not(std::string(256, 'n'), "x"), std::nullopt);
  EXPECT_EQ(why_not(std::string(257, 'n'), "x"), "A header's name has at most 256 bytes.");
  EXPECT_EQ(why_not("X", std::string(8192, 'v')), std::nullopt);
  EXPECT_EQ(why_not("X", std::string(8193, 'v')), "A header's value has at most 8192 bytes.");
}

}  // namespace
}  // namespace orbweaver
