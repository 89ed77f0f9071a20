#include "server/heap_trim.hpp"

#include <malloc.h>

namespace orbweaver {

// Larger pieces come from the system one by one, and go back at once.
void keep_heap() noexcept {
  ::mallopt(M_MMAP_THRESHOLD, 16 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 32 << 20);
  ::mallopt(M_TOP_PAD, 1 << 20);
}

heap_use look_at_heap() noexcept {
  const struct mallinfo2 heap = ::mallinfo2();
  return {.used = heap.uordblks + heap.hblkhd, .free = heap.fordblks};
}

bool trim_heap() noexcept { return is_worth_trimming(look_at_heap()) && ::malloc_trim(0) != 0; }

heap_trim::heap_trim(asio::io_context& context, asio::thread_pool& compute)
    : compute_(compute), turns_(context, interval, "heap trim") {}

void heap_trim::start() {
  turns_.start([this](clock::duration) { return look(); });
}

task<> heap_trim::look() {
  auto work = [] { return trim_heap(); };
  const auto pool = compute_.get_executor();
  co_await run_on(pool, std::move(work));
}

}  // namespace orbweaver
