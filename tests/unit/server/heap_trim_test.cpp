#include "server/heap_trim.hpp"

#include <cstring>
#include <gtest/gtest.h>
#include <memory>

#include "server/metrics/process_numbers.hpp"

namespace orbweaver {
namespace {

TEST(HeapTrim, IsWorthItWhenMuchIsFree) {
  constexpr std::size_t mib = 1 << 20;
  EXPECT_TRUE(is_worth_trimming({.used = 40 * mib, .free = 10 * mib}));
  EXPECT_FALSE(is_worth_trimming({.used = 40 * mib, .free = 9 * mib}));
  EXPECT_FALSE(is_worth_trimming({.used = mib, .free = 2 * mib - 1}));
}

TEST(HeapTrim, GivesBackWhatLiesBetweenBlocksInUse) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer's heap is not the C library's";
#else
  constexpr std::size_t count = 4096, large = 20'000, small = 64;
  std::vector<std::unique_ptr<char[]> > released, kept;
  for (std::size_t i = 0; i < count; ++i) {
    released.push_back(std::make_unique<char[]>(large));
    std::memset(released.back().get(), 1, large);
    kept.push_back(std::make_unique<char[]>(small));
  }
  released.clear();
  const std::uint64_t before = read_process_numbers().value().resident_bytes;
  EXPECT_TRUE(trim_heap());
  const std::uint64_t after = read_process_numbers().value().resident_bytes;
  EXPECT_LT(after + count * large / 2, before);
#endif
}

}  // namespace
}  // namespace orbweaver
