#include "common/net/resolver_lookup.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

using namespace std::chrono_literals;

const clock::time_point start{};
constexpr resolver_lookup::patience patience{.budget = 5s, .other_family = 1s};

family_reply addresses(std::initializer_list<std::string_view> list, std::chrono::seconds ttl) {
  family_reply out{.kind = reply_kind::addresses, .addresses = {}, .ttl = ttl};
  for (std::string_view a : list) out.addresses.push_back(asio::ip::make_address(a));
  return out;
}

family_reply no(reply_kind kind) { return {.kind = kind, .addresses = {}, .ttl = 0s}; }

TEST(ResolverLookup, PutsBothFamiliesTogetherIpv6First) {
  resolver_lookup lookup(start, patience);
  lookup.take(ip_family::v4, addresses({"192.0.2.1", "192.0.2.2"}, 60s), start);
  EXPECT_FALSE(lookup.done(start));
  lookup.take(ip_family::v6, addresses({"2001:db8::1"}, 40s), start);
  EXPECT_TRUE(lookup.done(start));
  const dns_answer answer = lookup.answer();
  ASSERT_TRUE(answer);
  ASSERT_EQ((*answer)->size(), 3u);
  EXPECT_TRUE((*answer)->front().is_v6());
  EXPECT_EQ((*answer)->back(), asio::ip::make_address("192.0.2.2"));
  EXPECT_EQ(lookup.ttl(), 40s);
}

TEST(ResolverLookup, OneFamilyIsEnoughWhateverBecameOfTheOther) {
  for (const reply_kind other : {reply_kind::no_such_name, reply_kind::no_address,
                                 reply_kind::failed, reply_kind::timed_out}) {
    resolver_lookup lookup(start, patience);
    lookup.take(ip_family::v6, no(other), start);
    lookup.take(ip_family::v4, addresses({"192.0.2.1"}, 60s), start);
    EXPECT_TRUE(lookup.done(start));
    ASSERT_TRUE(lookup.answer());
    EXPECT_EQ(lookup.ttl(), 60s);
  }
}

TEST(ResolverLookup, WaitsForTheOtherFamilyOnlySoLong) {
  resolver_lookup lookup(start, patience);
  lookup.take(ip_family::v4, addresses({"192.0.2.1"}, 60s), start + 1s);
  EXPECT_FALSE(lookup.done(start + 1999ms));
  EXPECT_TRUE(lookup.done(start + 2s));
  EXPECT_TRUE(lookup.answer());
}

TEST(ResolverLookup, TheBudgetEndsEverything) {
  resolver_lookup silent(start, patience);
  EXPECT_FALSE(silent.done(start + 4999ms));
  EXPECT_TRUE(silent.done(start + 5s));
  EXPECT_EQ(silent.answer().error(), make_error_code(outcome::dns_timeout));

  resolver_lookup late(start, patience);
  late.take(ip_family::v4, addresses({"192.0.2.1"}, 60s), start + 4900ms);
  EXPECT_TRUE(late.done(start + 5s));
  EXPECT_TRUE(late.answer());
}

struct failure {
  reply_kind v4, v6;
  outcome expected;
};

TEST(ResolverLookup, TheReasonThatSaysMostWins) {
  using enum reply_kind;
  for (const failure f : {failure{no_such_name, no_such_name, outcome::dns_nxdomain},
                          failure{no_such_name, failed, outcome::dns_nxdomain},
                          failure{timed_out, no_such_name, outcome::dns_nxdomain},
                          failure{no_address, no_address, outcome::dns_nxdomain},
                          failure{no_address, failed, outcome::dns_failed},
                          failure{failed, failed, outcome::dns_failed},
                          failure{no_address, timed_out, outcome::dns_timeout},
                          failure{failed, timed_out, outcome::dns_timeout},
                          failure{timed_out, timed_out, outcome::dns_timeout}}) {
    resolver_lookup lookup(start, patience);
    lookup.take(ip_family::v4, no(f.v4), start);
    lookup.take(ip_family::v6, no(f.v6), start);
    EXPECT_TRUE(lookup.done(start));
    EXPECT_EQ(lookup.answer().error(), make_error_code(f.expected))
        << static_cast<int>(f.v4) << ' ' << static_cast<int>(f.v6);
  }
}

TEST(ResolverLookup, HalfAnAnswerWithoutAddressesIsATimeout) {
  resolver_lookup lookup(start, patience);
  lookup.take(ip_family::v4, no(reply_kind::no_address), start);
  EXPECT_TRUE(lookup.done(start + 5s));
  EXPECT_EQ(lookup.answer().error(), make_error_code(outcome::dns_timeout));
}

}  // namespace
}  // namespace orbweaver
