#include "crawler/frontier/start_limit.hpp"

#include <algorithm>

namespace orbweaver {

// What fails together is one shortage.
void start_limit::shortage(std::uint32_t in_flight, clock::time_point now) {
  if (most_ < full_ && now - lowered_ < step) return;
  most_ = std::max(std::min(most_, in_flight) / 2, 1U);
  lowered_ = now;
}

void start_limit::recover(clock::time_point now) {
  if (most_ == full_ || now - std::max(lowered_, raised_) < step) return;
  most_ = std::min(full_, most_ + std::max(most_ / 10, 1U));
  raised_ = now;
}

}  // namespace orbweaver
