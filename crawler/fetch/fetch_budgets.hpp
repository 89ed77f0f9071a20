#pragma once

#include <cstddef>

#include "common/async/task.hpp"

namespace orbweaver {

// Limits on the phases of a fetch; the crawl's `timeout` stands above all of them. Looking a name
// up has its limit in resolver_settings::budget.
struct fetch_budgets {
  // Until the resolver has time for the name. It counts neither against the name nor the timeout.
  clock::duration queue = std::chrono::minutes(5);
  clock::duration connect = std::chrono::seconds(10);  // over all addresses, a proxy included
  clock::duration tls = std::chrono::seconds(10);
  clock::duration first_byte = std::chrono::seconds(15);
  // A body must bring this much on average once it has been coming for slow_after.
  std::size_t bytes_per_second = 1024;
  clock::duration slow_after = std::chrono::seconds(10);
};

}  // namespace orbweaver
