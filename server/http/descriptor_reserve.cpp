#include "server/http/descriptor_reserve.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace orbweaver {

descriptor_reserve::descriptor_reserve(std::size_t size) : size_(size) { refill(); }

descriptor_reserve::~descriptor_reserve() {
  while (release()) continue;
}

bool descriptor_reserve::release() {
  if (held_.empty()) return false;
  ::close(held_.back());
  held_.pop_back();
  return true;
}

void descriptor_reserve::refill() {
  while (held_.size() < size_) {
    const int fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;
    held_.push_back(fd);
  }
}

}  // namespace orbweaver
