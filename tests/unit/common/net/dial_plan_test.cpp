#include "common/net/dial_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace orbweaver {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

const clock::time_point start{};
constexpr dial_plan::event go_on{};

dial_plan::event connected(std::size_t attempt) {
  return {.what = dial_plan::event::kind::connected, .attempt = attempt};
}

dial_plan::event failed(std::size_t attempt, outcome why = outcome::connect_refused) {
  return {.what = dial_plan::event::kind::failed, .attempt = attempt, .why = why};
}

std::vector<asio::ip::address> ips(std::initializer_list<std::string_view> list) {
  std::vector<asio::ip::address> out;
  for (std::string_view a : list) out.push_back(asio::ip::make_address(a));
  return out;
}

std::vector<asio::ip::address> v4s(int count) {
  std::vector<asio::ip::address> out;
  for (int i = 0; i < count; ++i) {
    out.push_back(asio::ip::make_address("192.0.2." + std::to_string(i)));
  }
  return out;
}

// An action in words: "dial 0 2001:db8::1", "wait 250", "wait", "connected 1", "connect_refused".
std::string words(const dial_plan::action& a) {
  if (const auto* d = std::get_if<dial_plan::dial>(&a)) {
    return "dial " + std::to_string(d->attempt) + ' ' + d->address.to_string();
  }
  if (const auto* w = std::get_if<dial_plan::wait>(&a)) {
    return w->until ? "wait " + std::to_string((*w->until - start) / 1ms) : "wait";
  }
  if (const auto* c = std::get_if<dial_plan::connected>(&a)) {
    return "connected " + std::to_string(c->attempt);
  }
  return std::string(name(std::get<dial_plan::failed>(a).why));
}

TEST(InterleaveFamilies, Ipv6FirstThenInTurn) {
  EXPECT_EQ(interleave_families(ips({"192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1"})),
            ips({"2001:db8::1", "192.0.2.1", "192.0.2.2", "192.0.2.3"}));
  EXPECT_EQ(interleave_families(ips({"2001:db8::2", "2001:db8::1", "192.0.2.2", "192.0.2.1"})),
            ips({"2001:db8::2", "192.0.2.2", "2001:db8::1", "192.0.2.1"}));
  EXPECT_EQ(interleave_families(ips({"192.0.2.1", "192.0.2.1", "::1", "::1"})),
            ips({"::1", "192.0.2.1"}));
  EXPECT_THAT(interleave_families({}), IsEmpty());
}

TEST(DialPlan, OneAddressIsSimplyDialled) {
  dial_plan plan(ips({"192.0.2.1"}));
  EXPECT_EQ(words(plan.resume(go_on, start)), "dial 0 192.0.2.1");
  EXPECT_EQ(words(plan.resume(go_on, start)), "wait");
  EXPECT_EQ(words(plan.resume(connected(0), start + 5ms)), "connected 0");
}

TEST(DialPlan, TheNextJoinsInAfterTheDelay) {
  dial_plan plan(ips({"192.0.2.1", "2001:db8::1"}));
  EXPECT_EQ(words(plan.resume(go_on, start)), "dial 0 2001:db8::1");
  EXPECT_EQ(words(plan.resume(go_on, start)), "wait 250");
  EXPECT_EQ(words(plan.resume(go_on, start + 249ms)), "wait 250");
  EXPECT_EQ(words(plan.resume(go_on, start + 250ms)), "dial 1 192.0.2.1");
  EXPECT_EQ(words(plan.resume(go_on, start + 250ms)), "wait");
  EXPECT_EQ(words(plan.resume(connected(1), start + 260ms)), "connected 1");
  EXPECT_EQ(words(plan.resume(connected(0), start + 261ms)), "connected 1") << "too late";
}

TEST(DialPlan, AnEarlierAttemptMayStillWin) {
  dial_plan plan(ips({"192.0.2.1", "2001:db8::1"}));
  plan.resume(go_on, start);
  plan.resume(go_on, start + 250ms);
  EXPECT_EQ(words(plan.resume(failed(1), start + 255ms)), "wait");
  EXPECT_EQ(words(plan.resume(connected(0), start + 300ms)), "connected 0");
}

TEST(DialPlan, AFailureIsNotWaitedOut) {
  dial_plan plan(v4s(3));
  EXPECT_EQ(words(plan.resume(go_on, start)), "dial 0 192.0.2.0");
  EXPECT_EQ(words(plan.resume(failed(0), start + 1ms)), "dial 1 192.0.2.1");
  EXPECT_EQ(words(plan.resume(go_on, start + 1ms)), "wait 251");
  EXPECT_EQ(words(plan.resume(go_on, start + 251ms)), "dial 2 192.0.2.2");
  EXPECT_EQ(words(plan.resume(failed(1), start + 252ms)), "wait");
  EXPECT_EQ(words(plan.resume(failed(2), start + 253ms)), "connect_refused");
}

TEST(DialPlan, OnlySoManyAtOnce) {
  dial_plan plan(v4s(4), {.delay = 10ms, .max_at_once = 2, .max_addresses = 16});
  EXPECT_EQ(words(plan.resume(go_on, start)), "dial 0 192.0.2.0");
  EXPECT_EQ(words(plan.resume(go_on, start + 10ms)), "dial 1 192.0.2.1");
  EXPECT_EQ(words(plan.resume(go_on, start + 1000ms)), "wait");
  EXPECT_EQ(words(plan.resume(failed(1), start + 1001ms)), "dial 2 192.0.2.2");
  EXPECT_EQ(words(plan.resume(go_on, start + 1001ms)), "wait");
}

TEST(DialPlan, OnlySoManyAddresses) {
  dial_plan plan(v4s(100), {.delay = 10ms, .max_at_once = 4, .max_addresses = 3});
  auto now = plan.resume(go_on, start);
  for (std::size_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(std::holds_alternative<dial_plan::dial>(now)) << i;
    now = plan.resume(failed(i), start);
  }
  EXPECT_EQ(words(now), "connect_refused");
}

TEST(DialPlan, TheFailureThatSaysMostIsTold) {
  const auto told = [](outcome first, outcome second) {
    dial_plan plan(ips({"192.0.2.1", "2001:db8::1"}));
    plan.resume(go_on, start);
    plan.resume(failed(0, first), start);
    return words(plan.resume(failed(1, second), start));
  };
  using enum outcome;
  EXPECT_EQ(told(connect_unreachable, connect_refused), "connect_refused");
  EXPECT_EQ(told(connect_refused, connect_unreachable), "connect_refused");
  EXPECT_EQ(told(connect_unreachable, connect_timeout), "connect_timeout");
  EXPECT_EQ(told(connect_failed, connect_unreachable), "connect_failed");
  EXPECT_EQ(told(connect_unreachable, connect_unreachable), "connect_unreachable");
}

TEST(DialPlan, ReportsThatMakeNoSenseChangeNothing) {
  dial_plan plan(v4s(2));
  EXPECT_EQ(words(plan.resume(failed(7), start)), "dial 0 192.0.2.0");
  EXPECT_EQ(words(plan.resume(failed(1), start)), "wait 250") << "not started yet";
  EXPECT_EQ(words(plan.resume(failed(0), start)), "dial 1 192.0.2.1");
  EXPECT_EQ(words(plan.resume(connected(0), start)), "wait") << "ended already";
  EXPECT_EQ(words(plan.resume(failed(1), start)), "connect_refused");
}

TEST(DialPlan, NoAddressIsAFailure) {
  dial_plan plan({});
  EXPECT_EQ(words(plan.resume(go_on, start)), "connect_failed");
}

}  // namespace
}  // namespace orbweaver
