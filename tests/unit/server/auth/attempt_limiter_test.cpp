#include "server/auth/attempt_limiter.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

using namespace std::chrono_literals;
using asio::ip::make_address;

const attempt_limits few{.burst = 2, .each = 10s, .clients = 3};
const clock::time_point start{1000h};

TEST(AttemptLimiter, AllowsSomeAndThenSoManyByTheTime) {
  attempt_limiter limiter(few);
  const auto client = make_address("192.0.2.1");
  EXPECT_FALSE(limiter.failed(client, start));
  EXPECT_FALSE(limiter.failed(client, start));
  EXPECT_EQ(limiter.failed(client, start), 10s);
  EXPECT_EQ(limiter.failed(client, start + 4s), 6s) << "a refused one costs nothing";
  EXPECT_FALSE(limiter.failed(client, start + 10s));
  EXPECT_EQ(limiter.failed(client, start + 10s), 10s);
  EXPECT_FALSE(limiter.failed(client, start + 1h));
  EXPECT_FALSE(limiter.failed(client, start + 1h)) << "no more than the burst is saved up";
  EXPECT_TRUE(limiter.failed(client, start + 1h));
  EXPECT_TRUE(limiter.failed(client, start)) << "whatever the clock does";
}

TEST(AttemptLimiter, TellsClientsApartByWhatOneSubscriberHas) {
  const auto together = [](const char* one, const char* other) {
    attempt_limiter limiter(few);
    limiter.failed(make_address(one), start);
    limiter.failed(make_address(one), start);
    return limiter.failed(make_address(other), start).has_value();
  };
  EXPECT_FALSE(together("192.0.2.1", "192.0.2.2"));
  EXPECT_TRUE(together("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"));
  EXPECT_FALSE(together("2001:db8:1:2::1", "2001:db8:1:3::1"));
  EXPECT_TRUE(together("192.0.2.1", "::ffff:192.0.2.1"));
  EXPECT_FALSE(together("::ffff:192.0.2.1", "::ffff:192.0.2.2"));
}

TEST(AttemptLimiter, RemembersSoManyClients) {
  attempt_limiter limiter(few);
  const auto client = [](unsigned n) { return asio::ip::address(asio::ip::address_v4(n)); };
  for (unsigned n = 1; n <= 3; ++n)
    for (int i = 0; i < 3; ++i) limiter.failed(client(n), start);
  EXPECT_TRUE(limiter.failed(client(1), start)) << "and so it is seen last";
  EXPECT_FALSE(limiter.failed(client(4), start));
  EXPECT_EQ(limiter.clients(), 3u);
  EXPECT_TRUE(limiter.failed(client(1), start));
  EXPECT_FALSE(limiter.failed(client(2), start)) << "it was forgotten";
  EXPECT_EQ(limiter.clients(), 3u);
}

}  // namespace
}  // namespace orbweaver
