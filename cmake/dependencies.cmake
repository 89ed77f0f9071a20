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
    unset(CMAKE_REQUIRED_LIBRARIES)
    if(ORBWEAVER_ROCKSDB_ARCHIVE_LINKS)
      set(ORBWEAVER_ROCKSDB ${with_archive})
    endif()
  endif()
endif()

add_library(orbweaver_dependencies INTERFACE)
target_link_libraries(orbweaver_dependencies INTERFACE
  Boost::headers OpenSSL::SSL OpenSSL::Crypto Threads::Threads ZLIB::ZLIB
  nlohmann_json::nlohmann_json CLI11::CLI11 tomlplusplus::tomlplusplus spdlog::spdlog
  PkgConfig::ORBWEAVER_PKG ${ORBWEAVER_ROCKSDB})
# Asio and Beast are compiled once, in common/impl.cpp. Handler tracking, deprecated names and
# io_uring stay off; io_uring was measured 40-80% slower than epoll for this load.
target_compile_definitions(orbweaver_dependencies INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE)
