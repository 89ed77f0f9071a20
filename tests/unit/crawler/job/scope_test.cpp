#include "crawler/job/scope.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

crawl_spec spec_of(scope_kind kind, std::vector<std::string> seeds) {
  crawl_spec spec;
  spec.urls = std::move(seeds);
  spec.scope = kind;
  return spec;
}

url parsed(const std::string& text) {
  auto u = url::parse(text);
  if (!u) throw std::invalid_argument(text);
  return *u;
}

// The fate's name, or "" for a URL that belongs to the crawl.
std::string fate(const scope::verdict& v) { return v.fate ? std::string(name(*v.fate)) : ""; }
std::string fate(const scope& s, const std::string& text, std::uint32_t depth = 1) {
  return fate(s.check(parsed(text), depth));
}

TEST(Scope, HostIsTheHostWithItsPort) {
  const scope s(spec_of(scope_kind::host, {"http://a.example:8080/x/", "http://b.example/"}));
  EXPECT_EQ(fate(s, "http://a.example:8080/"), "");
  EXPECT_EQ(fate(s, "https://a.example:8080/y"), "");
  EXPECT_EQ(fate(s, "http://a.example/"), "out_of_scope");
  EXPECT_EQ(fate(s, "http://a.example:8081/"), "out_of_scope");
  EXPECT_EQ(fate(s, "http://www.b.example/"), "out_of_scope");
  EXPECT_EQ(fate(s, "http://B.EXAMPLE/"), "");
}

TEST(Scope, TheDefaultPortsOfHttpAndHttpsAreTheSameHost) {
  const scope s(spec_of(scope_kind::host, {"http://a.example/"}));
  EXPECT_EQ(fate(s, "https://a.example/"), "");
  EXPECT_EQ(fate(s, "https://a.example:443/"), "");
  EXPECT_EQ(fate(s, "http://a.example:80/"), "");
  EXPECT_EQ(fate(s, "http://a.example:443/"), "out_of_scope");
}

TEST(Scope, DomainIsTheRegistrableOne) {
  const scope s(spec_of(scope_kind::domain, {"http://www.shop.example.co.uk/a",
                                             "http://me.github.io/", "http://127.0.0.1:81/"}));
  EXPECT_EQ(fate(s, "https://example.co.uk:8443/"), "");
  EXPECT_EQ(fate(s, "http://a.b.example.co.uk/"), "");
  EXPECT_EQ(fate(s, "http://example.co.uk./"), "");
  EXPECT_EQ(fate(s, "http://other.co.uk/"), "out_of_scope");
  EXPECT_EQ(fate(s, "http://you.github.io/"), "out_of_scope");
  EXPECT_EQ(fate(s, "http://127.0.0.1/"), "");
  EXPECT_EQ(fate(s, "http://127.0.0.2/"), "out_of_scope");
}

TEST(Scope, PathIsWhatLiesBelowTheSeedsDirectory) {
  const scope s(spec_of(scope_kind::path, {"http://a.example/docs/v1/index.html",
                                           "http://a.example/blog/", "http://b.example/top"}));
  EXPECT_EQ(fate(s, "http://a.example/docs/v1/"), "");
  EXPECT_EQ(fate(s, "https://a.example/docs/v1/deep/er?q"), "");
  EXPECT_EQ(fate(s, "http://a.example/docs/v1"), "out_of_scope");
  EXPECT_EQ(fate(s, "http://a.example/docs/v10/"), "out_of_scope");
  EXPECT_EQ(fate(s, "http://a.example/docs/v1/../v2/"), "out_of_scope");
  EXPECT_EQ(fate(s, "http://a.example/blog/1"), "");
  EXPECT_EQ(fate(s, "http://a.example:81/blog/1"), "out_of_scope");
  EXPECT_EQ(fate(s, "http://b.example/anything"), "");
}

