#include <gtest/gtest.h>

#include "crawler/fetch/fetch.hpp"

namespace orbweaver {
namespace {

TEST(FetchProfile, OwnOriginsDifferBySchemeHostAndPort) {
  auto spec = std::make_shared<crawl_spec>();
  spec->urls = {"https://a.test/x", "http://b.test:8080/"};
  spec->cookies = {{"sid", "1"}};
  const fetch_profile profile(spec, "Bot/1");
  EXPECT_EQ(profile.own_origins,
            (std::unordered_set<std::string>{"https://a.test", "http://b.test:8080"}));
}

TEST(FetchProfile, WithoutOwnDataNoOriginIsOwn) {
  auto spec = std::make_shared<crawl_spec>();
  spec->urls = {"https://a.test/x"};
  EXPECT_TRUE(fetch_profile(spec, "Bot/1").own_origins.empty());
}

TEST(FetchProfile, ACookieHeaderIsReadAsCookies) {
  auto spec = std::make_shared<crawl_spec>();
  spec->urls = {"https://a.test/"};
  spec->cookies = {{"a", "1"}};
  spec->headers = {{"cookie", "b=2; c=3"}, {"X", "y"}};
  const fetch_profile profile(spec, "Bot/1");
  EXPECT_EQ(profile.own_cookies, (cookie_pairs{{"a", "1"}, {"b", "2"}, {"c", "3"}}));
  EXPECT_EQ(profile.own_lines, "X: y\r\n");
}

}  // namespace
}  // namespace orbweaver
