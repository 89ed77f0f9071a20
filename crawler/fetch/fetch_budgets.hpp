#pragma once

#include <cstddef>

#include "common/async/task.hpp"

namespace orbweaver {

// Limits on the phases of a fetch; the crawl's `timeout` stands above all of them.
struct fetch_budgets {
  // Waiting in the resolver's queue included; a name itself is given resolver_settings::budget.
  clock::duration resolve = std::chrono::seconds(30);
  clock::duration connect = std::chrono::seconds(10);  // over all addresses of the host
  clock::duration tls = std::chrono::seconds(10);
  clock::duration first_byte = std::chrono::seconds(15);
  // A body must bring this much on average once it has been coming for slow_after.
  std::size_t bytes_per_second = 1024;
  clock::duration slow_after = std::chrono::seconds(10);
};

}  // namespace orbweaver
