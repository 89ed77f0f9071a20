#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/error.hpp"
#include "crawler/statistics/heavy_hosts.hpp"
#include "crawler/statistics/latency_histogram.hpp"
#include "crawler/statistics/timeline.hpp"

namespace orbweaver {

inline constexpr std::size_t max_depths = 33;         // the last: that deep, or deeper
inline constexpr std::size_t max_content_types = 32;  // then "other"
inline constexpr std::size_t max_content_type_bytes = 100;
inline constexpr std::size_t tracked_hosts = 256;
inline constexpr std::size_t told_hosts = 20;

// What a page's fetch was like. Phases that did not take place are 0.
struct ended_page {
  bool failed = false;
  std::uint32_t depth = 0;
  std::string_view url;  // the last one asked
  std::string_view content_type;
  phase_seconds seconds{};
};

struct content_type_count {
  std::string type;  // empty: none was said
  std::uint64_t pages = 0;
  bool operator==(const content_type_count&) const = default;
};

// All that is told of a crawl's fetches beside its counts: of bounded size, whatever the crawl
// does.
struct statistics_snapshot {
  phase_latencies latency;
  std::array<std::uint64_t, max_depths> depths{};
  std::vector<content_type_count> content_types;  // most pages first, but "other" last
  std::vector<host_tally> slowest;                // by mean time, at most told_hosts
  std::vector<host_tally> failing;                // by failures, likewise
  std::vector<timeline_point> timeline;
};

// Gathers it: a tenth of a microsecond a page, up to a whole one where there are more hosts than
// are tracked. Pure.
class crawl_statistics {
 public:
  void add(const ended_page& page);
  void sample(const timeline_point& sums) { timeline_.sample(sums); }
  void finish(const timeline_point& sums) { timeline_.finish(sums); }
  statistics_snapshot snapshot() const;
  // Goes on from an earlier start's snapshot; of the hosts, those it tells are known.
  void restore(statistics_snapshot from, const timeline_point& so_far);

 private:
  void count_type(std::string_view type);

  phase_latencies latency_;
  std::array<std::uint64_t, max_depths> depths_{};
  std::vector<content_type_count> types_;
  std::uint64_t other_types_ = 0;
  heavy_hosts slow_{tracked_hosts};     // weight: microseconds
  heavy_hosts failing_{tracked_hosts};  // weight: failures
  timeline timeline_;
};

// What a URL has between "//" and the path, without user and password.
std::string_view host_in(std::string_view url) noexcept;

}  // namespace orbweaver
