#pragma once

#include <cstdint>
#include <mutex>
#include <optional>

#include "common/async/task.hpp"

namespace orbweaver {

// Reads that fail. Whoever needs a row that is damaged asks for it again and again: that fills no
// disk with lines of the log. Time is passed in. From any thread.
class read_trouble {
 public:
  static constexpr std::chrono::minutes between_lines{1};
  static constexpr std::chrono::minutes recent{5};

  // How many have failed that no line has told of, this one included; nullopt: a line came just
  // now.
  std::optional<std::uint64_t> failed(clock::time_point now) {
    const std::lock_guard one_at_a_time(mutex_);
    last_ = now;
    ++untold_;
    if (told_ && now - *told_ < between_lines) return std::nullopt;
    told_ = now;
    return std::exchange(untold_, 0);
  }
  bool is_recent(clock::time_point now) const {
    const std::lock_guard one_at_a_time(mutex_);
    return last_ && now - *last_ < recent;
  }

 private:
  mutable std::mutex mutex_;
  std::optional<clock::time_point> last_, told_;
  std::uint64_t untold_ = 0;
};

}  // namespace orbweaver
