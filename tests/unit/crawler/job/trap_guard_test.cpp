#include "crawler/job/trap_guard.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

// Judges, and counts what passes, as a crawl does.
struct TrapGuard : testing::Test {
  std::string fate(const std::string& text) {
    if (!guard) guard.emplace(spec);
    const auto u = url::parse(text);
    auto verdict = guard->check(*u);
    if (!verdict.fate) guard->add(*u);
    reason = verdict.reason;
    return verdict.fate ? std::string(name(*verdict.fate)) : "";
  }
  std::string repeated(const std::string& part, int times) {
    std::string out = "http://a.test";
    for (int i = 0; i < times; ++i) out += part;
    return out;
  }
  crawl_spec spec;
  std::optional<trap_guard> guard;
  std::string reason;
};

TEST_F(TrapGuard, LongUrls) {
  const std::string longest = "http://a.test/" + std::string(2048 - 14, 'x');
  EXPECT_EQ(fate(longest), "");
  EXPECT_EQ(fate(longest + "x"), "url_too_long");
  EXPECT_EQ(reason, "maxUrlLength is 2048");
  EXPECT_EQ(fate(longest + "#fragment"), "");
}

TEST_F(TrapGuard, DeepPaths) {
  spec.max_path_depth = 3;
  EXPECT_EQ(fate("http://a.test/1/2/3"), "");
  EXPECT_EQ(fate("http://a.test/1/2/3/"), "") << "nothing stands behind the slash";
  EXPECT_EQ(fate("http://a.test/1/2/3/4"), "path_too_deep");
  EXPECT_EQ(reason, "maxPathDepth is 3");
  EXPECT_EQ(fate("http://a.test/1?x=/2/3/4/5/6"), "");
  EXPECT_EQ(fate("http://a.test////"), "");
  EXPECT_EQ(fate("http://a.test/////"), "path_too_deep");
}

TEST_F(TrapGuard, RepeatedSegments) {
  EXPECT_EQ(fate(repeated("/a/b", 4)), "");
  EXPECT_EQ(fate(repeated("/a/b", 4) + "/a"), "repeated_segments");
  EXPECT_EQ(reason, "maxRepeatedSegments is 4");
  EXPECT_EQ(fate(repeated("/a/b/c", 4) + "/A/aa/a%20"), "") << "others than these";
  EXPECT_EQ(fate("http://a.test/x/a/y/a/z/a/u/a/v/a"), "repeated_segments");
  spec.max_repeated_segments = 1;
  guard.reset();
  EXPECT_EQ(fate("http://a.test/a/b"), "");
  EXPECT_EQ(fate("http://a.test/a/a"), "repeated_segments");
}

TEST_F(TrapGuard, QueriesOfAPath) {
  spec.max_query_variants = 2;
  EXPECT_EQ(fate("http://a.test/p?1"), "");
  EXPECT_EQ(fate("http://a.test/p"), "") << "no query is no variant";
  EXPECT_EQ(fate("http://a.test/p?2"), "");
  EXPECT_EQ(fate("http://a.test/p?3"), "too_many_query_variants");
  EXPECT_EQ(reason, "maxQueryVariants is 2");
  EXPECT_EQ(fate("http://a.test/q?3"), "");
  EXPECT_EQ(fate("https://a.test/p?3"), "");
  EXPECT_EQ(fate("http://a.test/p"), "");
}

TEST_F(TrapGuard, WithLittleMemoryWhatIsFrequentIsStillCounted) {
  spec.max_query_variants = 20;
  guard.emplace(spec);
  guard->set_capacity(0);
  std::string last;
  for (int i = 0; i < 5000; ++i) {
    EXPECT_EQ(fate("http://a.test/once/" + std::to_string(i) + "?x"), "");
    last = fate("http://a.test/calendar?day=" + std::to_string(i));
  }
  EXPECT_EQ(last, "too_many_query_variants");
}

TEST_F(TrapGuard, HostsOfADomain) {
  spec.max_subdomains = 2;
  EXPECT_EQ(fate("http://a.site.co.uk/"), "");
  EXPECT_EQ(fate("http://b.site.co.uk/"), "");
  EXPECT_EQ(fate("http://c.site.co.uk/"), "too_many_subdomains");
  EXPECT_EQ(reason, "maxSubdomains is 2");
  EXPECT_EQ(fate("https://a.site.co.uk/more"), "") << "a host known before";
  EXPECT_EQ(fate("http://a.other.co.uk/"), "");
}

TEST_F(TrapGuard, PortsOfAHostAreHostsOfTheirOwn) {
  spec.max_subdomains = 2;
  EXPECT_EQ(fate("http://site.test:8001/"), "");
  EXPECT_EQ(fate("http://site.test:8002/"), "");
  EXPECT_EQ(fate("http://site.test:8003/"), "too_many_subdomains");
  EXPECT_EQ(fate("http://[2001:db8::1]:8001/"), "");
  EXPECT_EQ(fate("http://[2001:db8::1]:8002/"), "");
  EXPECT_EQ(fate("http://[2001:db8::1]:8003/"), "too_many_subdomains");
}

TEST_F(TrapGuard, PagesOfAHost) {
  EXPECT_TRUE(trap_guard(spec).takes_page("a.test")) << "no cap of its own unless asked for";
  spec.max_pages_per_host = 2;
  trap_guard limited(spec);
  EXPECT_TRUE(limited.takes_page("a.test"));
  EXPECT_TRUE(limited.takes_page("a.test"));
  EXPECT_FALSE(limited.takes_page("a.test"));
  EXPECT_TRUE(limited.takes_page("b.test"));
  limited.give_back("a.test");
  EXPECT_TRUE(limited.takes_page("a.test"));
  EXPECT_FALSE(limited.takes_page("a.test"));
}

}  // namespace
}  // namespace orbweaver
