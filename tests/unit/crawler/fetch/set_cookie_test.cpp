#include "crawler/fetch/set_cookie.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

constexpr http_time now{std::chrono::seconds(1'700'000'000)};

set_cookie parse(std::string_view field) {
  const auto cookie = parse_set_cookie(field, now);
  EXPECT_TRUE(cookie.has_value()) << field;
  return cookie.value_or(set_cookie{});
}
std::string pair_of(std::string_view field) {
  const set_cookie cookie = parse(field);
  return std::string(cookie.name) + "|" + std::string(cookie.value);
}

TEST(SetCookie, NameAndValue) {
  EXPECT_EQ(pair_of("a=b"), "a|b");
  EXPECT_EQ(pair_of("  a\t=  b c  ; x"), "a|b c");
  EXPECT_EQ(pair_of("a=b=c"), "a|b=c");
  EXPECT_EQ(pair_of("a=\"b\""), "a|\"b\"");
  EXPECT_EQ(pair_of("a="), "a|");
  EXPECT_EQ(pair_of("=b"), "|b");
  EXPECT_EQ(pair_of("b"), "|b");
  EXPECT_EQ(pair_of("a=\xc3\xa4\tb"), "a|\xc3\xa4\tb");
}

TEST(SetCookie, IsIgnoredWhole) {
  for (const std::string& field :
       {""s, "="s, ";a=b"s, " ; "s, "a=b\0"s, "a=\x01"s, "a=b; x=\x7f"s, "a=b\nc"s, "a=b\rc"s}) {
    EXPECT_FALSE(parse_set_cookie(field, now)) << field;
  }
  const std::string longest(max_cookie_bytes - 1, 'v');
  EXPECT_TRUE(parse_set_cookie("n=" + longest, now));
  EXPECT_FALSE(parse_set_cookie("nn=" + longest, now));
}

TEST(SetCookie, Attributes) {
  const set_cookie plain = parse("a=b");
  EXPECT_FALSE(plain.expires || plain.domain || plain.path || plain.secure || plain.http_only ||
               plain.same_site_none);
  const set_cookie all =
      parse("a=b;SECURE; httponly =x;Domain=.Example.ORG;path=/x y/;SameSite=NONE;unknown=1;;");
  EXPECT_TRUE(all.secure);
  EXPECT_TRUE(all.http_only);
  EXPECT_TRUE(all.same_site_none);
  EXPECT_EQ(all.domain, "example.org");
  EXPECT_EQ(all.path, "/x y/");
  EXPECT_EQ(parse("a=b; domain=x; domain=").domain, std::nullopt) << "the last one counts";
  EXPECT_EQ(parse("a=b; domain=.").domain, std::nullopt);
  EXPECT_EQ(parse("a=b; domain=..x").domain, ".x") << "matches nothing";
  EXPECT_EQ(parse("a=b; path=/x; path=y").path, std::nullopt);
  EXPECT_FALSE(parse("a=b; samesite=none; samesite=lax").same_site_none);
  const std::string path(max_cookie_attribute_bytes, '/');
  EXPECT_EQ(parse("a=b; path=" + path).path, path);
  EXPECT_EQ(parse("a=b; path=" + path + "/").path, std::nullopt);
}

TEST(SetCookie, Lifetime) {
  EXPECT_EQ(parse("a=b; max-age=60").expires, now + 60s);
  EXPECT_EQ(parse("a=b; max-age=0").expires, http_time::min());
  EXPECT_EQ(parse("a=b; max-age=-1").expires, http_time::min());
  EXPECT_EQ(parse("a=b; max-age=-99999999999999999999").expires, http_time::min());
  EXPECT_EQ(parse("a=b; max-age=99999999999999999999").expires, now + longest_cookie_life);
  for (const char* value : {"", "-", "+5", "5x", "x"}) {
    EXPECT_EQ(parse("a=b; max-age=" + std::string(value)).expires, std::nullopt) << value;
  }
  EXPECT_EQ(parse("a=b; expires=Thu, 01-Jan-1970 00:00:01 GMT").expires, http_time(1s));
  EXPECT_EQ(parse("a=b; expires=Fri, 31 Dec 9999 23:59:59 GMT").expires, now + longest_cookie_life);
  EXPECT_EQ(parse("a=b; expires=tomorrow").expires, std::nullopt);
  EXPECT_EQ(parse("a=b; max-age=60; expires=Thu, 01-Jan-1970 00:00:01 GMT").expires, now + 60s);
  EXPECT_EQ(parse("a=b; max-age=60; max-age=x").expires, now + 60s);
}

}  // namespace
}  // namespace orbweaver
