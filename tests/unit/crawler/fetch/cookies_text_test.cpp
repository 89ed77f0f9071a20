#include <gtest/gtest.h>

#include "crawler/fetch/cookies.hpp"

namespace orbweaver {
namespace {

using namespace std::chrono_literals;

constexpr http_time now{1'700'000'000s};
constexpr cookie_url home{true, "www.example.org", "/shop/list"};

cookie_jar filled() {
  cookie_jar jar;
  EXPECT_TRUE(jar.store(home, "b=2; Path=/", now));
  EXPECT_TRUE(jar.store(home, "a=1; Path=/; Secure", now));
  EXPECT_TRUE(jar.store(home, "short\t one=x y; Max-Age=60; Domain=example.org", now));
  EXPECT_TRUE(jar.store(home, "nameless", now));
  return jar;
}

TEST(CookiesText, AJarComesBackAsItWas) {
  cookie_jar jar = filled();
  const std::string text = jar.serialize();
  auto back = cookie_jar::restore(text);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->serialize(), text);
  EXPECT_EQ(back->size(), 4u);
  EXPECT_EQ(back->cookie_header(home, now), jar.cookie_header(home, now));
  EXPECT_EQ(back->cookie_header({false, "www.example.org", "/"}, now), "b=2") << "secure ones stay";
  EXPECT_EQ(back->cookie_header({true, "example.org", "/shop/"}, now), "short\t one=x y");
  EXPECT_EQ(back->cookie_header({true, "example.org", "/shop/"}, now + 60s), "") << "expired";
  EXPECT_TRUE(back->store(home, "later=1; Path=/", now));
  EXPECT_TRUE(back->cookie_header(home, now).ends_with("later=1")) << "the newest comes last";
}

TEST(CookiesText, AnEmptyJarIsOne) {
  const auto back = cookie_jar::restore(cookie_jar().serialize());
  ASSERT_TRUE(back);
  EXPECT_TRUE(back->empty());
}

TEST(CookiesText, OtherTextsAreRefused) {
  const std::string text = filled().serialize();
  for (std::size_t cut = 0; cut < text.size(); ++cut) {
    const auto part = cookie_jar::restore(text.substr(0, cut));
    EXPECT_TRUE(!part || part->size() < 4) << cut;
  }
  EXPECT_FALSE(cookie_jar::restore("") || cookie_jar::restore("cookies 2\n"));
  const auto with = [](const std::string& numbers) {
    return cookie_jar::restore("cookies 1\nd\nn\nv\n/\n" + numbers).has_value();
  };
  EXPECT_TRUE(with("-\n1\n2\n3\n"));
  EXPECT_FALSE(with("x\n1\n2\n3\n") || with("\n1\n2\n3\n") || with("-\n-1\n2\n3\n") ||
               with("-\n1\n2x\n3\n") || with("-\n1\n2\n4\n") || with("-\n1\n2\n3"));
}

TEST(CookiesText, LimitsHoldForWhatIsReadBack) {
  const std::string text = filled().serialize();
  EXPECT_TRUE(cookie_jar::restore(text, {.per_domain = 3, .total = 4}));
  EXPECT_FALSE(cookie_jar::restore(text, {.per_domain = 2, .total = 4}));
  EXPECT_FALSE(cookie_jar::restore(text, {.per_domain = 3, .total = 3}));
  EXPECT_FALSE(cookie_jar::restore("cookies 1\nd\nn\n" + std::string(max_cookie_bytes, 'v') +
                                   "\n/\n-\n1\n2\n3\n"));
}

}  // namespace
}  // namespace orbweaver
