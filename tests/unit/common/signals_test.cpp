#include "common/signals.hpp"

#include <cerrno>
#include <gtest/gtest.h>
#include <unistd.h>

namespace orbweaver {
namespace {

// Each of these runs in a child process, for signals are the whole process's.
[[noreturn]] void leave_with_first_signal(int number) {
  asio::io_context context;
  int stopped = 0;
  {
    stop_signals signals(asio::make_strand(context), [&](int n) { stopped = n; });
    std::raise(number);
    context.run();
  }
  std::_Exit(stopped == number ? 0 : 1);
}

[[noreturn]] void raise_twice(int first, int second) {
  asio::io_context context;
  stop_signals signals(asio::make_strand(context), [](int) {});
  std::raise(first);
  std::raise(second);
  std::_Exit(1);
}

TEST(StopSignals, TheFirstAsksForADrain) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    EXPECT_EXIT(leave_with_first_signal(number), testing::ExitedWithCode(0), "") << number;
  }
}

TEST(StopSignals, TheSecondLeavesAtOnceWithNobodyRunningTheLoop) {
  EXPECT_EXIT(raise_twice(SIGINT, SIGINT), testing::ExitedWithCode(130), "");
  EXPECT_EXIT(raise_twice(SIGINT, SIGTERM), testing::ExitedWithCode(143), "");
  EXPECT_EXIT(raise_twice(SIGTERM, SIGHUP), testing::ExitedWithCode(129), "");
}

[[noreturn]] void raise_after_close() {
  asio::io_context context;
  stop_signals signals(asio::make_strand(context), [](int) { std::_Exit(1); });
  signals.close();
  context.run();
  std::raise(SIGINT);
  std::_Exit(1);
}

TEST(StopSignals, AfterClosingTheFirstLeavesToo) {
  EXPECT_EXIT(raise_after_close(), testing::ExitedWithCode(130), "");
}

[[noreturn]] void hang_up_under_nohup() {
  std::signal(SIGHUP, SIG_IGN);
  asio::io_context context;
  stop_signals signals(asio::make_strand(context), [](int) {});
  std::raise(SIGHUP);
  std::raise(SIGHUP);
  std::_Exit(0);
}

TEST(StopSignals, AnIgnoredHangUpStaysIgnored) {
  EXPECT_EXIT(hang_up_under_nohup(), testing::ExitedWithCode(0), "");
}

[[noreturn]] void raise_after_destruction() {
  {
    asio::io_context context;
    stop_signals signals(asio::make_strand(context), [](int) {});
  }
  std::raise(SIGTERM);
  std::_Exit(1);
}

TEST(StopSignals, DestructionPutsTheHandlersBack) {
  EXPECT_EXIT(raise_after_destruction(), testing::KilledBySignal(SIGTERM), "");
}

TEST(StopSignals, OneAtATime) {
  asio::io_context context;
  stop_signals signals(asio::make_strand(context), [](int) {});
  EXPECT_THROW(stop_signals(asio::make_strand(context), [](int) {}), std::logic_error);
}

[[noreturn]] void write_to_nobody() {
  ignore_sigpipe();
  int ends[2];
  if (pipe(ends) != 0) std::_Exit(2);
  close(ends[0]);
  const bool refused = write(ends[1], "x", 1) < 0 && errno == EPIPE;
  std::_Exit(refused ? 0 : 1);
}

TEST(IgnoreSigpipe, MakesItAnErrorCode) {
  EXPECT_EXIT(write_to_nobody(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace orbweaver
