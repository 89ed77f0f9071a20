#include "common/net/resolver_names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace orbweaver {
namespace {

using testing::ElementsAre;

asio::ip::address ip(std::string_view text) { return asio::ip::make_address(text); }

TEST(ReadHost, LiteralsMeanThemselves) {
  for (std::string_view host : {"192.0.2.1", "::1", "2001:db8::1", "::ffff:10.0.0.1"}) {
    const auto meaning = read_host(host);
    ASSERT_TRUE(std::holds_alternative<asio::ip::address>(meaning)) << host;
    EXPECT_EQ(std::get<asio::ip::address>(meaning), ip(host));
  }
  EXPECT_EQ(std::get<asio::ip::address>(read_host("[::1]")), ip("::1"));
}

TEST(ReadHost, NamesAreLowerCaseWithoutTheRootsDot) {
  for (std::string_view host : {"Example.COM", "example.com", "example.com."}) {
    const auto meaning = read_host(host);
    ASSERT_TRUE(std::holds_alternative<dns_name>(meaning)) << host;
    EXPECT_EQ(std::get<dns_name>(meaning).text, "example.com");
  }
  for (std::string_view host : {"intranet", "_dmarc.example.com", "a-.example", "xn--nxasmq6b.com",
                                "1and1.com", "3com", "0x.example", "notlocalhost", "onions"}) {
    EXPECT_TRUE(std::holds_alternative<dns_name>(read_host(host))) << host;
  }
}

TEST(ReadHost, LocalhostStaysHere) {
  for (std::string_view host : {"localhost", "LOCALHOST", "localhost.", "api.localhost"}) {
    EXPECT_TRUE(std::holds_alternative<this_machine>(read_host(host))) << host;
  }
}

TEST(ReadHost, WhatNoServerShouldBeAskedNeverExists) {
  const std::string label63(63, 'a'), label64(64, 'a');
  EXPECT_TRUE(std::holds_alternative<dns_name>(read_host(label63)));
  std::string long_name;
  while (long_name.size() < 252) long_name += "a.";
  EXPECT_TRUE(std::holds_alternative<dns_name>(read_host(long_name + "a")));
  EXPECT_TRUE(std::holds_alternative<never_exists>(read_host(long_name + "aa")));
  for (const std::string& host : {std::string(),
                                  std::string("."),
                                  std::string(".."),
                                  std::string("a..b"),
                                  std::string(".a"),
                                  label64,
                                  std::string("a b"),
                                  std::string("a\0b", 3),
                                  std::string("a\\046b"),
                                  std::string("b\xc3\xbc"),
                                  std::string("a%2eb"),
                                  std::string("a:80"),
                                  std::string("127.1"),
                                  std::string("0x7f.1"),
                                  std::string("2130706433"),
                                  std::string("0x7f000001"),
                                  std::string("1.2.3.4."),
                                  std::string("1.2.3.256"),
                                  std::string("01.2.3.4"),
                                  std::string("example.0x"),
                                  std::string("fe80::1%1"),
                                  std::string("[1.2.3.4]"),
                                  std::string("[::1"),
                                  std::string("expyuzz4wqqyqhjn.onion"),
                                  std::string("a.INVALID"),
                                  std::string(100'000, '.'),
                                  std::string(100'000, 'a')}) {
    EXPECT_TRUE(std::holds_alternative<never_exists>(read_host(host))) << host.substr(0, 80);
  }
}

TEST(ParseHosts, ReadsAddressesAndNames) {
  const hosts_table table = parse_hosts(
      "127.0.0.1\tlocalhost\n"
      "::1 localhost ip6-localhost  # the loopback\r\n"
      "# 192.0.2.9 commented\n"
      "\n"
      "  192.0.2.1   Build.Example. build\n"
      "192.0.2.1 build\n"
      "192.0.2.2 build");
  EXPECT_THAT(table.at("localhost"), ElementsAre(ip("127.0.0.1"), ip("::1")));
  EXPECT_THAT(table.at("ip6-localhost"), ElementsAre(ip("::1")));
  EXPECT_THAT(table.at("build.example"), ElementsAre(ip("192.0.2.1")));
  EXPECT_THAT(table.at("build"), ElementsAre(ip("192.0.2.1"), ip("192.0.2.2")));
  EXPECT_EQ(table.size(), 4u);
}

TEST(ParseHosts, PassesOverNonsense) {
  EXPECT_TRUE(parse_hosts("").empty());
  EXPECT_TRUE(parse_hosts("localhost\nfe80::1%lo0 a\n999.1.1.1 b\n127.0.0.1\n#\n").empty());
  std::string many;
  for (int i = 0; i < 1000; ++i) {
    many += "10.0." + std::to_string(i / 256) + '.' + std::to_string(i % 256) + " a\n";
  }
  EXPECT_EQ(parse_hosts(many).at("a").size(), max_addresses_per_host);
}

TEST(LoadHosts, AMissingFileListsNothing) { EXPECT_TRUE(load_hosts("/nonexistent/hosts").empty()); }

}  // namespace
}  // namespace orbweaver
