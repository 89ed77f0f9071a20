#pragma once

#include <cstdint>
#include <vector>

namespace orbweaver {

// How much came in the time up to `end`, from that of the point before.
struct timeline_point {
  double end = 0;  // seconds since the crawl began, over all starts of the service
  std::uint64_t fetched = 0;
  std::uint64_t failed = 0;
  std::uint64_t bytes = 0;  // on the wire
  bool operator==(const timeline_point&) const = default;
};

// A crawl's speed over its whole time, in bounded memory: when there are too many points, every two
// become one, and from then on points are twice as far apart. Pure.
class timeline {
 public:
  static constexpr std::size_t max_points = 240;

  // To be called about once a second, with the sums so far.
  void sample(const timeline_point& sums);
  // The same for the last sums there are, however soon they come.
  void finish(const timeline_point& sums);
  // Goes on from these, whose sums are `so_far`.
  void restore(std::vector<timeline_point> points, const timeline_point& so_far);

  const std::vector<timeline_point>& points() const noexcept { return points_; }

 private:
  void add(const timeline_point& sums);

  std::vector<timeline_point> points_;
  timeline_point last_;  // the sums at the last point
  double distance_ = 1;  // of points, seconds
};

}  // namespace orbweaver
