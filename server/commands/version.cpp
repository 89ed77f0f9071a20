#include "common/version.hpp"

#include <CLI/CLI.hpp>
#include <ares.h>
#include <boost/version.hpp>
#include <cstdio>
#include <libpsl.h>
#include <nlohmann/json.hpp>
#include <openssl/crypto.h>
#include <rocksdb/version.h>
#include <zlib.h>

#include "server/commands/commands.hpp"

namespace orbweaver {

void add_version_command(CLI::App& app, int& exit_code) {
  CLI::App* command =
      app.add_subcommand("version", "Print the version, the build and the libraries");
  command->callback([&exit_code] {
    std::printf("orbweaver %s (%s, g++ %s)\n", version, build_type, __VERSION__);
    std::printf(
        "boost %d.%d, %s, c-ares %s, zlib %s, nlohmann/json %d.%d.%d, libpsl %s, "
        "RocksDB %s, RE2 %s, prometheus-cpp %s\n",
        BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, OpenSSL_version(OPENSSL_VERSION),
        ares_version(nullptr), zlibVersion(), NLOHMANN_JSON_VERSION_MAJOR,
        NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH, psl_get_version(),
        rocksdb::GetRocksVersionAsString().c_str(), re2_version, prometheus_version);
    exit_code = 0;
  });
}

}  // namespace orbweaver
