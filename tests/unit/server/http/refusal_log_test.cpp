#include "server/http/refusal_log.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

using namespace std::chrono_literals;

TEST(RefusalLog, HasRoomForSomeLinesOfEachClientAndOfAll) {
  refusal_log log;
  const clock::time_point start{1000h};
  const auto lines = [&](unsigned client, clock::time_point now) {
    int out = 0;
    while (log.has_room(asio::ip::address_v4(client), now)) ++out;
    return out;
  };
  EXPECT_EQ(lines(1, start), 10);
  EXPECT_EQ(lines(1, start + 6s), 1);
  EXPECT_EQ(lines(2, start + 6s), 10);
  int all = 0;
  for (unsigned client = 3; client < 1000; ++client) all += lines(client, start + 6s);
  EXPECT_EQ(all, 89) << "100, and one is had anew each 600 ms";
  EXPECT_EQ(lines(2000, start + 12s), 10);
}

}  // namespace
}  // namespace orbweaver
