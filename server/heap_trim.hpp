#pragma once

#include <boost/asio/thread_pool.hpp>

#include "common/async/periodic.hpp"

namespace orbweaver {

// What the C library's heap holds of the system's memory.
struct heap_use {
  std::size_t used = 0;
  std::size_t free = 0;  // given back by the program, kept for it
};
heap_use look_at_heap() noexcept;

// Has the C library keep what is given back, up to a bound, for whoever needs memory next: a page
// that is fresh from the system costs as much as reading two of a document. Called once, before
// there are threads.
void keep_heap() noexcept;

// Whether so much is free that it is worth giving back.
constexpr bool is_worth_trimming(const heap_use& heap) noexcept {
  constexpr std::size_t least = 2 << 20;
  return heap.free >= least && heap.free >= heap.used / 4;
}

// Trims the heap if it is worth it; whether anything was given back. From any thread, which it may
// hold up for some milliseconds.
bool trim_heap() noexcept;

// Gives memory back to the system after a peak, such as thousands of TLS handshakes: the C library
// by itself gives back only what lies at the end of a heap.
class heap_trim {
 public:
  static constexpr std::chrono::seconds interval{5};  // between two looks

  // `compute`: where it looks, and trims.
  heap_trim(asio::io_context& context, asio::thread_pool& compute);

  void start();
  task<> stop() { return turns_.stop(); }

 private:
  task<> look();

  asio::thread_pool& compute_;
  periodic turns_;
};

}  // namespace orbweaver
