#include "server/commands/service_address.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

TEST(ServiceAddress, IsTakenApart) {
  const service_address plain = parse_service_address("http://127.0.0.1:8080").value();
  EXPECT_FALSE(plain.tls);
  EXPECT_EQ(plain.host, "127.0.0.1");
  EXPECT_EQ(plain.port, 8080);
  EXPECT_EQ(plain.authority, "127.0.0.1:8080");
  EXPECT_EQ(plain.base, "");

  const service_address secure = parse_service_address("https://Crawler.Example/a/b//").value();
  EXPECT_TRUE(secure.tls);
  EXPECT_EQ(secure.port, 443);
  EXPECT_EQ(secure.authority, "crawler.example");
  EXPECT_EQ(secure.base, "/a/b");
  EXPECT_EQ(to_string(secure), "https://crawler.example/a/b");
}

TEST(ServiceAddress, OfIpv6HasBracketsInItsFieldAlone) {
  const service_address at = parse_service_address("http://[::1]:9000/").value();
  EXPECT_EQ(at.host, "::1");
  EXPECT_EQ(at.authority, "[::1]:9000");
}

TEST(ServiceAddress, IsNothingButAnAddress) {
  for (const char* text : {"", "localhost:8080", "ftp://a/", "http://", "http://u:p@a/",
                           "http://a/?b", "http://a/#b", "http://a b/"})
    EXPECT_FALSE(parse_service_address(text)) << text;
}

}  // namespace
}  // namespace orbweaver
