#include "common/net/resolver.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/use_future.hpp>
#include <fstream>
#include <future>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>
#include <unistd.h>

#include "tests/support/dns_server.hpp"

namespace orbweaver {
namespace {

using namespace std::chrono_literals;
using test::dns_server;
using testing::ElementsAre;
using testing::UnorderedElementsAre;
using mood = dns_server::mood;

// The answer in a form to compare: addresses as text, or the outcome's name.
std::vector<std::string> words(const dns_answer& answer) {
  if (!answer) return {std::string(name(to_outcome(answer.error())))};
  std::vector<std::string> out;
  for (const auto& a : **answer) out.push_back(a.to_string());
  return out;
}

// A resolver that asks `server`, on a context that two threads run.
class Resolver : public testing::Test {
 protected:
  void SetUp() override { use(settings()); }

  void TearDown() override {
    if (!resolver_) return;
    close();
    resolver_.reset();
    work_.reset();
    for (auto& t : threads_) t.join();
  }

  resolver_settings settings() const {
    resolver_settings s;
    s.servers = {server_.endpoint()};
    s.hosts_file = "/nonexistent";
    return s;
  }

  void use(resolver_settings s) {
    if (resolver_) close();
    resolver_ = std::make_unique<resolver>(context_, std::move(s));
  }

  void close() { asio::co_spawn(new_strand(), resolver_->close(), asio::use_future).get(); }

  strand new_strand() { return asio::make_strand(context_); }

  // Requests started on the same strand reach the resolver in that order.
  std::future<dns_answer> start(std::string host, std::optional<strand> on = {}) {
    const strand where = on ? *on : new_strand();
    return asio::co_spawn(where, resolver_->resolve(std::move(host)), asio::use_future);
  }

  std::vector<std::string> resolve(std::string host) { return words(start(std::move(host)).get()); }

