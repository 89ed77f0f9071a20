#include "crawler/frontier/host_pace.hpp"

#include <algorithm>

namespace orbweaver {
namespace {

// A penalty that has shrunk below this is over.
constexpr std::chrono::milliseconds least_penalty{50};
constexpr unsigned max_doublings = 20;

}  // namespace

void host_pace::take(sign what, clock::duration answer_time, clock::time_point now) {
  if (what == sign::nothing) return;
  if (what == sign::failed) return failed(now);
  failures_ = parks_ = 0;
  parked_until_ = given_up_until_ = {};
  switch (what) {
    case sign::answered:
      answer_time_ =
          answer_time_ == clock::duration{} ? answer_time : (answer_time_ * 3 + answer_time) / 4;
      penalty_ = penalty_ * 3 / 4;
      if (penalty_ < least_penalty) penalty_ = {};
      break;
    case sign::erred: penalty_ = std::max(penalty_, how_->first_penalty); break;
    default: penalise(); break;
  }
}

void host_pace::penalise() noexcept {
  penalty_ = std::min(std::max(penalty_ * 2, how_->first_penalty), how_->longest_delay);
}

// What fails while the host is parked was begun before: it says nothing new.
void host_pace::failed(clock::time_point now) noexcept {
  if (now < parked_until_ || given_up(now)) return;
  penalise();
  if (++failures_ < how_->failures_to_park) return;
  if (parks_ == how_->parks_to_give_up) {
    given_up_until_ = now + how_->given_up_for;
    parks_ = 0;
    return;
  }
  const auto doubled = how_->first_park * (1U << std::min(parks_, max_doublings));
  parked_until_ = now + std::min<clock::duration>(doubled, how_->longest_park);
  ++parks_;
}

clock::duration host_pace::delay() const noexcept {
  const clock::duration slow = std::max(answer_time_ - how_->comfortable, clock::duration{});
  return std::min(std::max(slow, penalty_), how_->longest_delay);
}

}  // namespace orbweaver
