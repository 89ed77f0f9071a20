#include "common/watched_file.hpp"

namespace orbweaver {
namespace {

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

watched_file::watched_file(std::filesystem::path path) : path_(std::move(path)), last_(look()) {}

watched_file::identity watched_file::look() const {
  struct stat found {};
  if (::stat(path_.c_str(), &found) != 0) return {};
  return {true, found.st_ino, found.st_size, nanoseconds(found.st_mtim),
          nanoseconds(found.st_ctim)};
}

bool watched_file::changed(clock::time_point now) {
  const clock::rep at = now.time_since_epoch().count();
  clock::rep due = next_look_.load(std::memory_order_relaxed);
  if (at < due) return false;
  const clock::rep next = (now + interval).time_since_epoch().count();
  if (!next_look_.compare_exchange_strong(due, next)) return false;  // another thread looks
  const identity found = look();
  const std::scoped_lock lock(mutex_);
  if (found == last_) return false;
  last_ = found;
  return true;
}

}  // namespace orbweaver
