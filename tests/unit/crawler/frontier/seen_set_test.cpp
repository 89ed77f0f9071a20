#include "crawler/frontier/seen_set.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

TEST(SeenSet, TellsNewFromKnownAndKeepsTheFirstId) {
  seen_set set;
  EXPECT_FALSE(set.get(fingerprinter().of("http://a/")));
  for (url_id i = 0; i < 20'000; ++i) {
    const auto f = fingerprinter().of("http://a/" + std::to_string(i));
    const auto first = set.insert(f, i);
    EXPECT_TRUE(first.fresh && first.id == i && first.mark == 0);
    if (i % 3 == 0) set.mark(f, 2);
    const auto again = set.insert(f, 99'999);
    EXPECT_TRUE(!again.fresh && again.id == i && again.mark == (i % 3 == 0 ? 2 : 0));
  }
  EXPECT_EQ(set.size(), 20'000u);
  for (url_id i = 0; i < 20'000; ++i)
    ASSERT_EQ(set.get(fingerprinter().of("http://a/" + std::to_string(i)))->id, i);
  EXPECT_FALSE(set.get(fingerprinter().of("http://b/")));
  EXPECT_LE(set.memory_bytes(), 20'000u * 64);
}

TEST(SeenSet, SaysHowMuchFitsIntoMemory) {
  for (const std::size_t bytes : {0u, 1u << 14, 100'000u, 1u << 20}) {
    const std::size_t most = seen_set::entries_within(bytes);
    seen_set set;
    for (url_id i = 0; i < most; ++i) set.insert({i, i}, i);
    EXPECT_LE(set.memory_bytes(), std::max<std::size_t>(bytes, 64 * 24)) << bytes;
    EXPECT_GE(most, bytes / 24 * 3 / 8) << bytes;
  }
}

}  // namespace
}  // namespace orbweaver
