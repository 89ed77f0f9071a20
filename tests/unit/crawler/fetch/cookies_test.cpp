#include "crawler/fetch/cookies.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

using namespace std::chrono_literals;

constexpr http_time now{std::chrono::seconds(1'700'000'000)};

// `https://host/path` taken apart.
cookie_url at(std::string_view url) {
  cookie_url parts;
  parts.secure = url.starts_with("https:");
  url.remove_prefix(url.find("//") + 2);
  parts.host = url.substr(0, url.find('/'));
  parts.path = url.substr(parts.host.size());
  return parts;
}

struct CookieJar : testing::Test {
  bool store(std::string_view url, std::string_view field, http_time time = now) {
    return jar.store(at(url), field, time);
  }
  std::string sent(std::string_view url, http_time time = now) {
    return jar.cookie_header(at(url), time);
  }
  cookie_jar jar;
};

TEST_F(CookieJar, SendsBackToTheSameHost) {
  EXPECT_EQ(sent("http://example.org/"), "");
  EXPECT_TRUE(store("http://example.org/", "a=1"));
  EXPECT_TRUE(store("http://example.org/", "b=2"));
  EXPECT_TRUE(store("http://example.org/", "nameless"));
  EXPECT_FALSE(store("http://example.org/", "; path=/"));
  EXPECT_EQ(sent("http://example.org/x"), "a=1; b=2; nameless");
  EXPECT_EQ(sent("https://example.org/x"), "a=1; b=2; nameless");
  EXPECT_EQ(sent("http://www.example.org/"), "") << "host only";
  EXPECT_EQ(sent("http://example.com/"), "");
  EXPECT_TRUE(store("http://example.org/", "a=3"));
  EXPECT_EQ(sent("http://example.org/"), "a=3; b=2; nameless") << "keeps its place";
  EXPECT_EQ(jar.size(), 3u);
}

TEST_F(CookieJar, DomainsReachBelowThemselves) {
  EXPECT_TRUE(store("http://www.example.org/", "a=1; Domain=example.org"));
  EXPECT_EQ(sent("http://example.org/"), "a=1");
  EXPECT_EQ(sent("http://deep.down.example.org/"), "a=1");
  EXPECT_EQ(sent("http://badexample.org/"), "");
  EXPECT_FALSE(store("http://www.example.org/", "b=1; Domain=other.org"));
  EXPECT_FALSE(store("http://example.org/", "b=1; Domain=www.example.org"));
  EXPECT_FALSE(store("http://badexample.org/", "b=1; Domain=example.org"));
  EXPECT_EQ(jar.size(), 1u);
}

TEST_F(CookieJar, PublicSuffixesCannotBeShared) {
  EXPECT_FALSE(store("http://example.co.uk/", "a=1; Domain=co.uk"));
  EXPECT_FALSE(store("http://example.org/", "a=1; Domain=org"));
  EXPECT_FALSE(store("http://me.github.io/", "a=1; Domain=github.io"));
  EXPECT_TRUE(store("http://github.io/", "a=1; Domain=github.io")) << "itself, as host only";
  EXPECT_EQ(sent("http://github.io/"), "a=1");
  EXPECT_EQ(sent("http://me.github.io/"), "");
  EXPECT_TRUE(store("http://localhost/", "a=1; Domain=localhost"));
  EXPECT_EQ(sent("http://x.localhost/"), "");
}

TEST_F(CookieJar, AddressesMatchOnlyThemselves) {
  EXPECT_TRUE(store("http://127.0.0.1/", "a=1; Domain=127.0.0.1"));
  EXPECT_TRUE(store("http://[::1]/", "b=1"));
  EXPECT_FALSE(store("http://127.0.0.1/", "c=1; Domain=0.0.1"));
  EXPECT_EQ(sent("http://127.0.0.1/"), "a=1");
  EXPECT_EQ(sent("http://[::1]/"), "b=1");
  EXPECT_EQ(sent("http://27.0.0.1/"), "");
}

TEST_F(CookieJar, PathsAreMatchedBySegment) {
  EXPECT_TRUE(store("http://example.org/dir/page", "default=1"));
  EXPECT_TRUE(store("http://example.org/dir/page", "root=1; path=/"));
  EXPECT_TRUE(store("http://example.org/dir/page", "slash=1; path=/dir/"));
  EXPECT_TRUE(store("http://example.org/dir/page", "other=1; path=/other"));
  EXPECT_TRUE(store("http://example.org/page", "top=1; path=relative"));
  EXPECT_EQ(sent("http://example.org/dir"), "default=1; root=1; top=1");
  EXPECT_EQ(sent("http://example.org/dir/x"), "slash=1; default=1; root=1; top=1")
      << "longer paths first, then older cookies";
  EXPECT_EQ(sent("http://example.org/directory"), "root=1; top=1");
  EXPECT_EQ(sent("http://example.org/other/x"), "other=1; root=1; top=1");
}

TEST_F(CookieJar, SecureCookiesTravelOverHttpsAlone) {
  EXPECT_FALSE(store("http://example.org/", "a=1; Secure"));
  EXPECT_TRUE(store("https://example.org/", "a=1; Secure"));
  EXPECT_EQ(sent("https://example.org/"), "a=1");
  EXPECT_EQ(sent("http://example.org/"), "");
  EXPECT_FALSE(store("http://example.org/", "a=2")) << "nor be hidden";
  EXPECT_FALSE(store("http://www.example.org/", "a=2; Domain=example.org"));
  EXPECT_TRUE(store("http://example.org/", "b=2"));
  EXPECT_TRUE(store("https://example.org/", "a=3"));
  EXPECT_FALSE(store("https://example.org/", "c=1; SameSite=None"));
  EXPECT_TRUE(store("https://example.org/", "c=1; SameSite=None; Secure"));
}

TEST_F(CookieJar, PrefixesMustKeepTheirPromise) {
  EXPECT_FALSE(store("https://example.org/", "__Secure-a=1"));
  EXPECT_TRUE(store("https://example.org/", "__Secure-a=1; Secure"));
  EXPECT_FALSE(store("http://example.org/", "__secure-a=1"));
  EXPECT_TRUE(store("https://example.org/", "__Host-a=1; Secure; Path=/"));
  EXPECT_FALSE(store("https://example.org/", "__Host-b=1; Secure"));
  EXPECT_FALSE(store("https://example.org/", "__Host-b=1; Path=/"));
  EXPECT_FALSE(store("https://example.org/", "__host-b=1; Secure; Path=/; Domain=example.org"));
  EXPECT_FALSE(store("https://example.org/", "=__Host-b=1; Secure; Path=/"));
  EXPECT_FALSE(store("https://example.org/", "__Secure-b; Secure"));
}

TEST_F(CookieJar, CookiesEndWithTheirTime) {
  EXPECT_TRUE(store("http://example.org/", "a=1; Max-Age=60"));
  EXPECT_EQ(sent("http://example.org/", now + 59s), "a=1");
  EXPECT_EQ(sent("http://example.org/", now + 60s), "");
  EXPECT_EQ(jar.size(), 0u);
  EXPECT_TRUE(store("http://example.org/", "b=1"));
  EXPECT_EQ(sent("http://example.org/", now + longest_cookie_life * 2), "b=1");
  EXPECT_TRUE(store("http://example.org/", "b=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"));
  EXPECT_EQ(sent("http://example.org/"), "");
  EXPECT_EQ(jar.size(), 0u);
  EXPECT_TRUE(store("http://example.org/", "never=1; Max-Age=0"));
  EXPECT_EQ(jar.size(), 0u);
}

TEST_F(CookieJar, IsLimitedPerDomain) {
  jar = cookie_jar({.per_domain = 3});
  EXPECT_TRUE(store("https://example.org/", "old=1; Secure"));
  EXPECT_TRUE(store("https://example.org/", "a=1; path=/a"));
  EXPECT_TRUE(store("https://example.org/", "b=1; path=/b"));
  EXPECT_EQ(sent("http://example.org/a"), "a=1") << "used more lately than b";
  EXPECT_TRUE(store("https://example.org/", "c=1"));
  EXPECT_EQ(jar.size(), 3u);
  EXPECT_EQ(sent("https://example.org/b"), "old=1; c=1");
  EXPECT_EQ(sent("https://example.org/a"), "a=1; old=1; c=1");
}

TEST_F(CookieJar, IsLimitedInAll) {
  jar = cookie_jar({.total = 3});
  for (const char* url : {"http://a.org/", "http://b.org/", "http://c.org/", "http://d.org/"}) {
    EXPECT_TRUE(store(url, "x=1"));
  }
  EXPECT_EQ(jar.size(), 3u);
  EXPECT_EQ(sent("http://a.org/"), "");
  EXPECT_EQ(sent("http://b.org/"), "x=1");
  EXPECT_TRUE(store("http://c.org/", "x=2; Max-Age=5"));
  EXPECT_TRUE(store("http://e.org/", "x=1", now + 10s));
  EXPECT_EQ(sent("http://d.org/"), "x=1") << "an expired one made room";
  EXPECT_EQ(jar.size(), 3u);
}

TEST_F(CookieJar, TheHeaderIsLimited) {
  jar = cookie_jar({.header_bytes = 20});
  EXPECT_TRUE(store("http://example.org/", "a=123456"));
  EXPECT_TRUE(store("http://example.org/", "b=12345678901234567890"));
  EXPECT_TRUE(store("http://example.org/", "c=1"));
  EXPECT_EQ(sent("http://example.org/"), "a=123456; c=1");
}

}  // namespace
}  // namespace orbweaver
