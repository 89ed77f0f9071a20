#include "common/net/address_policy.hpp"

#include <gtest/gtest.h>
#include <set>

namespace orbweaver {
namespace {

asio::ip::address ip(std::string_view text) { return asio::ip::make_address(text); }

address_policy allowing(std::initializer_list<std::string_view> networks) {
  std::vector<ip_network> out;
  for (std::string_view n : networks) out.push_back(ip_network::parse(n).value());
  return address_policy(std::move(out));
}

const address_policy strict;

TEST(AddressPolicy, OrdinaryAddressesMayBeDialled) {
  for (std::string_view a :
       {"1.1.1.1",         "8.8.8.8",         "9.255.255.255",   "11.0.0.0",
        "100.63.255.255",  "100.128.0.0",     "126.255.255.255", "128.0.0.0",
        "168.63.129.15",   "169.253.255.255", "172.15.255.255",  "172.32.0.0",
        "191.255.255.255", "192.0.1.0",       "192.0.3.0",       "192.167.255.255",
        "192.169.0.0",     "198.17.255.255",  "198.20.0.0",      "223.255.255.255",
        "2606:4700::1111", "2a00:1450::8b",   "2001:200::1",     "2001:4860:4860::8888",
        "2003::1",         "3ffe::1"}) {
    EXPECT_TRUE(strict.allows(ip(a))) << a << ": " << strict.why_not(ip(a));
    EXPECT_EQ(strict.why_not(ip(a)), "") << a;
  }
}

TEST(AddressPolicy, SpecialAddressesMayNot) {
  for (std::string_view a : {"0.0.0.0",
                             "0.1.2.3",
                             "10.0.0.0",
                             "10.255.255.255",
                             "100.64.0.1",
                             "100.100.100.200",
                             "127.0.0.1",
                             "127.255.255.255",
                             "168.63.129.16",
                             "169.254.169.254",
                             "172.16.0.1",
                             "172.31.255.255",
                             "192.0.0.1",
                             "192.0.0.192",
                             "192.0.2.1",
                             "192.88.99.1",
                             "192.168.1.1",
                             "198.18.0.1",
                             "198.19.255.255",
                             "198.51.100.1",
                             "203.0.113.1",
                             "224.0.0.1",
                             "239.255.255.255",
                             "240.0.0.1",
                             "255.255.255.255",
                             "::",
                             "::1",
                             "100::1",
                             "64:ff9b:1::1",
                             "2001:2::1",
                             "2001:10::1",
                             "2001:db8::1",
                             "2001:1ff::1",
                             "3fff::1",
                             "5f00::1",
                             "fc00::1",
                             "fdff::1",
                             "fd00:ec2::254",
                             "fe80::1",
                             "fe80::1%1",
                             "fec0::1",
                             "ff02::1",
                             "4000::1",
                             "1fff::1",
                             "::2",
                             "ffff::1",
                             "::ffff:0:1.2.3.4"}) {
    EXPECT_FALSE(strict.allows(ip(a))) << a;
    EXPECT_NE(strict.why_not(ip(a)), "") << a;
  }
}

TEST(AddressPolicy, ExceptionsInsideSpecialBlocksMay) {
  for (std::string_view a : {"192.0.0.9", "192.0.0.10", "2001:1::1", "2001:1::2", "2001:3::1",
                             "2001:4:112::1", "2001:20::1", "2001:30::1"}) {
    EXPECT_TRUE(strict.allows(ip(a))) << a;
  }
}

TEST(AddressPolicy, CarriedIpv4AddressesDecide) {
  EXPECT_FALSE(strict.allows(ip("::ffff:127.0.0.1")));
  EXPECT_TRUE(strict.allows(ip("::ffff:8.8.8.8")));
  EXPECT_FALSE(strict.allows(ip("::10.0.0.1")));
  EXPECT_TRUE(strict.allows(ip("::8.8.8.8")));
  EXPECT_FALSE(strict.allows(ip("64:ff9b::a9fe:a9fe")));
  EXPECT_TRUE(strict.allows(ip("64:ff9b::808:808")));
  EXPECT_FALSE(strict.allows(ip("2002:7f00:1::1")));
  EXPECT_TRUE(strict.allows(ip("2002:808:808::1")));
}

TEST(AddressPolicy, TeredoCarriesTwo) {
  // Server 8.8.8.8 or 10.8.8.8; client 9.9.9.9 or 10.9.9.9, inverted.
  EXPECT_TRUE(strict.allows(ip("2001:0:808:808::f6f6:f6f6")));
  EXPECT_FALSE(strict.allows(ip("2001:0:a08:808::f6f6:f6f6")));
  EXPECT_FALSE(strict.allows(ip("2001:0:808:808::f5f6:f6f6")));
  const address_policy some = allowing({"10.0.0.0/8"});
  EXPECT_TRUE(some.allows(ip("2001:0:a08:808::f5f6:f6f6")));
}

TEST(AddressPolicy, AZoneMakesAnyAddressLocal) {
  EXPECT_FALSE(strict.allows(ip("2606:4700::1111%1")));
  EXPECT_NE(strict.why_not(ip("2606:4700::1111%1")).find("interface"), std::string::npos);
  EXPECT_TRUE(allowing({"fe80::/10"}).allows(ip("fe80::1%1")));
}

TEST(AddressPolicy, TheAllowListOpensExactlyWhatItNames) {
  const address_policy local = allowing({"127.0.0.0/8", "::1/128"});
  EXPECT_TRUE(local.allows(ip("127.0.0.1")));
  EXPECT_TRUE(local.allows(ip("::1")));
  EXPECT_TRUE(local.allows(ip("::ffff:127.0.0.1")));
  EXPECT_TRUE(local.allows(ip("64:ff9b::7f00:1")));
  EXPECT_FALSE(local.allows(ip("::2")));
  EXPECT_FALSE(local.allows(ip("10.0.0.1")));
  EXPECT_TRUE(local.allows(ip("8.8.8.8")));
  EXPECT_TRUE(allowing({"64:ff9b:1::/48"}).allows(ip("64:ff9b:1::1")));
}

TEST(AddressPolicy, SaysWhy) {
  EXPECT_EQ(strict.why_not(ip("10.1.2.3")),
            "10.1.2.3 is not globally routable: private use (RFC 1918)");
  EXPECT_EQ(
      strict.why_not(ip("2002:0a01:0203::1")),
      "2002:a01:203::1 (6to4) would reach another address: 10.1.2.3 is not globally routable: "
      "private use (RFC 1918)");
}

TEST(AddressPolicy, OneRefusedAnswerRefusesThemAll) {
  const std::vector<asio::ip::address> mixed{ip("8.8.8.8"), ip("192.168.0.1"), ip("2606::1")};
  EXPECT_EQ(strict.check_all(mixed).error(), make_error_code(outcome::blocked_address));
  EXPECT_EQ(strict.first_refused(mixed), ip("192.168.0.1"));
  EXPECT_TRUE(allowing({"192.168.0.0/16"}).check_all(mixed).has_value());
  EXPECT_TRUE(strict.check_all(std::vector<asio::ip::address>{ip("8.8.8.8")}).has_value());
  EXPECT_TRUE(strict.check_all({}).has_value());
}

TEST(SpecialBlocks, EveryRowIsANetworkNamedOnceWithItsSource) {
  std::set<std::string> seen;
  for (const special_block& b : special_blocks()) {
    const auto parsed = ip_network::parse(b.network);
    ASSERT_TRUE(parsed.has_value()) << b.network << ": " << parsed.error().why();
    EXPECT_TRUE(seen.insert(parsed->to_string()).second) << b.network;
    EXPECT_FALSE(b.purpose.empty() || b.source.empty()) << b.network;
  }
}

}  // namespace
}  // namespace orbweaver
