#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace orbweaver {

// Upper bounds of a latency histogram's buckets, seconds; one further bucket holds what is beyond.
inline constexpr std::array<double, 16> latency_bounds{
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60};

struct latency_histogram {
  std::uint64_t count = 0;
  double sum = 0;  // seconds
  std::array<std::uint64_t, latency_bounds.size() + 1> buckets{};

  void add(double seconds) noexcept;
  bool operator==(const latency_histogram&) const = default;
};

enum class fetch_phase : std::uint8_t { dns, connect, tls, first_byte, total };
inline constexpr std::size_t fetch_phases = 5;
std::string_view name(fetch_phase phase) noexcept;

// Of each phase of fetches, how long it took; those that did not take place, 0 long, are not
// counted.
using phase_seconds = std::array<double, fetch_phases>;
using phase_latencies = std::array<latency_histogram, fetch_phases>;
void add(phase_latencies& to, const phase_seconds& fetch) noexcept;

}  // namespace orbweaver
