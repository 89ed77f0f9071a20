#include "crawler/statistics/timeline.hpp"

namespace orbweaver {
namespace {

// Calls do not come to the millisecond.
constexpr double slack = 0.2;  // seconds

// What `later` brought since `earlier`.
timeline_point between(const timeline_point& earlier, const timeline_point& later) {
  return {later.end, later.fetched - earlier.fetched, later.failed - earlier.failed,
          later.bytes - earlier.bytes};
}

void halve(std::vector<timeline_point>& points) {
  std::size_t to = 0;
  for (std::size_t from = 0; from + 1 < points.size(); from += 2) {
    const timeline_point& a = points[from];
    const timeline_point& b = points[from + 1];
    points[to++] = {b.end, a.fetched + b.fetched, a.failed + b.failed, a.bytes + b.bytes};
  }
  points.resize(to);
}

}  // namespace

void timeline::sample(const timeline_point& sums) {
  if (sums.end - last_.end >= distance_ - slack) add(sums);
}

void timeline::finish(const timeline_point& sums) {
  if (sums.end > last_.end) add(sums);
}

void timeline::add(const timeline_point& sums) {
  static_assert(max_points % 2 == 0);
  points_.push_back(between(last_, sums));
  last_ = sums;
  if (points_.size() < max_points) return;
  halve(points_);
  distance_ *= 2;
}

void timeline::restore(std::vector<timeline_point> points, const timeline_point& so_far) {
  while (points.size() >= max_points) halve(points);
  points_ = std::move(points);
  last_ = so_far;
  if (points_.empty()) return;
  while (distance_ * 1.5 < points_.front().end) distance_ *= 2;
}

}  // namespace orbweaver
