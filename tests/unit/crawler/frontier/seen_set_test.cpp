#include "crawler/frontier/seen_set.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

TEST(SeenSet, TellsNewFromKnownAndKeepsTheFirstId) {
  seen_set set;
  EXPECT_EQ(set.find(fingerprint_of("http://a/")), no_url);
  for (url_id i = 0; i < 20'000; ++i) {
    const auto f = fingerprint_of("http://a/" + std::to_string(i));
    const auto first = set.insert(f, i);
    EXPECT_TRUE(first.fresh && first.id == i && first.mark == 0);
    if (i % 3 == 0) set.mark(f, 2);
    const auto again = set.insert(f, 99'999);
    EXPECT_TRUE(!again.fresh && again.id == i && again.mark == (i % 3 == 0 ? 2 : 0));
  }
  EXPECT_EQ(set.size(), 20'000u);
  for (url_id i = 0; i < 20'000; ++i)
    ASSERT_EQ(set.find(fingerprint_of("http://a/" + std::to_string(i))), i);
  EXPECT_EQ(set.find(fingerprint_of("http://b/")), no_url);
  EXPECT_LE(set.memory_bytes(), 20'000u * 64);
}

}  // namespace
}  // namespace orbweaver
