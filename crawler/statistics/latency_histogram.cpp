#include "crawler/statistics/latency_histogram.hpp"

#include <algorithm>

namespace orbweaver {

std::string_view name(fetch_phase phase) noexcept {
  constexpr std::array<std::string_view, fetch_phases> names{"dns", "connect", "tls", "firstByte",
                                                             "total"};
  return names[static_cast<std::size_t>(phase)];
}

void latency_histogram::add(double seconds) noexcept {
  ++count;
  sum += seconds;
  const auto bound = std::ranges::lower_bound(latency_bounds, seconds);
  ++buckets[static_cast<std::size_t>(bound - latency_bounds.begin())];
}

void add(phase_latencies& to, const phase_seconds& fetch) noexcept {
  for (std::size_t phase = 0; phase < fetch_phases; ++phase)
    if (fetch[phase] > 0) to[phase].add(fetch[phase]);
}

}  // namespace orbweaver
