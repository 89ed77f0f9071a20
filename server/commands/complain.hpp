#pragma once

#include <iostream>
#include <span>
#include <string>

namespace orbweaver {

// Exit codes that several commands have.
inline constexpr int exit_failed = 1;
inline constexpr int exit_mistaken = 2;  // in the command line or the settings

// One line each on standard error, and the exit code to return.
inline int complain(std::span<const std::string> lines, int exit_code = exit_mistaken) {
  for (const std::string& line : lines) std::cerr << "orbweaver: " << line << '\n';
  return exit_code;
}
inline int complain(const std::string& line, int exit_code) {
  return complain({&line, 1}, exit_code);
}

}  // namespace orbweaver
