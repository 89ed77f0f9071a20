#include "crawler/statistics/heavy_hosts.hpp"

#include <algorithm>

namespace orbweaver {

void heavy_hosts::add(std::uint64_t hash, std::string_view host, std::uint64_t weight,
                      double seconds, bool failed) {
  const auto known = index_.find(hash);
  if (known == index_.end() && (weight == 0 || places_ == 0)) return;
  const std::size_t at = known == index_.end() ? place_of_new(hash, host) : known->second;
  place& p = heap_[at];
  p.weight += weight;
  ++p.tally.pages;
  if (failed) ++p.tally.failures;
  p.tally.seconds += seconds;
  p.tally.longest = std::max(p.tally.longest, seconds);
  sink(at);
}

void heavy_hosts::restore(std::uint64_t hash, host_tally tally, std::uint64_t weight) {
  if (heap_.size() == places_ || index_.contains(hash)) return;
  heap_.push_back({hash, weight, std::move(tally)});
  index_[hash] = heap_.size() - 1;
  rise(heap_.size() - 1);
}

std::vector<host_tally> heavy_hosts::tallies() const {
  std::vector<host_tally> out;
  out.reserve(heap_.size());
  for (const place& p : heap_) out.push_back(p.tally);
  return out;
}

// Where the new host stands now: at the end, or instead of the lightest one.
std::size_t heavy_hosts::place_of_new(std::uint64_t hash, std::string_view host) {
  host_tally fresh;
  fresh.host = host;
  if (heap_.size() < places_) {
    heap_.push_back({hash, 0, std::move(fresh)});
    index_[hash] = heap_.size() - 1;
    rise(heap_.size() - 1);
    return index_[hash];
  }
  index_.erase(heap_[0].hash);
  const std::uint64_t inherited = heap_[0].weight;
  put(0, {hash, inherited, std::move(fresh)});
  return 0;
}

void heavy_hosts::put(std::size_t at, place&& what) {
  index_[what.hash] = at;
  heap_[at] = std::move(what);
}

void heavy_hosts::sink(std::size_t at) {
  place moving = std::move(heap_[at]);
  for (;;) {
    std::size_t child = 2 * at + 1;
    if (child >= heap_.size()) break;
    if (child + 1 < heap_.size() && heap_[child + 1].weight < heap_[child].weight) ++child;
    if (heap_[child].weight >= moving.weight) break;
    put(at, std::move(heap_[child]));
    at = child;
  }
  put(at, std::move(moving));
}

void heavy_hosts::rise(std::size_t at) {
  place moving = std::move(heap_[at]);
  while (at != 0 && heap_[(at - 1) / 2].weight > moving.weight) {
    put(at, std::move(heap_[(at - 1) / 2]));
    at = (at - 1) / 2;
  }
  put(at, std::move(moving));
}

}  // namespace orbweaver
