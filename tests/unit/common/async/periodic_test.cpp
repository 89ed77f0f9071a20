#include "common/async/periodic.hpp"

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>
#include <optional>

namespace orbweaver {
namespace {

using namespace std::chrono_literals;

class Periodic : public testing::Test {
 protected:
  // What a turn does: counts, and has the turns stopped from the N-th on.
  periodic::turn until(int last) {
    return [this, last](clock::duration late) { return count(last, late); };
  }
  task<> count(int last, clock::duration late) {
    EXPECT_TRUE(turns_->executor().running_in_this_thread());
    EXPECT_GE(late, clock::duration::zero());
    if (++turns_taken_ == last) stop();
    co_return;
  }
  void stop() {
    asio::co_spawn(asio::make_strand(context_), turns_->stop(), [this](std::exception_ptr bug) {
      EXPECT_FALSE(bug);
      ++stopped_;
    });
  }

  asio::io_context context_{1};
  std::optional<periodic> turns_{std::in_place, context_, 1ms, "test"};
  int turns_taken_ = 0;
  int stopped_ = 0;
};

TEST_F(Periodic, TakesTurnsUntilItIsStopped) {
  turns_->start(until(3));
  context_.run();
  EXPECT_EQ(turns_taken_, 3);
  EXPECT_EQ(stopped_, 1);
  EXPECT_TRUE(turns_->is_stopping());
}

TEST_F(Periodic, TheFirstTurnMayComeAtOnceAndTheNextIsNotWaitedForWhenStopping) {
  turns_.emplace(context_, 1h, "test");
  turns_->start(until(1), periodic::first::at_once);
  context_.run();
  EXPECT_EQ(turns_taken_, 1);
  EXPECT_EQ(stopped_, 1);
}

TEST_F(Periodic, StoppedBeforeItsFirstTurnItTakesNone) {
  turns_.emplace(context_, 1h, "test");
  turns_->start(until(1));
  stop();
  context_.run();
  EXPECT_EQ(turns_taken_, 0);
  EXPECT_EQ(stopped_, 1);
}

TEST_F(Periodic, NeedNotHaveBeenStarted) {
  stop();
  context_.run();
  EXPECT_EQ(stopped_, 1);
}

}  // namespace
}  // namespace orbweaver
