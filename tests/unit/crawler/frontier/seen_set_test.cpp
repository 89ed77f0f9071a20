#include "crawler/frontier/seen_set.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

TEST(SeenSet, TellsNewFromKnownAndKeepsTheFirstId) {
  seen_set set;
  EXPECT_EQ(set.find(fingerprint_of("http://a/")), no_url);
  for (url_id i = 0; i < 20'000; ++i) {
    const auto f = fingerprint_of("http://a/" + std::to_string(i));
    EXPECT_EQ(set.insert(f, i), std::pair(i, true));
    EXPECT_EQ(set.insert(f, 99'999), std::pair(i, false));
  }
  EXPECT_EQ(set.size(), 20'000u);
  for (url_id i = 0; i < 20'000; ++i)
    ASSERT_EQ(set.find(fingerprint_of("http://a/" + std::to_string(i))), i);
  EXPECT_EQ(set.find(fingerprint_of("http://b/")), no_url);
  EXPECT_LE(set.memory_bytes(), 20'000u * 64);
}

}  // namespace
}  // namespace orbweaver
