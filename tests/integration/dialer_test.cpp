#include "common/net/dialer.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <cstdlib>
#include <gtest/gtest.h>
#include <optional>

#include "tests/support/own_network.hpp"

namespace orbweaver {
namespace {

asio::ip::address ip(std::string_view text) { return asio::ip::make_address(text); }

using dialled = std::optional<result<tcp_socket>>;

task<> dial_into(dialer& by, std::vector<asio::ip::address> addresses, std::uint16_t port,
                 dialled& out) {
  out.emplace(co_await by.dial(std::move(addresses), port));
}

task<> cancel_soon(dialer& it) {
  co_await asio::post(use_task);
  it.cancel();
}

// Listens on 127.0.0.1 alone: 127.0.0.2 with the same port refuses.
class Dialer : public testing::Test {
 protected:
  // Runs the loop until the dial has ended: nothing may be left behind that keeps it busy.
  result<tcp_socket> dial(std::vector<asio::ip::address> addresses, std::uint16_t port) {
    dialled out;
    auto ended = asio::co_spawn(home_, dial_into(dialer_, std::move(addresses), port, out),
                                asio::use_future);
    context_.restart();
    context_.run();
    ended.get();
    return std::move(*out);
  }

  std::uint16_t port() const { return listener_.local_endpoint().port(); }

  asio::io_context context_;
  asio::io_context listening_;
  asio::ip::tcp::acceptor listener_{listening_, {ip("127.0.0.1"), 0}};
  strand home_ = asio::make_strand(context_);
  dialer dialer_{home_};
};

TEST_F(Dialer, Connects) {
  auto got = dial({ip("127.0.0.1")}, port());
  ASSERT_TRUE(got.has_value()) << got.error().message();
  EXPECT_EQ(got->remote_endpoint(), listener_.local_endpoint());
  EXPECT_EQ(got->get_executor(), home_);
}

TEST_F(Dialer, GoesOnToTheAddressThatAnswers) {
  auto got = dial({ip("127.0.0.2"), ip("127.0.0.3"), ip("127.0.0.1")}, port());
  ASSERT_TRUE(got.has_value()) << got.error().message();
  EXPECT_EQ(got->remote_endpoint().address(), ip("127.0.0.1"));
  EXPECT_FALSE(dialer_.last_error().empty());
}

TEST_F(Dialer, SaysThatAllRefused) {
  auto got = dial({ip("127.0.0.2"), ip("127.0.0.3")}, port());
  ASSERT_FALSE(got.has_value());
  EXPECT_EQ(got.error(), make_error_code(outcome::connect_refused));
  EXPECT_EQ(dialer_.last_error(), "Connection refused");
}

TEST_F(Dialer, NowhereToGo) {
  EXPECT_EQ(dial({}, port()).error(), make_error_code(outcome::connect_failed));
}

TEST_F(Dialer, MayBeUsedAgain) {
  EXPECT_FALSE(dial({ip("127.0.0.2")}, port()).has_value());
  EXPECT_TRUE(dial({ip("127.0.0.1")}, port()).has_value());
  EXPECT_TRUE(dial({ip("127.0.0.1")}, port()).has_value());
}

TEST_F(Dialer, CancelledWhileDialling) {
  dialer_.cancel();  // nothing is under way: nothing happens
  // Closing comes into the queue behind the dial's start and before any attempt's end.
  asio::co_spawn(home_, cancel_soon(dialer_), asio::use_future);
  EXPECT_EQ(dial({ip("127.0.0.1")}, port()).error(), make_error_code(outcome::cancelled));
}

TEST_F(Dialer, SaysWhenNoRouteLeadsThere) {
  const std::string why_not = test::in_own_network([this] {
    ASSERT_EQ(std::system("ip route add unreachable 93.184.217.0/24 table local"), 0);
    auto got = dial({ip("93.184.217.1")}, 80);
    ASSERT_FALSE(got.has_value());
    EXPECT_EQ(to_outcome(got.error()), outcome::connect_unreachable);
  });
  if (!why_not.empty()) GTEST_SKIP() << "no network of its own: " << why_not;
}

}  // namespace
}  // namespace orbweaver
