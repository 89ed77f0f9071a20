#include "crawler/fetch/proxy.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

std::string read(std::string_view text) {
  const auto proxy = parse_proxy(text);
  return proxy ? to_string(*proxy, true) : proxy.error().why();
}

TEST(Proxy, IsAUrlOfTwoKinds) {
  EXPECT_EQ(read("http://proxy.test"), "http://proxy.test:80");
  EXPECT_EQ(read("HTTP://Proxy.Test:3128/"), "http://proxy.test:3128");
  EXPECT_EQ(read("socks5://proxy.test"), "socks5://proxy.test:1080");
  EXPECT_EQ(read("socks5://proxy.test:80"), "socks5://proxy.test:80");
  EXPECT_EQ(read("http://[::1]:8080"), "http://[::1]:8080");
  EXPECT_EQ(read("https://proxy.test"), "must be a URL of http or socks5");
  EXPECT_EQ(read("socks4://proxy.test"), "must be a URL of http or socks5");
  EXPECT_EQ(read("socks5h://proxy.test").substr(0, 15), "must be socks5:");
  EXPECT_EQ(read("proxy.test:80"), "must be a URL of http or socks5");
  EXPECT_EQ(read(""), "is not a URL");
  EXPECT_EQ(read("socks5:///"), "has no valid host");
  EXPECT_EQ(read("http://proxy.test:0/"), "has no valid port");
  EXPECT_EQ(read("http://proxy.test/path"), "must not have a path");
  EXPECT_EQ(read("socks5://proxy.test?x"), "must not have a path");
}

// The address policy sees the address, in whatever form it was written.
TEST(Proxy, AddressesAreReadInEveryForm) {
  for (const std::string scheme : {"http://", "socks5://"})
    for (const std::string host : {"127.0.0.1", "0x7f.1", "2130706433", "0177.0.0.1", "127.1"})
      EXPECT_EQ(parse_proxy(scheme + host + ":99")->host, "127.0.0.1") << scheme << host;
}

TEST(Proxy, CredentialsAreDecodedAndKeptToThemselves) {
  const auto proxy = parse_proxy("socks5://us%20er:p%40%C3%A9@proxy.test");
  ASSERT_TRUE(proxy);
  EXPECT_EQ(proxy->username, "us er");
  EXPECT_EQ(proxy->password, "p@\xc3\xa9");
  EXPECT_EQ(to_string(*proxy, true), "socks5://us%20er:p%40%C3%A9@proxy.test:1080");
  EXPECT_EQ(to_string(*proxy, false), "socks5://us%20er:@proxy.test:1080");
  EXPECT_EQ(read("http://a%0d%0ab:c@proxy.test").substr(0, 13), "must not hold");
  EXPECT_EQ(read("http://a%3Ab:c@proxy.test").substr(0, 15), "must not have a");
  const std::string longest(max_proxy_credential_bytes, 'x');
  EXPECT_TRUE(parse_proxy("http://a:" + longest + "@proxy.test"));
  EXPECT_FALSE(parse_proxy("http://a:" + longest + "x@proxy.test"));
  EXPECT_FALSE(parse_proxy("http://" + longest + "x@proxy.test"));
}

}  // namespace
}  // namespace orbweaver
