#pragma once

#include <array>
#include <cstdint>

#include "common/error.hpp"
#include "crawler/statistics/latency_histogram.hpp"

namespace orbweaver {

// What the crawls of one process have done since its start.
struct engine_totals {
  std::array<std::uint64_t, 256> pages{};  // whose turn came and that have ended, by outcome
  std::uint64_t fetches = 0;  // that ended: robots.txt, sitemaps, hops and retries, too
  std::uint64_t retries = 0;
  std::uint64_t bytes_on_wire = 0;
  phase_latencies latency;  // of fetches

  void count(outcome code) noexcept { ++pages[static_cast<std::uint8_t>(code)]; }
};

}  // namespace orbweaver
