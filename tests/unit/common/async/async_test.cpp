#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>
#include <stdexcept>
#include <thread>

#include "common/async/deadline.hpp"
#include "common/async/task_scope.hpp"

namespace orbweaver {
namespace {

TEST(Deadline, ExpiresOnItsStrandAfterItsTimeAndOnlyOnce) {
  asio::io_context context(1);
  deadline_service service(context);
  const strand where = asio::make_strand(context);
  int fired = 0;
  std::optional<deadline> d;
  d.emplace(service, where, [&] {
    EXPECT_TRUE(where.running_in_this_thread());
    EXPECT_TRUE(d->expired());
    ++fired;
    service.stop();
  });
  const auto due = clock::now() + std::chrono::milliseconds(5);
  d->expires_at(due);
  context.run();
  EXPECT_EQ(fired, 1);
  EXPECT_GE(clock::now(), due);
}

TEST(Deadline, ClearedOrMovedDoesNotExpire) {
  asio::io_context context(1);
  deadline_service service(context);
  const strand where = asio::make_strand(context);
  int early = 0;
  deadline cleared(service, where, [&] { ++early; });
  deadline moved(service, where, [&] { ++early; });
  deadline last(service, where, [&] { service.stop(); });
  cleared.expires_after(std::chrono::milliseconds(1));
  cleared.clear();
  moved.expires_after(std::chrono::milliseconds(1));
  moved.expires_after(std::chrono::hours(1));
  last.expires_after(std::chrono::milliseconds(2));
  context.run();
  EXPECT_EQ(early, 0);
  EXPECT_FALSE(moved.expired());
  EXPECT_TRUE(last.expired());
}

TEST(Deadline, ManyOnEightThreadsEachFireOnce) {
  constexpr int count = 2000;
  asio::io_context context(8);
  deadline_service service(context);
  std::atomic<int> fired{0};
  std::vector<std::unique_ptr<deadline>> all;
  for (int i = 0; i < count; ++i) {
    all.push_back(std::make_unique<deadline>(service, asio::make_strand(context), [&] {
      if (fired.fetch_add(1) + 1 == count) service.stop();
    }));
    all.back()->expires_after(std::chrono::milliseconds(i % 7));
  }
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) threads.emplace_back([&] { context.run(); });
  }
  EXPECT_EQ(fired.load(), count);
}

task<> count_up(std::atomic<int>& n, int steps) {
  for (int i = 0; i < steps; ++i) {
    co_await asio::post(use_task);
    ++n;
  }
}

task<> fail() {
  co_await asio::post(use_task);
  throw std::runtime_error("expected by the test");
}

TEST(TaskScope, JoinWaitsForEveryChildAlsoForOneThatThrows) {
  asio::io_context context(4);
  task_scope scope(asio::make_strand(context));
  std::atomic<int> steps{0};
  for (int i = 0; i < 50; ++i)
    scope.spawn(asio::make_strand(context), count_up(steps, 20), "child");
  scope.spawn(asio::make_strand(context), fail(), "failing child");
  bool joined = false;
  auto owner = [](task_scope& s, std::atomic<int>& n, bool& done) -> task<> {
    co_await s.join();
    EXPECT_EQ(n.load(), 1000);
    EXPECT_EQ(s.size(), 0u);
    done = true;
  };
  asio::co_spawn(asio::make_strand(context), owner(scope, steps, joined),
                 [](std::exception_ptr e) { EXPECT_FALSE(e); });
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back([&] { context.run(); });
  }
  EXPECT_TRUE(joined);
}

TEST(RunOn, BringsValuesAndExceptionsBackToTheCallersStrand) {
  asio::io_context context(1);
  const strand mine = asio::make_strand(context);
  const strand other = asio::make_strand(context);
  auto body = [](strand home, strand away) -> task<int> {
    auto work = [away] {
      EXPECT_TRUE(away.running_in_this_thread());
      return 42;
    };
    const int value = co_await run_on(away, std::move(work));
    EXPECT_TRUE(home.running_in_this_thread());
    auto failing = [] { throw std::runtime_error("expected by the test"); };
    try {
      co_await run_on(away, std::move(failing));
      ADD_FAILURE() << "no exception";
    } catch (const std::runtime_error&) {
      EXPECT_TRUE(home.running_in_this_thread());
    }
    co_return value;
  };
  int got = 0;
  asio::co_spawn(mine, body(mine, other), [&](std::exception_ptr, int v) { got = v; });
  context.run();
  EXPECT_EQ(got, 42);
}

}  // namespace
}  // namespace orbweaver
