#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace orbweaver {

// Answers by the first digit of their status; what is none counts as 0.
using answers_by_class = std::array<std::uint64_t, 6>;

// Counts them, from any thread.
class answer_counts {
 public:
  void count(unsigned status) noexcept { ++counts_[status / 100 < 6 ? status / 100 : 0]; }
  answers_by_class so_far() const noexcept {
    answers_by_class out{};
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = counts_[i].load();
    return out;
  }

 private:
  std::array<std::atomic<std::uint64_t>, 6> counts_{};
};

}  // namespace orbweaver
