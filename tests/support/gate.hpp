#pragma once

#include <condition_variable>
#include <mutex>

namespace orbweaver::test {

// Holds a site's answers back until the test opens it.
class gate {
 public:
  void open() {
    const std::scoped_lock lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void pass() {
    std::unique_lock lock(mutex_);
    ++arrivals_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void wait_for_arrival() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return arrivals_ != 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  int arrivals_ = 0;
};

// Opens a gate at the end of a test, before the site behind it is destroyed and waits for its
// thread: declared after the site.
class open_at_end {
 public:
  explicit open_at_end(gate& g) : gate_(g) {}
  ~open_at_end() { gate_.open(); }
  open_at_end(const open_at_end&) = delete;
  open_at_end& operator=(const open_at_end&) = delete;

 private:
  gate& gate_;
};

}  // namespace orbweaver::test
