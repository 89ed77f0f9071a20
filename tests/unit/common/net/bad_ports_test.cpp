#include "common/net/bad_ports.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

TEST(BadPorts, OtherProtocolsPortsAreBad) {
  for (int port : {0, 1, 22, 25, 53, 110, 143, 587, 993, 2049, 4190, 6000, 6667, 10080}) {
    EXPECT_TRUE(is_bad_port(static_cast<std::uint16_t>(port))) << port;
  }
}

TEST(BadPorts, TheWebsPortsAreNot) {
  for (int port : {80, 81, 443, 591, 1024, 3000, 5000, 8000, 8080, 8443, 9200, 10081, 65535}) {
    EXPECT_FALSE(is_bad_port(static_cast<std::uint16_t>(port))) << port;
  }
}

TEST(BadPorts, TheTableHoldsExactlyTheBadOnes) {
  std::size_t bad = 0;
  for (int port = 0; port <= 65535; ++port) bad += is_bad_port(static_cast<std::uint16_t>(port));
  EXPECT_EQ(bad, bad_ports().size());
}

}  // namespace
}  // namespace orbweaver
