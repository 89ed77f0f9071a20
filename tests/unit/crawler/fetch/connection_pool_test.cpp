#include "crawler/fetch/connection_pool.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

using namespace std::chrono_literals;

// The pool owns connections and never looks into them: a number does for one.
std::shared_ptr<connection> numbered(int n) {
  auto number = std::make_shared<int>(n);
  return {number, reinterpret_cast<connection*>(number.get())};
}
int number_of(const std::shared_ptr<connection>& c) {
  return c ? *reinterpret_cast<const int*>(c.get()) : -1;
}
std::vector<int> numbers_of(const std::vector<std::shared_ptr<connection>>& all) {
  std::vector<int> out;
  for (const auto& c : all) out.push_back(number_of(c));
  return out;
}
using numbers = std::vector<int>;

const connection_place plain{"http://a", "a"};
const connection_place secure{"https://a", "a"};
const connection_place trusting{"https://a", "a", false};
const connection_place other{"http://b", "b"};

class ConnectionPool : public testing::Test {
 protected:
  // A connection that was used and is kept.
  void keep(const connection_place& where, int n, clock::duration at = 0s) {
    pool.open(where, 100);
    pool.put(where, numbered(n), epoch + at);
  }

  connection_pool pool{100};
  clock::time_point epoch = clock::time_point{} + 1h;
};

TEST_F(ConnectionPool, TakesTheOneUsedLast) {
  keep(plain, 1);
  keep(plain, 2);
  keep(plain, 3);
  EXPECT_EQ(number_of(pool.take(plain)), 3);
  EXPECT_EQ(number_of(pool.take(plain)), 2);
  pool.put(plain, numbered(3), epoch);
  EXPECT_EQ(number_of(pool.take(plain)), 3);
  EXPECT_EQ(number_of(pool.take(plain)), 1);
  EXPECT_EQ(number_of(pool.take(plain)), -1);
  EXPECT_EQ(pool.open_count(), 3u);
}

TEST_F(ConnectionPool, NeverMixesPlaces) {
  keep(plain, 1);
  keep(secure, 2);
  keep(trusting, 3);
  EXPECT_EQ(number_of(pool.take(other)), -1);
  EXPECT_EQ(number_of(pool.take({"http://a:81", "a"})), -1);
  EXPECT_EQ(number_of(pool.take(secure)), 2);
  EXPECT_EQ(number_of(pool.take(secure)), -1);
  EXPECT_EQ(number_of(pool.take(trusting)), 3);
  EXPECT_EQ(number_of(pool.take(plain)), 1);
}

TEST_F(ConnectionPool, MakesRoomAtAHostWhateverTheSchemeOrPort) {
  keep(plain, 1);
  keep(secure, 2);
  EXPECT_EQ(numbers_of(pool.open(trusting, 2)), numbers{1}) << "the longest idle one goes";
  EXPECT_EQ(pool.open_count(), 2u);
  EXPECT_EQ(pool.idle_count(), 1u);
  EXPECT_EQ(numbers_of(pool.open(plain, 2)), numbers{2});
  EXPECT_TRUE(pool.open(other, 2).empty()) << "another host has room of its own";
}

TEST_F(ConnectionPool, ClosesAllThatAreTooManyWhenALimitIsLower) {
  for (int i = 1; i <= 4; ++i) keep(plain, i);
  EXPECT_EQ(numbers_of(pool.open(secure, 2)), (numbers{1, 2, 3}));
  EXPECT_EQ(pool.open_count(), 2u);
}

TEST_F(ConnectionPool, TrimsAHostToALowerLimit) {
  for (int i = 1; i <= 4; ++i) keep(i % 2 ? plain : secure, i);
  keep(other, 5);
  const auto used = pool.take(secure);
  ASSERT_EQ(number_of(used), 4);
  EXPECT_TRUE(pool.trim("a", 4).empty());
  EXPECT_EQ(numbers_of(pool.trim("a", 2)), (numbers{1, 2})) << "the longest idle ones go";
  EXPECT_EQ(numbers_of(pool.trim("a", 0)), numbers{3}) << "the one in use stays";
  EXPECT_TRUE(pool.trim("unknown", 0).empty());
  EXPECT_EQ(pool.open_count(), 2u);
  EXPECT_EQ(numbers_of(pool.trim("b", 0)), numbers{5});
  EXPECT_EQ(pool.open_count(), 1u);
}

TEST_F(ConnectionPool, MakesRoomWhenTheHostsLastConnectionGoes) {
  keep(plain, 1);
  EXPECT_EQ(numbers_of(pool.open(secure, 1)), numbers{1});
  EXPECT_EQ(pool.open_count(), 1u);
  pool.closed("a");
  EXPECT_EQ(pool.open_count(), 0u);
}

TEST_F(ConnectionPool, NeverClosesConnectionsInUse) {
  pool.open(plain, 1);
  EXPECT_TRUE(pool.open(secure, 1).empty()) << "who starts fetches keeps that limit";
  EXPECT_EQ(pool.open_count(), 2u);
}

TEST_F(ConnectionPool, EvictsTheLongestIdleOfAllWhenFull) {
  connection_pool small{2};
  small.open(plain, 8);
  small.put(plain, numbered(1), epoch);
  small.open(other, 8);
  small.put(other, numbered(2), epoch + 1s);
  EXPECT_EQ(numbers_of(small.open({"http://c", "c"}, 8)), numbers{1});
  EXPECT_EQ(small.open_count(), 2u);
  EXPECT_EQ(numbers_of(small.open({"http://c", "c"}, 8)), numbers{2});
  EXPECT_TRUE(small.open({"http://d", "d"}, 8).empty()) << "none is idle";
  EXPECT_EQ(small.open_count(), 3u);
}

TEST_F(ConnectionPool, ExpiresWhatWasIdleForLong) {
  keep(plain, 1, 0s);
  keep(other, 2, 1s);
  keep(plain, 3, 2s);
  EXPECT_TRUE(pool.expire(epoch).empty()) << "idle since before that time, not since then";
  EXPECT_EQ(numbers_of(pool.expire(epoch + 2s)), (numbers{1, 2}));
  EXPECT_EQ(pool.open_count(), 1u);
  EXPECT_EQ(number_of(pool.take(other)), -1);
  EXPECT_EQ(number_of(pool.take(plain)), 3);
}

TEST_F(ConnectionPool, UsingAConnectionBeginsItsTimeAnew) {
  keep(plain, 1, 0s);
  keep(plain, 2, 1s);
  const auto used = pool.take(plain);
  ASSERT_EQ(number_of(used), 2);
  pool.put(plain, used, epoch + 5s);
  EXPECT_EQ(numbers_of(pool.expire(epoch + 3s)), numbers{1});
}

TEST_F(ConnectionPool, ForgetsWhatWasClosed) {
  keep(plain, 1);
  EXPECT_EQ(number_of(pool.take(plain)), 1);
  pool.closed("a");
  EXPECT_EQ(pool.open_count(), 0u);
  EXPECT_EQ(pool.idle_count(), 0u);
  EXPECT_TRUE(pool.open(plain, 1).empty());
}

}  // namespace
}  // namespace orbweaver
