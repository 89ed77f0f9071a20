#include "crawler/fetch/receive_buffer.hpp"

#include <algorithm>
#include <cstring>

namespace orbweaver {
namespace {

constexpr std::size_t max_stock = 16;                   // per thread
constexpr std::size_t max_stocked_bytes = 1024 * 1024;  // larger ones are freed after use

}  // namespace

std::vector<std::unique_ptr<receive_buffer::storage>>& receive_buffer::stock() {
  thread_local std::vector<std::unique_ptr<storage>> out;
  return out;
}

std::atomic<std::size_t> receive_buffer::in_use_{0};

receive_buffer::~receive_buffer() {
  if (held_) in_use_.fetch_sub(held_->filled, std::memory_order_relaxed);
  if (held_ && held_->capacity <= max_stocked_bytes && stock().size() < max_stock)
    stock().push_back(std::move(held_));
}

void receive_buffer::acquire() {
  if (stock().empty()) {
    held_ = std::make_unique<storage>();
  } else {
    held_ = std::move(stock().back());
    stock().pop_back();
  }
  held_->filled = 0;
}

std::span<char> receive_buffer::spare(std::size_t bytes) {
  storage& s = *held_;
  if (is_full_for(bytes)) {
    const std::size_t wanted = std::max(s.capacity * 2, s.filled + bytes);
    auto larger = std::make_unique_for_overwrite<char[]>(wanted);
    if (s.filled != 0) std::memcpy(larger.get(), s.bytes.get(), s.filled);
    s.bytes = std::move(larger);
    s.capacity = wanted;
  }
  return {s.bytes.get() + s.filled, s.capacity - s.filled};
}

}  // namespace orbweaver
