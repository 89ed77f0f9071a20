#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>

namespace orbweaver {

// The bytes of an answer on their way to the store. They are counted as long as they are in
// memory, for whoever decides how much may be fetched at once.
class kept_body {
 public:
  explicit kept_body(std::string_view bytes);
  ~kept_body();
  kept_body(const kept_body&) = delete;
  kept_body& operator=(const kept_body&) = delete;

  std::string_view view() const noexcept { return bytes_; }

  // Of all of the process. Safe from any thread.
  static std::size_t bytes_in_use() noexcept { return in_use_.load(std::memory_order_relaxed); }

 private:
  static std::atomic<std::size_t> in_use_;
  std::string bytes_;
};

}  // namespace orbweaver
