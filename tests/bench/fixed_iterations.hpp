#pragma once

#include <benchmark/benchmark.h>
#include <cstdlib>

namespace orbweaver {

// For BENCHMARK(...)->Apply(fixed_iterations): it runs exactly as often as
// ORBWEAVER_BENCH_ITERATIONS says, where that is set, and as long as the library likes elsewhere.
// Two runs that differ in nothing but this number differ in what the iterations themselves cost,
// which is how instructions.py counts.
inline void fixed_iterations(benchmark::internal::Benchmark* of) {
  if (const char* const times = std::getenv("ORBWEAVER_BENCH_ITERATIONS"))
    of->Iterations(std::atoll(times));
}

}  // namespace orbweaver
