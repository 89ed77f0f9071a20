#pragma once

#include <cstddef>
#include <cstdint>

namespace orbweaver {

// rocksdb::crc32c::Extend(): `crc`, of what came before, continued by `size` bytes. The first is
// what RocksDB calls in its place, the second what it has itself; their names are those that the
// linker's --wrap gives them. Only where ORBWEAVER_WRAPS_CRC32C is defined.
std::uint32_t rocksdb_crc32c(std::uint32_t crc, const char* data, std::size_t size) noexcept
    __asm__("__wrap__ZN7rocksdb6crc32c6ExtendEjPKcm");
std::uint32_t rocksdb_crc32c_of_its_own(std::uint32_t crc, const char* data,
                                        std::size_t size) noexcept
    __asm__("__real__ZN7rocksdb6crc32c6ExtendEjPKcm");

}  // namespace orbweaver
