#include "common/url/url.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

url_error why_not(std::string_view input, const url* base = nullptr) {
  url u;
  url_error why = url_error::none;
  const bool good = u.assign(input, base, &why);
  EXPECT_EQ(good, why == url_error::none);
  return why;
}

std::string resolve(std::string_view link, std::string_view base) {
  const url b = *url::parse(base);
  const auto u = url::parse(link, &b);
  return u ? std::string(u->href()) : "failure";
}

TEST(Url, NamesItsParts) {
  const url u = *url::parse("HTTPS://us%65r:p:w@Example.COM:8443/a/b?c=d#e");
  EXPECT_EQ(u.href(), "https://us%65r:p%3Aw@example.com:8443/a/b?c=d#e");
  EXPECT_EQ(u.protocol(), "https:");
  EXPECT_EQ(u.username(), "us%65r");
  EXPECT_EQ(u.password(), "p%3Aw");
  EXPECT_EQ(u.host(), "example.com:8443");
  EXPECT_EQ(u.hostname(), "example.com");
  EXPECT_EQ(u.port(), "8443");
  EXPECT_EQ(u.pathname(), "/a/b");
  EXPECT_EQ(u.search(), "?c=d");
  EXPECT_EQ(u.hash(), "#e");
  EXPECT_EQ(u.origin(), "https://example.com:8443");
  EXPECT_EQ(u.href_without_fragment(), "https://us%65r:p%3Aw@example.com:8443/a/b?c=d");
  EXPECT_EQ(u.request_target(), "/a/b?c=d");
  EXPECT_EQ(u.effective_port(), 8443);
  EXPECT_TRUE(u.is_http() && u.is_https() && u.has_credentials() && u.has_query());
  EXPECT_EQ(u.kind_of_host(), host_kind::domain);
}

TEST(Url, KnowsTheSchemesOwnPorts) {
  EXPECT_EQ(url::parse("http://h")->effective_port(), 80);
  EXPECT_EQ(url::parse("https://h:443")->href(), "https://h/");
  EXPECT_EQ(url::parse("https://h:00443")->effective_port(), 443);
  EXPECT_EQ(url::parse("ws://h:65535")->effective_port(), 65535);
  EXPECT_EQ(url::parse("ftp://h:0")->port(), "0");
  EXPECT_EQ(url::parse("ftp://h:0")->effective_port(), 0);
  EXPECT_EQ(url::parse("sc://h")->effective_port(), 0);
  EXPECT_EQ(url::parse("sc://h:000")->host(), "h:0");
}

TEST(Url, KnowsTheKindOfHost) {
  EXPECT_EQ(url::parse("http://0x7f.1")->kind_of_host(), host_kind::ipv4);
  EXPECT_EQ(url::parse("http://[::1]")->kind_of_host(), host_kind::ipv6);
  EXPECT_EQ(url::parse("file:///x")->kind_of_host(), host_kind::empty);
  EXPECT_EQ(url::parse("sc://h")->kind_of_host(), host_kind::opaque);
  EXPECT_EQ(url::parse("sc://")->kind_of_host(), host_kind::empty);
  EXPECT_EQ(url::parse("mailto:x")->kind_of_host(), host_kind::none);
}

TEST(Url, BareMarksCountAsQueryAndFragmentButPrintNothing) {
  const url u = *url::parse("http://h/?#");
  EXPECT_EQ(u.href(), "http://h/?#");
  EXPECT_TRUE(u.has_query() && u.has_fragment());
  EXPECT_EQ(u.search(), "");
  EXPECT_EQ(u.hash(), "");
  EXPECT_EQ(u.request_target(), "/?");
  EXPECT_FALSE(url::parse("http://h/")->has_query());
}

TEST(Url, ResolvesLinks) {
  constexpr std::string_view base = "http://u:p@h:81/a/b/c?d#e";
  EXPECT_EQ(resolve("../x/y.html#z", base), "http://u:p@h:81/a/x/y.html#z");
  EXPECT_EQ(resolve("./././x", base), "http://u:p@h:81/a/b/x");
  EXPECT_EQ(resolve("../../../../x", base), "http://u:p@h:81/x");
  EXPECT_EQ(resolve("..", base), "http://u:p@h:81/a/");
  EXPECT_EQ(resolve(".", base), "http://u:p@h:81/a/b/");
  EXPECT_EQ(resolve("...", base), "http://u:p@h:81/a/b/...");
  EXPECT_EQ(resolve("", base), "http://u:p@h:81/a/b/c?d");
  EXPECT_EQ(resolve("?", base), "http://u:p@h:81/a/b/c?");
  EXPECT_EQ(resolve("#f", base), "http://u:p@h:81/a/b/c?d#f");
  EXPECT_EQ(resolve("//i/", base), "http://i/");
  EXPECT_EQ(resolve("\\\\i\\j", base), "http://i/j");
  EXPECT_EQ(resolve("http:x", base), "http://u:p@h:81/a/b/x");
  EXPECT_EQ(resolve("https:x", base), "https://x/");
  EXPECT_EQ(resolve("/.//x", "sc:/a"), "sc:/.//x");
  EXPECT_EQ(resolve("", "sc:/.//x"), "sc:/.//x");
}

