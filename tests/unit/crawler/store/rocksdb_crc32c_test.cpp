#include "crawler/store/rocksdb_crc32c.hpp"

#include <gtest/gtest.h>
#include <random>
#include <string>

#ifdef ORBWEAVER_WRAPS_CRC32C

namespace orbweaver {
namespace {

// The check value of CRC-32C, and the first example of RFC 3720 appendix B.4.
TEST(RocksdbCrc32c, KnowsThePublishedSums) {
  EXPECT_EQ(rocksdb_crc32c(0, "123456789", 9), 0xe3069283U);
  EXPECT_EQ(rocksdb_crc32c(0, std::string(32, '\0').data(), 32), 0x8a9136aaU);
  EXPECT_EQ(rocksdb_crc32c(0x12345678, "", 0), 0x12345678U);
}

// Whatever the instruction is given, a store that RocksDB's own code reads must find it right.
TEST(RocksdbCrc32c, AgreesWithRocksdbsOwn) {
  std::mt19937 random(1);
  std::string bytes(5000, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  for (int i = 0; i < 20'000; ++i) {
    const std::size_t from = random() % 64;
    const std::size_t size = random() % (i % 10 == 0 ? 4900 : 80);
    const auto before = static_cast<std::uint32_t>(random());
    ASSERT_EQ(rocksdb_crc32c(before, bytes.data() + from, size),
              rocksdb_crc32c_of_its_own(before, bytes.data() + from, size))
        << from << ' ' << size;
  }
}

}  // namespace
}  // namespace orbweaver

#endif
