#include "common/long_hash.hpp"

#define XXH_INLINE_ALL
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <xxhash.h>

namespace orbweaver {
namespace {

// Stores hold these values: another processor has to find the same.
TEST(LongHash, IsWhatXxhashInlines) {
  std::mt19937 random(1);
  std::string bytes(100'000, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  const std::string secret = bytes.substr(500, 192);
  for (const std::size_t size : {0, 1, 16, 17, 240, 241, 1023, 1024, 1025, 36'400, 99'999}) {
    const std::string_view text = std::string_view(bytes).substr(1, size);
    EXPECT_EQ(long_hash64(text), XXH3_64bits(text.data(), text.size())) << size;
    const XXH128_hash_t whole =
        XXH3_128bits_withSecret(text.data(), text.size(), secret.data(), secret.size());
    EXPECT_EQ(long_hash128(text, secret), std::pair(whole.low64, whole.high64)) << size;
  }
}

}  // namespace
}  // namespace orbweaver
