#pragma once

#include <atomic>
#include <cstddef>

namespace orbweaver {

// What the bodies of all requests under way hold in memory, against one limit.
class body_budget {
 public:
  explicit body_budget(std::size_t limit) : limit_(limit) {}

  // One request's part, given back at its end.
  class share {
   public:
    explicit share(body_budget& of) : of_(of) {}
    ~share() { of_.held_.fetch_sub(held_); }
    share(const share&) = delete;
    share& operator=(const share&) = delete;

    // Makes the part `bytes` large. false: the budget does not allow it, and nothing changes.
    bool grow_to(std::size_t bytes) noexcept {
      if (bytes <= held_) return true;
      const std::size_t more = bytes - held_;
      if (of_.held_.fetch_add(more) + more > of_.limit_) {
        of_.held_.fetch_sub(more);
        return false;
      }
      held_ = bytes;
      return true;
    }

   private:
    body_budget& of_;
    std::size_t held_ = 0;
  };

 private:
  const std::size_t limit_;
  std::atomic<std::size_t> held_{0};
};

}  // namespace orbweaver
