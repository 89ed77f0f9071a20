#include "crawler/job/bounded_counter.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

TEST(BoundedCounter, CountsExactlyWhileThereIsRoom) {
  bounded_counter counter(3);
  for (int i = 0; i < 5; ++i) counter.add(1);
  counter.add(2);
  EXPECT_EQ(counter.count(1), 5u);
  EXPECT_EQ(counter.count(2), 1u);
  EXPECT_EQ(counter.count(3), 0u);
  counter.remove(1);
  counter.remove(2);
  counter.remove(2);
  EXPECT_EQ(counter.count(1), 4u);
  EXPECT_EQ(counter.count(2), 0u);
  EXPECT_EQ(counter.keys(), 1u);
}

// However many keys come once, the ones that come often stay known.
TEST(BoundedCounter, NeverHoldsMoreThanItMayAndKeepsWhatIsFrequent) {
  constexpr std::size_t room = 100;
  constexpr std::uint32_t calls = 100'000;
  bounded_counter counter(room);
  std::uint32_t often = 0;
  for (std::uint32_t i = 0; i < calls; ++i) {
    const bool same = i % 4 == 0;
    often += same;
    counter.add(same ? 0 : 1 + i);
    ASSERT_LE(counter.keys(), room);
  }
  EXPECT_LE(counter.count(0), often) << "never too high";
  EXPECT_GE(counter.count(0) + calls / room, often) << "too low by so much at most";
}

TEST(BoundedCounter, KeepsTheMostFrequentWhenItIsGivenLess) {
  bounded_counter counter(100);
  for (std::uint64_t key = 1; key <= 100; ++key)
    for (std::uint64_t times = 0; times < key; ++times) counter.add(key);
  counter.set_max_keys(10);
  EXPECT_EQ(counter.keys(), 10u);
  EXPECT_EQ(counter.count(100), 10u) << "less by what the greatest of those that went had";
  EXPECT_EQ(counter.count(91), 1u);
  EXPECT_EQ(counter.count(90), 0u);
  counter.add(1);
  EXPECT_LE(counter.keys(), 10u);
}

}  // namespace
}  // namespace orbweaver
