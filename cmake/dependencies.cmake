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
pkg_check_modules(ORBWEAVER_PKG REQUIRED IMPORTED_TARGET
                  libcares libpsl libxxhash re2 prometheus-cpp-core libbrotlidec libzstd liblz4 uchardet rocksdb)
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

add_library(orbweaver_dependencies INTERFACE)
target_link_libraries(orbweaver_dependencies INTERFACE
  Boost::headers OpenSSL::SSL OpenSSL::Crypto Threads::Threads ZLIB::ZLIB
  nlohmann_json::nlohmann_json CLI11::CLI11 tomlplusplus::tomlplusplus spdlog::spdlog
  PkgConfig::ORBWEAVER_PKG)
# Asio and Beast are compiled once, in common/impl.cpp. Handler tracking, deprecated names and
# io_uring stay off; io_uring was measured 40-80% slower than epoll for this load.
target_compile_definitions(orbweaver_dependencies INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE)
