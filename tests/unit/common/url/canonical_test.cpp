#include "common/url/canonical.hpp"

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <random>

#include "common/url/wire_target.hpp"

namespace orbweaver {
namespace {

std::string key(std::string_view text, const canonical_options& options = {}) {
  const auto u = url::parse(text);
  if (!u) return "not a URL";
  std::string scratch;
  return std::string(canonicalizer(options).key(*u, scratch));
}

TEST(Canonical, WhatIsCanonicalIsAViewOfTheUrl) {
  const canonicalizer c;
  std::string scratch;
  for (const char* text : {"https://example.com/", "http://example.com:8080/a/b.html?x=1&y=2",
                           "http://example.com/%E4%B8%AD/%2F?q=%20", "mailto:a@b",
                           "http://example.com/a?utmost=1&q=utm_source"}) {
    const url u = *url::parse(text);
    const std::string_view k = c.key(u, scratch);
    EXPECT_EQ(k, text);
    EXPECT_EQ(k.data(), u.href().data());
  }
}

TEST(Canonical, DropsWhatDoesNotTellPagesApart) {
  EXPECT_EQ(key("http://example.com/a#b"), "http://example.com/a");
  EXPECT_EQ(key("http://example.com/a?#b"), "http://example.com/a");
  EXPECT_EQ(key("http://example.com/a?"), "http://example.com/a");
  EXPECT_EQ(key("http://user:pass@example.com:81/a?b"), "http://example.com:81/a?b");
  EXPECT_EQ(key("https://user@example.com/"), "https://example.com/");
  EXPECT_EQ(key("file:%43|#a"), "file:///%43|") << "decoded it would be a drive letter";
  EXPECT_EQ(key("HTTP://EXAMPLE.com:80/%7Ea/%e4?%41=%zz"), "http://example.com/~a/%E4?A=%25zz");
}

TEST(Canonical, DropsTrackingParameters) {
  EXPECT_EQ(key("http://h/?utm_source=x"), "http://h/");
  EXPECT_EQ(key("http://h/?a=1&utm_source=x&b=2&gclid=3"), "http://h/?a=1&b=2");
  EXPECT_EQ(key("http://h/?fbclid=1&a"), "http://h/?a");
  EXPECT_EQ(key("http://h/?utm%5Fsource=x&a"), "http://h/?a");
  EXPECT_EQ(key("http://h/?utm_x&"), "http://h/");
  EXPECT_EQ(key("http://h/?utm_x&&"), "http://h/?&");
  EXPECT_EQ(key("http://h/?gclidx=1"), "http://h/?gclidx=1");
  EXPECT_EQ(key("http://h/?a=gclid&=gclid"), "http://h/?a=gclid&=gclid");
}

TEST(Canonical, TheListIsTheCallers) {
  canonical_options own;
  own.drop_parameters = {"sid", "t_*", "", "a%5Fb"};
  EXPECT_EQ(key("http://h/?sid=1&t_1=2&utm_x=3&t=4", own), "http://h/?utm_x=3&t=4");
  EXPECT_EQ(key("http://h/?a_b=1&=2", own), "http://h/?=2");
  own.drop_parameters = {
      "gr\xc3\xb6\xc3\x9f"
      "e",
      "f[x]",
      "%66[y]",
      "a b",
      "\xc3\xa9*",
      "100%"};
  EXPECT_EQ(key("http://h/?gr\xc3\xb6%c3%9fe=1&f[x]=2&f%5Bx%5D=3&f%5by]=4&z", own), "http://h/?z");
  EXPECT_EQ(key("http://h/?a%20b&%C3%A9%C3%A9=1&100%=2&100%25=3&z", own), "http://h/?z");
  EXPECT_EQ(key("http://h/?f%255Bx]=1&%C3=2", own), "http://h/?f%255Bx]=1&%C3=2");
  own.drop_parameters = {"*"};
  EXPECT_EQ(key("http://h/?a&b", own), "http://h/");
  own.drop_parameters.clear();
  EXPECT_EQ(key("http://h/?utm_x=3", own), "http://h/?utm_x=3");
  own.drop_query = true;
  EXPECT_EQ(key("http://h/p?x=3#y", own), "http://h/p");
}

TEST(Canonical, DecodingMakesNoNewEscapesOrDots) {
  EXPECT_EQ(key("http://h/%2%35"), "http://h/%2525");
  EXPECT_EQ(key("http://h/%25%34%31"), "http://h/%2541");
  EXPECT_EQ(key("http://h/%"), "http://h/%25");
  EXPECT_EQ(key("http://h/a/%2e%2e/b"), "http://h/b");
  EXPECT_EQ(key("http://h/a/%2e%2e%2e/b"), "http://h/a/.../b");
  EXPECT_EQ(key("http://h/a?%2e%2e/b"), "http://h/a?../b");
}

TEST(WireTarget, EscapesABarePercentAlone) {
  EXPECT_EQ(wire_target(*url::parse("http://h")), "/");
  EXPECT_EQ(wire_target(*url::parse("http://h/a%2eb%41?c%7e#d")), "/a%2eb%41?c%7e");
  EXPECT_EQ(wire_target(*url::parse("http://h/%.h?100%")), "/%25.h?100%25");
  EXPECT_EQ(wire_target(*url::parse("http://h/%%41%4")), "/%25%41%254");
  const url plain = *url::parse("http://h/a%20b");
  std::string scratch;
  EXPECT_EQ(wire_target(plain, scratch).data(), plain.request_target().data());
}

// The key of a key is itself, and a key is what the URL parser makes of it.
void expect_idempotent(std::string_view text, const canonicalizer& c) {
  const auto u = url::parse(text);
  if (!u) return;
  std::string first, second;
  const std::string_view once = c.key(*u, first);
  const auto again = url::parse(once);
  ASSERT_TRUE(again.has_value()) << text << " → " << once;
  EXPECT_EQ(again->href(), once) << text;
  EXPECT_EQ(c.key(*again, second), once) << text;
}

TEST(Canonical, IsIdempotentOnRandomInput) {
  std::mt19937 random(7);
  const canonicalizer c;
  constexpr std::string_view pieces[] = {"%", "2", "5", "e", "E", "4",    "1",     "a", ".", "..",
                                         "/", "?", "#", "&", "=", "utm_", "gclid", "@", ":", "\\",
                                         " ", "|", "C", "~", ";", "%25",  "%2e",   "//"};
  constexpr std::string_view starts[] = {
      "http://h/", "http://", "file:", "sc:", "sc://h", "https:"};
  for (int i = 0; i < 50'000; ++i) {
    std::string text(starts[random() % std::size(starts)]);
    for (auto n = random() % 12; n > 0; --n) text += pieces[random() % std::size(pieces)];
    expect_idempotent(text, c);
  }
}

TEST(Canonical, IsIdempotentOnTheConformanceInput) {
  const char* dir = std::getenv("ORBWEAVER_CONFORMANCE_DIR");
  const std::string path =
      (dir ? std::string(dir) : std::string(ORBWEAVER_SOURCE_DIR "/../shared/conformance")) +
      "/url/urltestdata.json";
  std::ifstream file(path);
  if (!file) GTEST_SKIP() << "no " << path;
  const canonicalizer c;
  for (const auto& test : nlohmann::json::parse(file))
    if (test.is_object()) expect_idempotent(test["input"].get<std::string>(), c);
}

}  // namespace
}  // namespace orbweaver
