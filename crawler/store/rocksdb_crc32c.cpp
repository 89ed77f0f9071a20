// RocksDB sums everything it writes to its log and every blob. Distributions build it for
// processors that have no instruction for that; where it is linked as an archive, the linker leads
// its calls here.
#include "crawler/store/rocksdb_crc32c.hpp"

#ifdef ORBWEAVER_WRAPS_CRC32C

#include <cstring>
#include <nmmintrin.h>

namespace orbweaver {
namespace {

// CRC-32C (RFC 3720 section 12.1), inverted on the way in and out.
[[gnu::target("sse4.2")]] std::uint32_t extend_by_instruction(std::uint32_t crc, const char* data,
                                                              std::size_t size) noexcept {
  std::uint64_t sum = ~crc;
  for (; size >= sizeof(std::uint64_t); size -= sizeof(std::uint64_t)) {
    std::uint64_t word;
    std::memcpy(&word, data, sizeof word);
    sum = _mm_crc32_u64(sum, word);
    data += sizeof word;
  }
  auto narrow = static_cast<std::uint32_t>(sum);
  for (; size > 0; --size) narrow = _mm_crc32_u8(narrow, static_cast<unsigned char>(*data++));
  return ~narrow;
}

}  // namespace

std::uint32_t rocksdb_crc32c(std::uint32_t crc, const char* data, std::size_t size) noexcept {
  static const bool has_instruction = __builtin_cpu_supports("sse4.2");
  return has_instruction ? extend_by_instruction(crc, data, size)
                         : rocksdb_crc32c_of_its_own(crc, data, size);
}

}  // namespace orbweaver

#endif
