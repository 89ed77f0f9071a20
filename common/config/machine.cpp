#include <algorithm>
#include <sys/resource.h>
#include <thread>

#include "common/config/settings.hpp"

namespace orbweaver {
namespace {

// More than any crawl needs; an "unlimited" hard limit would make the kernel grow huge tables.
constexpr rlim_t most_open_files = 1 << 20;
constexpr std::uint64_t usual_open_files = 1024;  // POSIX's default, where the system will not say

std::uint64_t raise_open_files() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return usual_open_files;
  const rlim_t wanted = std::min(limit.rlim_max, most_open_files);
  if (limit.rlim_cur < wanted) {
    const rlimit raised{wanted, limit.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  }
  return limit.rlim_cur;
}

}  // namespace

machine machine::here() {
  return {.cores = std::max(1u, std::thread::hardware_concurrency()),
          .open_files = raise_open_files()};
}

}  // namespace orbweaver
