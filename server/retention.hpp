#pragma once

#include <cstdint>
#include <vector>

#include "common/async/periodic.hpp"
#include "crawler/engine.hpp"
#include "crawler/store/store.hpp"

namespace orbweaver {

// How long crawls that are over are kept; 0: no limit.
struct retention_limits {
  std::uint32_t days = 0;   // since their end
  std::uint64_t bytes = 0;  // of all of them together, as bytesStored counts them
};

struct finished_crawl {
  crawl_id id;
  wall_clock::time_point finished_at;
  std::uint64_t bytes = 0;
  bool is_needed = false;  // by a crawl that is not over: it counts, and stays
};

// Those that go now, the longest finished first. Pure.
std::vector<finished_crawl> overdue(std::vector<finished_crawl> crawls,
                                    const retention_limits& limits, wall_clock::time_point now);

// Removes crawls that are over when their time has come or their space is needed: at the start,
// and each minute. A crawl that another one compares with stays until that is over, too.
class retention {
 public:
  retention(asio::io_context& context, engine& crawls, store& records, retention_limits limits);

  void start();
  task<> stop() { return turns_.stop(); }
  // Looks once.
  task<> sweep();

 private:
  task<std::vector<finished_crawl>> finished_crawls();

  engine& crawls_;
  store& records_;
  retention_limits limits_;
  periodic turns_;
};

}  // namespace orbweaver
