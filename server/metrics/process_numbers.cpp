#include "server/metrics/process_numbers.hpp"

#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

namespace orbweaver {
namespace {

// Time since the machine's start, which the process's own start is counted from.
double uptime() {
  timespec now;
  return clock_gettime(CLOCK_BOOTTIME, &now) == 0
             ? static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9
             : 0;
}

std::uint64_t open_files() {
  std::error_code unknown;
  std::uint64_t out = 0;
  for (std::filesystem::directory_iterator it("/proc/self/fd", unknown), end; !unknown && it != end;
       it.increment(unknown))
    ++out;
  return out == 0 ? 0 : out - 1;  // the one that reads the list
}

}  // namespace

std::optional<process_numbers> read_process_numbers() {
  std::ifstream file("/proc/self/stat");
  std::string text;
  std::getline(file, text);
  // The second field is the command in parentheses, which may hold anything.
  const auto after_name = text.rfind(')');
  if (!file || after_name == std::string::npos) return std::nullopt;
  const auto fields = [&] {
    std::vector<std::string> out;
    for (std::size_t at = after_name + 2; at < text.size();) {
      const std::size_t end = std::min(text.find(' ', at), text.size());
      out.push_back(text.substr(at, end - at));
      at = end + 1;
    }
    return out;
  }();
  constexpr std::size_t user = 11, system = 12, threads = 17, start = 19, size = 20, resident = 21;
  if (fields.size() <= resident) return std::nullopt;
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  process_numbers out;
  out.cpu_seconds = (std::stod(fields[user]) + std::stod(fields[system])) / ticks;
  out.threads = std::stoull(fields[threads]);
  out.start_seconds =
      static_cast<double>(std::time(nullptr)) - uptime() + std::stod(fields[start]) / ticks;
  out.virtual_bytes = std::stoull(fields[size]);
  out.resident_bytes =
      std::stoull(fields[resident]) * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  out.open_files = open_files();
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) out.max_files = limit.rlim_cur;
  return out;
}

}  // namespace orbweaver
