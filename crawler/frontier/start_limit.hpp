#pragma once

#include <cstdint>

#include "common/async/task.hpp"

namespace orbweaver {

// How many fetches may be in flight while the machine is short of descriptors, ports or memory:
// half of what was too much, then a tenth more each second. Pure.
class start_limit {
 public:
  static constexpr std::chrono::seconds step{1};  // at most one change each way in this time

  explicit start_limit(std::uint32_t most) : full_(most), most_(most) {}

  // A fetch could not be begun while so many were in flight, itself included.
  void shortage(std::uint32_t in_flight, clock::time_point now);
  // To be called now and then.
  void recover(clock::time_point now);

  std::uint32_t most() const noexcept { return most_; }

 private:
  std::uint32_t full_;
  std::uint32_t most_;
  clock::time_point lowered_{};
  clock::time_point raised_{};
};

}  // namespace orbweaver
