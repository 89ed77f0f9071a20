#include "common/net/ip_network.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

asio::ip::address ip(std::string_view text) { return asio::ip::make_address(text); }

ip_network net(std::string_view text) { return ip_network::parse(text).value(); }

TEST(IpNetwork, HoldsTheAddressesOfItsPrefix) {
  EXPECT_TRUE(net("127.0.0.0/8").contains(ip("127.0.0.1")));
  EXPECT_TRUE(net("127.0.0.0/8").contains(ip("127.255.255.255")));
  EXPECT_FALSE(net("127.0.0.0/8").contains(ip("128.0.0.0")));
  EXPECT_TRUE(net("100.64.0.0/10").contains(ip("100.127.255.255")));
  EXPECT_FALSE(net("100.64.0.0/10").contains(ip("100.128.0.0")));
  EXPECT_TRUE(net("fe80::/10").contains(ip("febf:ffff::1")));
  EXPECT_FALSE(net("fe80::/10").contains(ip("fec0::")));
  EXPECT_TRUE(net("fe80::/10").contains(ip("fe80::1%2")));
}

TEST(IpNetwork, AnAddressAloneMeansItself) {
  EXPECT_EQ(net("10.1.2.3"), net("10.1.2.3/32"));
  EXPECT_EQ(net("::1").to_string(), "::1/128");
  EXPECT_FALSE(net("10.1.2.3").contains(ip("10.1.2.4")));
}

TEST(IpNetwork, TheEmptyPrefixHoldsItsFamilyAndNoOther) {
  EXPECT_TRUE(net("0.0.0.0/0").contains(ip("255.1.2.3")));
  EXPECT_FALSE(net("0.0.0.0/0").contains(ip("::1")));
  EXPECT_TRUE(net("::/0").contains(ip("::1")));
  EXPECT_FALSE(net("::/0").contains(ip("1.2.3.4")));
}

TEST(IpNetwork, MappedAddressesAreTheirIpv4Addresses) {
  EXPECT_TRUE(net("10.0.0.0/8").contains(ip("::ffff:10.1.1.1")));
  EXPECT_EQ(net("::ffff:10.0.0.0/104").to_string(), "10.0.0.0/8");
  EXPECT_FALSE(net("::/0").contains(ip("::ffff:10.1.1.1")));
}

TEST(IpNetwork, RefusesWhatIsNotANetwork) {
  for (std::string_view text : {"",
                                "/",
                                "/8",
                                "10",
                                "10.0.0",
                                "10.0.0.0/",
                                "10.0.0.0/33",
                                "10.0.0.0/-1",
                                "10.0.0.0/+8",
                                "10.0.0.0/08",
                                "10.0.0.0/8 ",
                                " 10.0.0.0/8",
                                "10.0.0.0/8/8",
                                "10.0.0.0/255.0.0.0",
                                "010.0.0.1",
                                "0x7f.0.0.1",
                                "256.0.0.1",
                                "::/129",
                                "::1%lo",
                                "fe80::1%1/64",
                                "[::1]",
                                "localhost",
                                "1::2::3",
                                "10.0.0.0/99999999999999999999"}) {
    EXPECT_FALSE(ip_network::parse(text).has_value()) << text;
  }
  EXPECT_FALSE(ip_network::parse(std::string_view("127.0.0.1\0", 10)).has_value());
  EXPECT_FALSE(ip_network::parse(std::string(1 << 20, '1')).has_value());
}

TEST(IpNetwork, SaysWhatIsWrong) {
  EXPECT_EQ(ip_network::parse("10.1.2.3/8").error().why(),
            "bits are set beyond the prefix; the network is 10.0.0.0/8");
  EXPECT_EQ(ip_network::parse("2001:db8::1/33").error().why(),
            "bits are set beyond the prefix; the network is 2001:db8::/33");
  EXPECT_EQ(ip_network::parse("10.0.0.0/40").error().why(),
            "the prefix length must be a whole number from 0 to 32");
  EXPECT_EQ(ip_network::parse("::/129").error().why(),
            "the prefix length must be a whole number from 0 to 128");
  EXPECT_EQ(ip_network::parse("intranet").error().why(),
            "not an IP address or network such as 10.0.0.0/8 or ::1/128");
}

}  // namespace
}  // namespace orbweaver
