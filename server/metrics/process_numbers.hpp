#pragma once

#include <cstdint>
#include <optional>

namespace orbweaver {

// What the kernel says of this process (proc(5)); nothing where it does not.
struct process_numbers {
  std::uint64_t resident_bytes = 0;
  std::uint64_t virtual_bytes = 0;
  double cpu_seconds = 0;    // in user and system mode
  double start_seconds = 0;  // since 1970
  std::uint64_t open_files = 0;
  std::uint64_t max_files = 0;
  std::uint64_t threads = 0;
};
std::optional<process_numbers> read_process_numbers();

}  // namespace orbweaver
