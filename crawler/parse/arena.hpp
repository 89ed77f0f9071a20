#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace orbweaver {

// Keeps strings of one page together: they stay where they are until clear(), which keeps the
// memory for the next page.
class arena {
 public:
  static constexpr std::size_t block_bytes = 16 << 10;
  static constexpr std::size_t kept_bytes = 1 << 20;  // at most, by clear()

  // Room for `size` bytes, to be taken by keep() before anything else is asked for.
  char* room(std::size_t size) {
    if (size > left_) next_block(size);
    return free_;
  }
  // Keeps the first `size` bytes of the room.
  std::string_view keep(std::size_t size) noexcept {
    const std::string_view out(free_, size);
    free_ += size;
    left_ -= size;
    return out;
  }
  std::string_view copy(std::string_view text) {
    if (text.empty()) return {};
    std::memcpy(room(text.size()), text.data(), text.size());
    return keep(text.size());
  }

  void clear() noexcept {
    std::size_t kept = 0;
    std::erase_if(blocks_, [&](const block& b) { return (kept += b.size) > kept_bytes; });
    used_ = left_ = 0;
    free_ = nullptr;
  }

 private:
  struct block {
    std::unique_ptr<char[]> bytes;
    std::size_t size;
  };

  void next_block(std::size_t size) {
    while (used_ < blocks_.size() && blocks_[used_].size < size) ++used_;
    if (used_ == blocks_.size()) {
      const std::size_t n = std::max(size, block_bytes);
      blocks_.push_back({std::make_unique_for_overwrite<char[]>(n), n});
    }
    free_ = blocks_[used_].bytes.get();
    left_ = blocks_[used_].size;
    ++used_;
  }

  std::vector<block> blocks_;
  std::size_t used_ = 0;  // blocks begun
  char* free_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace orbweaver