  dns_server server_;
  asio::io_context context_;
  asio::executor_work_guard<asio::io_context::executor_type> work_{context_.get_executor()};
  std::vector<std::thread> threads_ = [this] {
    std::vector<std::thread> out;
    for (int i = 0; i < 2; ++i) out.emplace_back([this] { context_.run(); });
    return out;
  }();
  std::unique_ptr<resolver> resolver_;
};

TEST_F(Resolver, AsksForBothFamilies) {
  server_.put("both.example", {.a = {"192.0.2.1", "192.0.2.2"}, .aaaa = {"2001:db8::1"}});
  EXPECT_THAT(resolve("both.example"),
              UnorderedElementsAre("2001:db8::1", "192.0.2.1", "192.0.2.2"));
  EXPECT_EQ(server_.questions("both.example"), 2u);
}

TEST_F(Resolver, OneFamilyIsEnough) {
  server_.put("four.example", {.a = {"192.0.2.1"}});
  server_.put("six.example", {.aaaa = {"2001:db8::1"}});
  server_.put("denied.example", {.a = {"192.0.2.3"}, .v6 = mood::nxdomain});
  server_.put("half.example", {.a = {"192.0.2.4"}, .v6 = mood::servfail});
  EXPECT_THAT(resolve("four.example"), ElementsAre("192.0.2.1"));
  EXPECT_THAT(resolve("six.example"), ElementsAre("2001:db8::1"));
  EXPECT_THAT(resolve("denied.example"), ElementsAre("192.0.2.3"));
  EXPECT_THAT(resolve("half.example"), ElementsAre("192.0.2.4"));
}

TEST_F(Resolver, ASilentFamilyDoesNotHoldUpTheOther) {
  auto s = settings();
  s.other_family = 100ms;
  s.budget = 1h;
  use(s);
  server_.put("slow.example", {.a = {"192.0.2.1"}, .v6 = mood::silent});
  EXPECT_THAT(resolve("slow.example"), ElementsAre("192.0.2.1"));
}

TEST_F(Resolver, FollowsAliases) {
  server_.put("www.example", {.a = {"192.0.2.1"}, .aliases = {"a.cdn.example", "b.cdn.example"}});
  EXPECT_THAT(resolve("www.example"), ElementsAre("192.0.2.1"));
}

TEST_F(Resolver, NamesItsFailures) {
  server_.put("broken.example", {.v4 = mood::servfail, .v6 = mood::servfail});
  server_.put("empty.example", {});
  EXPECT_THAT(resolve("missing.example"), ElementsAre("dns_nxdomain"));
  EXPECT_THAT(resolve("broken.example"), ElementsAre("dns_failed"));
  EXPECT_THAT(resolve("empty.example"), ElementsAre("dns_nxdomain"));
}

TEST_F(Resolver, SilenceIsATimeout) {
  auto s = settings();
  s.budget = 300ms;
  use(s);
  server_.put("silent.example", {.v4 = mood::silent, .v6 = mood::silent});
  EXPECT_THAT(resolve("silent.example"), ElementsAre("dns_timeout"));
}

TEST_F(Resolver, NonsenseIsNoAnswer) {
  auto s = settings();
  s.budget = 300ms;
  use(s);
  server_.put("garbage.example", {.v4 = mood::garbage, .v6 = mood::garbage});
  const auto got = resolve("garbage.example");
  EXPECT_TRUE(got.front() == "dns_timeout" || got.front() == "dns_failed") << got.front();
}

TEST_F(Resolver, ALostQuestionIsAskedAgain) {
  auto s = settings();
  s.attempt_timeout = 100ms;
  use(s);
  server_.put("lost.example", {.v4 = mood::silent, .v6 = mood::silent});
  auto answer = start("lost.example");
  server_.wait_for_questions("lost.example", 2);
  server_.put("lost.example", {.a = {"192.0.2.1"}});
  EXPECT_THAT(words(answer.get()), ElementsAre("192.0.2.1"));
  EXPECT_GE(server_.questions("lost.example"), 4u);
}

TEST_F(Resolver, TruncatedAnswersAreFetchedOverTcp) {
  dns_server::zone_entry large;
  for (int i = 0; i < 100; ++i) large.a.push_back("192.0.2." + std::to_string(i));
  large.v4 = mood::truncates_udp;
  server_.put("large.example", large);
  EXPECT_EQ(resolve("large.example").size(), 32u) << "the most taken from one answer";
  EXPECT_EQ(server_.tcp_questions(), 1u);
}

TEST_F(Resolver, NobodyListening) {
  auto s = settings();
  s.budget = 500ms;
  {
    asio::io_context other;
    asio::ip::udp::socket taken(other, {asio::ip::address_v4::loopback(), 0});
    s.servers = {taken.local_endpoint()};
  }
  use(s);
  const auto got = resolve("any.example");
  EXPECT_TRUE(got.front() == "dns_failed" || got.front() == "dns_timeout") << got.front();
}

TEST_F(Resolver, LiteralsNeverReachTheServer) {
  EXPECT_THAT(resolve("192.0.2.1"), ElementsAre("192.0.2.1"));
  EXPECT_THAT(resolve("[2001:db8::1]"), ElementsAre("2001:db8::1"));
  EXPECT_THAT(resolve("127.1"), ElementsAre("dns_nxdomain"));
  EXPECT_THAT(resolve("x.onion"), ElementsAre("dns_nxdomain"));
  EXPECT_THAT(resolve(""), ElementsAre("dns_nxdomain"));
  EXPECT_THAT(resolve("localhost"), ElementsAre("::1", "127.0.0.1"));
  EXPECT_THAT(resolve("api.localhost."), ElementsAre("::1", "127.0.0.1"));
  EXPECT_EQ(server_.all_questions(), 0u);
}

TEST_F(Resolver, TheHostsFileComesFirst) {
  const std::string path = testing::TempDir() + "orbweaver_hosts_" + std::to_string(getpid());
  std::ofstream(path) << "127.0.0.1 localhost\n192.0.2.9 Shop.Example\n";
  auto s = settings();
  s.hosts_file = path;
  use(s);
  EXPECT_THAT(resolve("shop.example"), ElementsAre("192.0.2.9"));
  EXPECT_THAT(resolve("localhost"), ElementsAre("127.0.0.1"));
  EXPECT_THAT(resolve("api.localhost"), ElementsAre("127.0.0.1"));
  EXPECT_EQ(server_.all_questions(), 0u);
}

TEST_F(Resolver, AnswersComeFromTheCache) {
  server_.put("site.example", {.a = {"192.0.2.1"}});
  EXPECT_THAT(resolve("site.example"), ElementsAre("192.0.2.1"));
  EXPECT_THAT(resolve("SITE.example."), ElementsAre("192.0.2.1"));
  EXPECT_THAT(resolve("gone.example"), ElementsAre("dns_nxdomain"));
  EXPECT_THAT(resolve("gone.example"), ElementsAre("dns_nxdomain"));
  EXPECT_EQ(server_.questions("site.example"), 2u);
  EXPECT_EQ(server_.questions("gone.example"), 2u);
  const auto counts = resolver_->statistics();
  EXPECT_EQ(counts.lookups, 2u);
  EXPECT_EQ(counts.cache_hits, 2u);
  EXPECT_EQ(counts.failures, 1u);
}

TEST_F(Resolver, OneLookUpServesAllWhoAskMeanwhile) {
  server_.put("busy.example", {.a = {"192.0.2.1"}});
  server_.hold("busy.example");
  const strand home = new_strand();
  std::vector<std::future<dns_answer>> answers;
  for (int i = 0; i < 100; ++i) answers.push_back(start("busy.example", home));
  EXPECT_THAT(words(start("missing.example", home).get()), ElementsAre("dns_nxdomain"));
  server_.release("busy.example");
  for (auto& a : answers) EXPECT_THAT(words(a.get()), ElementsAre("192.0.2.1"));
  EXPECT_EQ(server_.questions("busy.example"), 2u);
  EXPECT_EQ(resolver_->statistics().lookups, 2u);
}

task<bool> comes_back_home(resolver& r, strand home) {
  const dns_answer answer = co_await r.resolve("site.example");
  co_return answer.has_value() && home.running_in_this_thread();
}

TEST_F(Resolver, WaitersComeBackToTheirOwnStrand) {
  server_.put("site.example", {.a = {"192.0.2.1"}});
  std::vector<std::future<bool>> all;
  for (int i = 0; i < 50; ++i) {
    const strand home = new_strand();
    all.push_back(asio::co_spawn(home, comes_back_home(*resolver_, home), asio::use_future));
  }
  for (auto& f : all) EXPECT_TRUE(f.get());
}

TEST_F(Resolver, ThousandsOfNamesAtOnce) {
  constexpr int names = 5'000;
  server_.put_wildcard("many.example", "192.0.2.1");
  std::vector<std::future<dns_answer>> answers;
  for (int i = 0; i < names; ++i) answers.push_back(start(std::to_string(i) + ".n.many.example"));
  int good = 0;
  for (auto& a : answers) good += words(a.get()) == std::vector<std::string>{"192.0.2.1"};
  EXPECT_EQ(good, names);
  EXPECT_GE(server_.client_ports(), 10u) << "questions spread over source ports";
}

TEST_F(Resolver, RefusesMoreNamesThanItsQueueHolds) {
  auto s = settings();
  s.max_in_flight = 1;
  s.max_names = 2;
  use(s);
  server_.put("held.example", {.a = {"192.0.2.1"}});
  server_.put("next.example", {.a = {"192.0.2.2"}});
  server_.hold("held.example");
  const strand home = new_strand();
  auto in_flight = start("held.example", home);
  auto queued = start("next.example", home);
  auto refused = start("third.example", home);
  EXPECT_THAT(words(refused.get()), ElementsAre("dns_failed"));
  EXPECT_EQ(server_.questions("next.example"), 0u);
  server_.wait_for_questions("held.example", 2);
  server_.release("held.example");
  EXPECT_THAT(words(in_flight.get()), ElementsAre("192.0.2.1"));
  EXPECT_THAT(words(queued.get()), ElementsAre("192.0.2.2"));
  EXPECT_EQ(server_.questions("third.example"), 0u);
}

TEST_F(Resolver, ClosingAnswersThoseWhoWait) {
  server_.put("silent.example", {.v4 = mood::silent, .v6 = mood::silent});
  auto waiting = start("silent.example");
  server_.wait_for_questions("silent.example", 2);
  close();
  EXPECT_THAT(words(waiting.get()), ElementsAre("cancelled"));
  EXPECT_THAT(resolve("late.example"), ElementsAre("cancelled"));
  close();  // a second time does no harm
}

TEST_F(Resolver, ACancelledWaiterComesBackAtOnce) {
  server_.put("silent.example", {.v4 = mood::silent, .v6 = mood::silent});
  const strand home = new_strand();
  asio::cancellation_signal signal;
  std::promise<dns_answer> promise;
  asio::co_spawn(home, resolver_->resolve("silent.example"),
                 asio::bind_cancellation_slot(
                     signal.slot(), [&](std::exception_ptr failure, dns_answer answer) {
                       failure ? promise.set_exception(failure) : promise.set_value(answer);
                     }));
  server_.wait_for_questions("silent.example", 2);
  asio::post(home, [&] { signal.emit(asio::cancellation_type::terminal); });
  EXPECT_THAT(words(promise.get_future().get()), ElementsAre("cancelled"));
}

// Destruction with the loop stopped and everything under way.
TEST(ResolverShutdown, DestroyedAfterTheLoopStopped) {
  dns_server server;
  server.put("silent.example", {.v4 = mood::silent, .v6 = mood::silent});
  asio::io_context context;
  resolver_settings s;
  s.servers = {server.endpoint()};
  auto r = std::make_unique<resolver>(context, s);
  auto answer =
      asio::co_spawn(asio::make_strand(context), r->resolve("silent.example"), asio::use_future);
  std::thread loop([&] { context.run(); });
  server.wait_for_questions("silent.example", 2);
  context.stop();
  loop.join();
  r.reset();
  EXPECT_EQ(answer.wait_for(0s), std::future_status::timeout);
}

// With nothing under way the loop runs out of work by itself.
TEST(ResolverShutdown, AnIdleResolverKeepsNoLoopBusy) {
  dns_server server;
  server.put("site.example", {.a = {"192.0.2.1"}});
  asio::io_context context;
  resolver_settings s;
  s.servers = {server.endpoint()};
  resolver r(context, s);
  auto answer =
      asio::co_spawn(asio::make_strand(context), r.resolve("site.example"), asio::use_future);
  context.run();
  EXPECT_THAT(words(answer.get()), ElementsAre("192.0.2.1"));
}

}  // namespace
}  // namespace orbweaver
