#include "server/commands/drawn_progress.hpp"

#include <cstdio>
#include <sys/ioctl.h>
#include <unistd.h>

#include "server/commands/progress_line.hpp"

namespace orbweaver {
namespace {

std::size_t terminal_columns() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

}  // namespace

void drawn_progress::draw(const crawl_status& status) {
  const std::string line = progress_line(status, terminal_columns() - 1);
  std::fprintf(stderr, "\r%s\033[K", line.c_str());
  std::fflush(stderr);
  drawn_ = true;
}

void drawn_progress::clear() {
  if (drawn_) std::fputs("\r\033[K", stderr);
  drawn_ = false;
}

}  // namespace orbweaver
