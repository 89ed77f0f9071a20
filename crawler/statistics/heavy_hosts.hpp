#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace orbweaver {

// What is known of one host's fetches.
struct host_tally {
  std::string host;  // with its port, where that is not the scheme's own
  std::uint64_t pages = 0;
  std::uint64_t failures = 0;  // among them
  double seconds = 0;          // of all of them together
  double longest = 0;          // seconds
};

// The hosts that weigh most, in bounded memory (Metwally, Agrawal, El Abbadi, "Efficient
// computation of frequent and top-k elements in data streams", 2005: space-saving). When there is
// no room for a new host, it takes the place, and the weight, of the lightest one. So every host
// whose weight is more than the whole over the number of places is among them. A tally begins when
// its host comes in; as long as there are fewer hosts than places, all are exact. Pure.
class heavy_hosts {
 public:
  // About 200 bytes each.
  explicit heavy_hosts(std::size_t places) : places_(places) {}

  // A fetch from `host`, which `hash` stands for, adds `weight`. One without weight is counted
  // where the host is known already.
  void add(std::uint64_t hash, std::string_view host, std::uint64_t weight, double seconds,
           bool failed);
  // As it was told by tallies() of another object.
  void restore(std::uint64_t hash, host_tally tally, std::uint64_t weight);

  // In no order.
  std::vector<host_tally> tallies() const;

 private:
  struct place {
    std::uint64_t hash = 0;
    std::uint64_t weight = 0;
    host_tally tally;
  };

  std::size_t place_of_new(std::uint64_t hash, std::string_view host);
  void sink(std::size_t at);
  void rise(std::size_t at);
  void put(std::size_t at, place&& what);

  std::size_t places_;
  std::vector<place> heap_;  // the lightest first
  std::unordered_map<std::uint64_t, std::size_t> index_;
};

}  // namespace orbweaver
