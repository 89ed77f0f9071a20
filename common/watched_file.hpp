#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <sys/stat.h>

#include "common/async/task.hpp"

namespace orbweaver {

// Tells whether a file has become another since it was looked at last. From any thread; between
// two looks it costs one atomic read, so that it can be asked with every request.
class watched_file {
 public:
  // How often the file is looked at, at most.
  static constexpr std::chrono::seconds interval{1};

  // Looks for the first time: read the file after that.
  explicit watched_file(std::filesystem::path path);

  // True for one caller per change; appearing and vanishing are changes, too.
  bool changed(clock::time_point now);

  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  struct identity {
    bool there = false;
    ino_t inode = 0;
    off_t size = 0;
    std::int64_t modified = 0;  // nanoseconds
    std::int64_t touched = 0;   // likewise: of its metadata as well
    bool operator==(const identity&) const = default;
  };
  identity look() const;

  const std::filesystem::path path_;
  std::atomic<clock::rep> next_look_{0};
  std::mutex mutex_;  // guards last_
  identity last_;
};

}  // namespace orbweaver
