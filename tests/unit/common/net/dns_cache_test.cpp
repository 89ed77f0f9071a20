#include "common/net/dns_cache.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

using namespace std::chrono_literals;

const clock::time_point start{};

dns_answer one(std::string_view address) {
  return std::make_shared<const std::vector<asio::ip::address>>(
      std::vector{asio::ip::make_address(address)});
}

TEST(DnsCache, AnswersUntilTheTimeIsOver) {
  dns_cache cache(10);
  cache.put("example.com", one("192.0.2.1"), 100s, start);
  const dns_answer* found = cache.find("example.com", start + 99s);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->value()->front(), asio::ip::make_address("192.0.2.1"));
  EXPECT_EQ(cache.find("example.com", start + 100s), nullptr);
  EXPECT_EQ(cache.size(), 0u) << "what is over is let go";
  EXPECT_EQ(cache.find("example.org", start), nullptr);
}

TEST(DnsCache, LifetimesAreHeldWithinBounds) {
  EXPECT_EQ(dns_lifetime(one("192.0.2.1"), 0s), min_dns_lifetime);
  EXPECT_EQ(dns_lifetime(one("192.0.2.1"), 29s), min_dns_lifetime);
  EXPECT_EQ(dns_lifetime(one("192.0.2.1"), 31s), 31s);
  EXPECT_EQ(dns_lifetime(one("192.0.2.1"), 86'400s), max_dns_lifetime);
  EXPECT_EQ(dns_lifetime(one("192.0.2.1"), 604'800s), max_dns_lifetime);
}

TEST(DnsCache, FailuresAreKeptForAShortWhile) {
  EXPECT_EQ(dns_lifetime(outcome::dns_nxdomain, 3600s), nxdomain_lifetime);
  EXPECT_EQ(dns_lifetime(outcome::dns_failed, 3600s), failure_lifetime);
  EXPECT_EQ(dns_lifetime(outcome::dns_timeout, 3600s), failure_lifetime);
  dns_cache cache(10);
  cache.put("gone.example", outcome::dns_nxdomain, 3600s, start);
  ASSERT_NE(cache.find("gone.example", start + 59s), nullptr);
  EXPECT_EQ(cache.find("gone.example", start + 59s)->error(),
            make_error_code(outcome::dns_nxdomain));
  EXPECT_EQ(cache.find("gone.example", start + 60s), nullptr);
}

TEST(DnsCache, GivesUpTheLeastRecentlyUsed) {
  dns_cache cache(2);
  cache.put("a.example", one("192.0.2.1"), 60s, start);
  cache.put("b.example", one("192.0.2.2"), 60s, start);
  EXPECT_NE(cache.find("a.example", start), nullptr);
  cache.put("c.example", one("192.0.2.3"), 60s, start);
  EXPECT_EQ(cache.size(), 2u);
  EXPECT_EQ(cache.find("b.example", start), nullptr);
  EXPECT_NE(cache.find("a.example", start), nullptr);
  EXPECT_NE(cache.find("c.example", start), nullptr);
}

TEST(DnsCache, ALaterAnswerReplacesTheEarlier) {
  dns_cache cache(1);
  cache.put("a.example", one("192.0.2.1"), 60s, start);
  cache.put("a.example", one("192.0.2.2"), 600s, start);
  ASSERT_NE(cache.find("a.example", start + 500s), nullptr);
  EXPECT_EQ(cache.find("a.example", start + 500s)->value()->front(),
            asio::ip::make_address("192.0.2.2"));
}

TEST(DnsCache, StaysWithinItsCapacity) {
  dns_cache cache(100);
  for (int i = 0; i < 10'000; ++i) {
    cache.put(std::to_string(i) + ".example", one("192.0.2.1"), 60s, start);
    ASSERT_LE(cache.size(), 100u);
  }
}

}  // namespace
}  // namespace orbweaver