TEST(Scope, DirectoriesAreOneHoweverTheyAreEscaped) {
  const scope s(spec_of(scope_kind::path, {"http://a.example/%7Eann/", "http://b.example/~bob/x",
                                           "http://c.example/caf%c3%a9/%2f/"}));
  EXPECT_EQ(fate(s, "http://a.example/~ann/1"), "");
  EXPECT_EQ(fate(s, "http://a.example/%7eann/1"), "");
  EXPECT_EQ(fate(s, "http://b.example/%7Ebob/2"), "");
  EXPECT_EQ(fate(s, "http://b.example/~bo%62/2"), "");
  EXPECT_EQ(fate(s, "http://c.example/caf\xc3\xa9/%2F/3"), "");
  EXPECT_EQ(fate(s, "http://c.example/caf%C3%A9///3"), "out_of_scope") << "'/' and %2F differ";
  EXPECT_EQ(fate(s, "http://a.example/~anna/1"), "out_of_scope");
}

TEST(Scope, ADirectoryMayLieInAnother) {
  for (const auto& seeds :
       {std::vector<std::string>{"http://h/a/", "http://h/a/b/", "http://h/a!/"},
        std::vector<std::string>{"http://h/a/b/", "http://h/a!/", "http://h/a/",
                                 "http://h/a/b/c/"}}) {
    const scope s(spec_of(scope_kind::path, seeds));
    EXPECT_EQ(fate(s, "http://h/a/x"), "");
    EXPECT_EQ(fate(s, "http://h/a/b/x"), "");
    EXPECT_EQ(fate(s, "http://h/a/b/c/x"), "");
    EXPECT_EQ(fate(s, "http://h/a/zzz/"), "");
    EXPECT_EQ(fate(s, "http://h/a!/x"), "");
    EXPECT_EQ(fate(s, "http://h/b"), "out_of_scope");
    EXPECT_EQ(fate(s, "http://h:1/a/x"), "out_of_scope");
    EXPECT_EQ(fate(s, "http://g/a/x"), "out_of_scope");
  }
}

TEST(Scope, AnyTakesAllOfHttpAndListNothingButSeeds) {
  const scope any(spec_of(scope_kind::any, {"http://a.example/"}));
  EXPECT_EQ(fate(any, "https://elsewhere.example:1234/x"), "");
  EXPECT_EQ(fate(any, "ftp://a.example/"), "unsupported_scheme");
  EXPECT_EQ(fate(any, "mailto:a@a.example"), "unsupported_scheme");
  const scope list(spec_of(scope_kind::list, {"http://a.example/"}));
  EXPECT_EQ(fate(list, "http://a.example/"), "out_of_scope");
  EXPECT_EQ(fate(list, "http://a.example/", 0), "");
}

TEST(Scope, PatternsAreSoughtInPathAndQuery) {
  crawl_spec spec = spec_of(scope_kind::any, {"http://a.example/"});
  spec.include_paths = {"^/blog/", "\\?page=\\d+$"};
  spec.exclude_paths = {"draft", "^/blog/old"};
  const scope s(spec);
  EXPECT_EQ(fate(s, "http://a.example/blog/1"), "");
  EXPECT_EQ(fate(s, "http://a.example/list?page=12"), "");
  EXPECT_EQ(fate(s, "http://a.example/list?page=x"), "not_included_by_pattern");
  EXPECT_EQ(fate(s, "http://blog.example/"), "not_included_by_pattern");
  const auto excluded = s.check(parsed("http://a.example/blog/old/1"), 1);
  EXPECT_EQ(fate(excluded), "excluded_by_pattern");
  EXPECT_EQ(excluded.reason, "^/blog/old");
  EXPECT_EQ(fate(s, "http://draft.example/blog/1"), "") << "the host is not looked at";
  EXPECT_EQ(fate(s, "http://a.example/blog/1#draft"), "") << "nor the fragment";
}

TEST(Scope, PatternsAreSoughtInTheWholeUrlOnDemand) {
  crawl_spec spec = spec_of(scope_kind::any, {"http://a.example/"});
  spec.regex_on_full_url = true;
  spec.include_paths = {"^https://"};
  spec.exclude_paths = {"//draft\\.", "#"};
  const scope s(spec);
  EXPECT_EQ(fate(s, "http://a.example/"), "not_included_by_pattern");
  EXPECT_EQ(fate(s, "https://a.example/#top"), "") << "fragments are no part of it";
  EXPECT_EQ(fate(s, "https://draft.example/"), "excluded_by_pattern");
}

