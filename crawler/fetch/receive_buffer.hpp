#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <span>

#include "crawler/fetch/response_parser.hpp"

namespace orbweaver {

// What one response needs while it is read: a growing buffer and a parser. A connection holds one
// only from the first byte of an answer to its last; between answers they lie in a small stock of
// each thread, so that ten thousand waiting connections hold none.
class receive_buffer {
 public:
  receive_buffer() = default;
  ~receive_buffer();
  receive_buffer(receive_buffer&&) = default;
  receive_buffer& operator=(receive_buffer&&) = delete;

  // Takes one from the stock of this thread, or makes one.
  void acquire();
  bool held() const noexcept { return held_ != nullptr; }

  response_parser& parser() noexcept { return held_->parser; }
  // Whether it must become larger than it is to take `bytes` more.
  bool is_full_for(std::size_t bytes) const noexcept {
    return held_->capacity - held_->filled < bytes;
  }
  std::size_t capacity() const noexcept { return held_->capacity; }
  // Room for at least `bytes` more.
  std::span<char> spare(std::size_t bytes);
  void received(std::size_t bytes) noexcept {
    held_->filled += bytes;
    in_use_.fetch_add(bytes, std::memory_order_relaxed);
  }
  // Precondition: no more than was received.
  void keep(std::size_t bytes) noexcept {
    in_use_.fetch_sub(held_->filled - bytes, std::memory_order_relaxed);
    held_->filled = bytes;
  }
  std::span<char> filled() noexcept { return {held_->bytes.get(), held_->filled}; }

  // What all buffers of the process that are held have received. Room that nothing was written to
  // costs next to nothing: thousands of sites that send a byte now and then take no memory from the
  // others. Safe from any thread.
  static std::size_t bytes_in_use() noexcept { return in_use_.load(std::memory_order_relaxed); }

 private:
  struct storage {
    response_parser parser;
    std::unique_ptr<char[]> bytes;
    std::size_t capacity = 0;
    std::size_t filled = 0;
  };
  static std::vector<std::unique_ptr<storage>>& stock();
  static std::atomic<std::size_t> in_use_;

  std::unique_ptr<storage> held_;
};

}  // namespace orbweaver
