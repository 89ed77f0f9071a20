#pragma once

#include <optional>
#include <string>

#include "common/net/resolver.hpp"
#include "crawler/engine.hpp"
#include "crawler/store/store.hpp"
#include "server/http/answer_counts.hpp"
#include "server/metrics/process_numbers.hpp"
#include "server/webhooks/webhooks.hpp"

namespace orbweaver {

// What the whole service is and has done, at one moment.
struct service_numbers {
  engine_load load;
  engine_totals totals;
  std::size_t body_bytes = 0;  // of pages being read
  resolver::counts names;
  store_activity store;
  store_health health = store_health::well;
  webhook_counts hooks;
  answers_by_class answers{};  // of the API
  std::size_t api_connections = 0;
  latency_histogram lag;  // of the event loop
  std::optional<process_numbers> process;
};

// In Prometheus's text format. How many lines there are does not depend on what is crawled. Pure.
std::string metrics_text(const service_numbers& numbers);

}  // namespace orbweaver