TEST(Scope, SeedsAreHeldToExcludePathsOnly) {
  crawl_spec spec = spec_of(scope_kind::host, {"http://a.example/"});
  spec.include_paths = {"^/blog/"};
  spec.exclude_paths = {"^/private"};
  spec.max_depth = 0;
  const scope s(spec);
  EXPECT_EQ(fate(s, "http://elsewhere.example/x", 0), "");
  EXPECT_EQ(fate(s, "http://a.example/private", 0), "excluded_by_pattern");
}

TEST(Scope, DepthIsLookedAtLast) {
  crawl_spec spec = spec_of(scope_kind::host, {"http://a.example/"});
  spec.exclude_paths = {"^/private"};
  spec.max_depth = 2;
  const scope s(spec);
  EXPECT_EQ(fate(s, "http://a.example/x", 2), "");
  EXPECT_EQ(fate(s, "http://a.example/x", 3), "too_deep");
  EXPECT_EQ(s.check(parsed("http://a.example/x"), 3).reason, "maxDepth is 2");
  EXPECT_EQ(fate(s, "http://b.example/x", 3), "out_of_scope");
  EXPECT_EQ(fate(s, "http://a.example/private", 3), "excluded_by_pattern");
}

TEST(Scope, RedirectsAreHeldToPlaceAndPatternsButNotToDepth) {
  crawl_spec spec = spec_of(scope_kind::host, {"http://a.example/"});
  spec.include_paths = {"^/blog/"};
  spec.exclude_paths = {"^/private"};
  spec.max_depth = 0;
  const scope s(spec);
  const auto redirect = [&](const std::string& to, std::uint32_t depth) {
    return fate(s.check_redirect(parsed(to), depth));
  };
  EXPECT_EQ(redirect("http://a.example/blog/", 1), "");
  EXPECT_EQ(redirect("http://a.example/en/", 1), "not_included_by_pattern");
  EXPECT_EQ(redirect("http://a.example/en/", 0), "") << "as the seed itself";
  EXPECT_EQ(redirect("http://a.example/private", 0), "excluded_by_pattern");
  EXPECT_EQ(redirect("http://b.example/blog/", 0), "out_of_scope");
  EXPECT_EQ(redirect("ftp://a.example/blog/", 1), "unsupported_scheme");
}

TEST(Scope, TheRedirectsOfAListLeadAnywhereButPatternsHold) {
  crawl_spec spec = spec_of(scope_kind::list, {"http://a.example/"});
  spec.exclude_paths = {"^/private"};
  const scope s(spec);
  EXPECT_EQ(fate(s.check_redirect(parsed("http://b.example/x"), 0)), "");
  EXPECT_EQ(fate(s.check_redirect(parsed("http://b.example/private"), 0)), "excluded_by_pattern");
}

TEST(Scope, FollowsASeedWithinItsSite) {
  scope host(spec_of(scope_kind::host, {"http://example.com/"}));
  EXPECT_FALSE(host.follow_seed(parsed("http://example.com/"), parsed("http://example.org/")));
  EXPECT_FALSE(host.follow_seed(parsed("http://example.com/"), parsed("ftp://example.com/")));
  EXPECT_EQ(fate(host, "http://www.example.com/x"), "out_of_scope");
  EXPECT_TRUE(host.follow_seed(parsed("http://example.com/"), parsed("https://www.example.com/")));
  EXPECT_EQ(fate(host, "http://www.example.com/x"), "");
  EXPECT_EQ(fate(host, "http://example.com/x"), "") << "where it came from stays in";
  EXPECT_EQ(fate(host, "http://cdn.example.com/x"), "out_of_scope");

  scope path(spec_of(scope_kind::path, {"http://example.com/docs/"}));
  EXPECT_FALSE(path.follow_seed(parsed("http://example.com/docs/"), parsed("http://example.com/")))
      << "another directory of the host is what the scope keeps out";
  EXPECT_TRUE(path.follow_seed(parsed("http://example.com/docs/"),
                               parsed("http://www.example.com/docs/en/start")));
  EXPECT_EQ(fate(path, "http://www.example.com/docs/fr/2"), "");
  EXPECT_EQ(fate(path, "http://www.example.com/other/"), "out_of_scope");
}

}  // namespace
}  // namespace orbweaver