TEST(Url, SaysWhyNot) {
  const url opaque = *url::parse("mailto:x");
  EXPECT_EQ(why_not("x"), url_error::no_scheme);
  EXPECT_EQ(why_not("x", &opaque), url_error::base_has_opaque_path);
  EXPECT_EQ(why_not("http://"), url_error::no_host);
  EXPECT_EQ(why_not("http://u@/"), url_error::no_host);
  EXPECT_EQ(why_not("http://a b/"), url_error::forbidden_host_character);
  EXPECT_EQ(why_not("http://%zz/"), url_error::forbidden_host_character);
  EXPECT_EQ(why_not("http://\xff/"), url_error::invalid_domain);
  EXPECT_EQ(why_not("http://1.2.3.256/"), url_error::invalid_ipv4);
  EXPECT_EQ(why_not("http://[::g]/"), url_error::invalid_ipv6);
  EXPECT_EQ(why_not("http://h:65536/"), url_error::invalid_port);
  EXPECT_EQ(why_not("http://h:8a/"), url_error::invalid_port);
  EXPECT_EQ(why_not("http://h/" + std::string(url::max_input, 'a')), url_error::too_long);
  for (int i = 0; i <= static_cast<int>(url_error::invalid_port); ++i)
    EXPECT_TRUE(message(static_cast<url_error>(i)).ends_with('.'));
}

TEST(Url, AFailedOneIsEmpty) {
  url u = *url::parse("http://u:p@h:81/a?b#c");
  EXPECT_FALSE(u.assign("http://"));
  EXPECT_TRUE(u.empty());
  EXPECT_EQ(u.href(), "");
  EXPECT_EQ(u.host(), "");
  EXPECT_EQ(u.request_target(), "/");
  EXPECT_EQ(why_not("x", &u), url_error::no_scheme) << "an empty base is none";
  EXPECT_TRUE(u.assign("sc:x"));
  EXPECT_FALSE(u.has_credentials());
  EXPECT_EQ(u.port(), "");
}

TEST(Url, MayBeItsOwnBaseAndItsOwnInput) {
  url u = *url::parse("http://h/a/b?c");
  EXPECT_TRUE(u.assign("../d", &u));
  EXPECT_EQ(u.href(), "http://h/d");
  EXPECT_TRUE(u.assign(u.pathname(), &u));
  EXPECT_EQ(u.href(), "http://h/d");
  const url other = *url::parse("http://other/x");
  EXPECT_TRUE(u.assign(u.pathname(), &other));
  EXPECT_EQ(u.href(), "http://other/d");
}

TEST(Url, AReusedOneAllocatesNothing) {
  const url base = *url::parse("http://www.example.com/some/longer/path/page.html?q=1");
  url u = *url::parse("http://www.example.com/some/longer/path/that/is/longer/still/than/others");
  const char* const memory = u.href().data();
  for (const char* link : {"../foo/bar.html#x", "page.html", "/w/x", "?a", "#b", "a b"}) {
    ASSERT_TRUE(u.assign(link, &base));
    EXPECT_EQ(u.href().data(), memory) << link;
  }
}

TEST(Url, OriginsThatAreNoPrefix) {
  EXPECT_EQ(url::parse("http://u:p@h/x")->origin(), "http://h");
  EXPECT_EQ(url::parse("http://u:p@h/x")->href(), "http://u:p@h/x");
  EXPECT_EQ(url::parse("blob:https://u@h:1/x")->origin(), "https://h:1");
  EXPECT_EQ(url::parse("blob: \tHTTPS://h/x")->origin(), "https://h");
  EXPECT_EQ(url::parse("blob:ftp://h/x")->origin(), "null");
  EXPECT_EQ(url::parse("blob:httpx://h/x")->origin(), "null");
  EXPECT_EQ(url::parse("blob:blob:http://h/x")->origin(), "null");
  EXPECT_EQ(url::parse("data:,x")->origin(), "null");
  url u = *url::parse("http://u:p@h/x");
  const url base = u;
  EXPECT_TRUE(u.assign("y", &base));
  EXPECT_EQ(u.href(), "http://u:p@h/y");
  EXPECT_EQ(u.origin(), "http://h");
}

TEST(Url, KeepsBytesThatAreNotUtf8) {
  EXPECT_EQ(url::parse("http://h/caf\xe9?\xe9#\xff")->href(), "http://h/caf%E9?%E9#%FF");
}

TEST(Url, TimeIsLinearInTheInput) {
  // Each of these took quadratic time in a parser that rescans; here they only must end.
  std::string dots = "http://h/";
  std::string ats = "http://";
  for (int i = 0; i < 200'000; ++i) dots += "a/../", ats += ":@";
  EXPECT_EQ(url::parse(dots)->href(), "http://h/");
  EXPECT_EQ(url::parse(ats + "h/")->hostname(), "h");
  EXPECT_FALSE(url::parse("http://" + std::string(1'000'000, '\xc3') + "/"));
  std::string blobs;
  for (int i = 0; i < 200'000; ++i) blobs += "blob:";
  EXPECT_EQ(url::parse(blobs + "http://h/")->origin(), "null");
}

}  // namespace
}  // namespace orbweaver
