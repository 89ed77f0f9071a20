# Everything comes from the distribution's packages; `run` and `test` install them.
find_package(Boost 1.81 REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(nlohmann_json 3.10 REQUIRED)
find_package(CLI11 2.1 REQUIRED)
find_package(tomlplusplus 3 REQUIRED)
find_package(spdlog 1.9 REQUIRED)
find_package(PkgConfig REQUIRED)
include(CheckCXXSourceCompiles)
pkg_check_modules(ORBWEAVER_PKG REQUIRED IMPORTED_TARGET
                  libcares libpsl libxxhash re2 prometheus-cpp-core libbrotlidec libzstd liblz4 uchardet)
pkg_check_modules(ORBWEAVER_ROCKSDB REQUIRED IMPORTED_TARGET rocksdb)
set(ORBWEAVER_RE2_VERSION "${ORBWEAVER_PKG_re2_VERSION}")
if(ORBWEAVER_RE2_VERSION STREQUAL "0.0.0")  # as Debian's says of every one: its ABI has a number
  set(ORBWEAVER_RE2_VERSION "of unknown version")
  find_library(ORBWEAVER_RE2_LIBRARY re2 HINTS ${ORBWEAVER_PKG_re2_LIBDIR})
  mark_as_advanced(ORBWEAVER_RE2_LIBRARY)
  if(ORBWEAVER_RE2_LIBRARY)
    file(REAL_PATH ${ORBWEAVER_RE2_LIBRARY} re2_file)
    if(re2_file MATCHES "\\.so\\.([0-9]+)")
      set(ORBWEAVER_RE2_VERSION "ABI ${CMAKE_MATCH_1}")
    endif()
  endif()
endif()

# RocksDB as an archive, where the distribution has one and it can be linked: finding the shared
# library's thousands of symbols takes a third of the time in which the process starts. What sanitizers
# pass over is named by the shared one.
set(ORBWEAVER_ROCKSDB PkgConfig::ORBWEAVER_ROCKSDB)
if(NOT ORBWEAVER_SANITIZE)
  find_library(ORBWEAVER_ROCKSDB_ARCHIVE NAMES librocksdb.a HINTS ${ORBWEAVER_ROCKSDB_LIBDIR})
  mark_as_advanced(ORBWEAVER_ROCKSDB_ARCHIVE)
  if(ORBWEAVER_ROCKSDB_ARCHIVE)
    # What Debian's packages of it are built with.
    set(with_archive ${ORBWEAVER_ROCKSDB_ARCHIVE} snappy bz2 z lz4 zstd pthread)
    set(CMAKE_REQUIRED_LIBRARIES ${with_archive})
    check_cxx_source_compiles("
      #include <rocksdb/db.h>
      int main() { rocksdb::DB* db; return rocksdb::DB::Open({}, {}, &db).ok(); }"
      ORBWEAVER_ROCKSDB_ARCHIVE_LINKS)
    # Its checksums: see crawler/store/rocksdb_crc32c.cpp.
    set(wrap_crc32c -Wl,--wrap=_ZN7rocksdb6crc32c6ExtendEjPKcm
                    -Wl,--undefined=__wrap__ZN7rocksdb6crc32c6ExtendEjPKcm)
    set(CMAKE_REQUIRED_LINK_OPTIONS ${wrap_crc32c})
    check_cxx_source_compiles("
      #include <cstddef>
      #include <nmmintrin.h>
      unsigned own(unsigned, const char*, std::size_t)
          __asm__(\"__real__ZN7rocksdb6crc32c6ExtendEjPKcm\");
      unsigned ours(unsigned, const char*, std::size_t)
          __asm__(\"__wrap__ZN7rocksdb6crc32c6ExtendEjPKcm\");
      [[gnu::target(\"sse4.2\")]] unsigned ours(unsigned crc, const char* data, std::size_t size) {
        return own(static_cast<unsigned>(_mm_crc32_u64(crc, size)), data, size);
      }
      int main() {}"
      ORBWEAVER_ROCKSDB_CRC32C_WRAPS)
    unset(CMAKE_REQUIRED_LINK_OPTIONS)
    unset(CMAKE_REQUIRED_LIBRARIES)
    if(ORBWEAVER_ROCKSDB_ARCHIVE_LINKS)
      set(ORBWEAVER_ROCKSDB ${with_archive})
      if(ORBWEAVER_ROCKSDB_CRC32C_WRAPS)
        set(ORBWEAVER_WRAP_CRC32C ${wrap_crc32c})
      endif()
    endif()
  endif()
endif()

# xxHash, as Debian builds it for x86-64, chooses between instructions when it runs.
set(CMAKE_REQUIRED_LIBRARIES PkgConfig::ORBWEAVER_PKG)
check_cxx_source_compiles("
  #include <xxh_x86dispatch.h>
  int main() { return static_cast<int>(XXH3_64bits_dispatch(nullptr, 0)); }"
  ORBWEAVER_XXH_DISPATCHES)
unset(CMAKE_REQUIRED_LIBRARIES)

add_library(orbweaver_dependencies INTERFACE)
target_link_libraries(orbweaver_dependencies INTERFACE
  Boost::headers OpenSSL::SSL OpenSSL::Crypto Threads::Threads ZLIB::ZLIB
  nlohmann_json::nlohmann_json CLI11::CLI11 tomlplusplus::tomlplusplus spdlog::spdlog
  PkgConfig::ORBWEAVER_PKG ${ORBWEAVER_ROCKSDB})
# Asio and Beast are compiled once, in common/impl.cpp. Handler tracking, deprecated names and
# io_uring stay off; io_uring was measured 40-80% slower than epoll for this load.
target_compile_definitions(orbweaver_dependencies INTERFACE
  $<$<BOOL:${ORBWEAVER_XXH_DISPATCHES}>:ORBWEAVER_XXH_DISPATCHES>
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE)
if(ORBWEAVER_WRAP_CRC32C)
  target_compile_definitions(orbweaver_dependencies INTERFACE ORBWEAVER_WRAPS_CRC32C)
endif()
