#include "common/random.hpp"

#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <stdexcept>

namespace orbweaver {
namespace {

TEST(Random, FillsAllOfIt) {
  std::array<std::uint8_t, most_random_bytes> first{}, second{};
  fill_with_random(first);
  fill_with_random(second);
  EXPECT_NE(first, second);
  // That 32 bytes in a row are all zero has a probability of 2^-256.
  for (auto at = first.begin(); at != first.end(); at += 32)
    EXPECT_TRUE(std::any_of(at, at + 32, [](std::uint8_t byte) { return byte != 0; }));
}

TEST(Random, RefusesMoreThanTheSystemGivesAtOnce) {
  std::array<std::uint8_t, most_random_bytes + 1> out{};
  EXPECT_THROW(fill_with_random(out), std::runtime_error);
}

}  // namespace
}  // namespace orbweaver
