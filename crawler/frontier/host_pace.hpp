#pragma once

#include <chrono>
#include <cstdint>

#include "common/async/task.hpp"

namespace orbweaver {

// How fast one host may be asked, by the way it answers. Pure.
//
// - An answer time, smoothed over the last few, above `comfortable` is waited out between starts
//   as far as it is above it.
// - 429, 502 to 504, timeouts, resets and failures to connect double a penalty, from
//   `first_penalty` on; any other 5xx brings it to that at least; each good answer takes a quarter
//   of it away.
// - So many failures in a row that nothing came back at all park the host, each time for twice as
//   long and with one attempt in between; after so many times it is given up for a while.
//
// None of it makes a host be asked faster than its crawls say.
class host_pace {
 public:
  struct settings {
    clock::duration comfortable = std::chrono::seconds(1);
    clock::duration first_penalty = std::chrono::seconds(1);
    clock::duration longest_delay = std::chrono::seconds(60);
    unsigned failures_to_park = 5;
    clock::duration first_park = std::chrono::seconds(10);
    clock::duration longest_park = std::chrono::minutes(5);
    unsigned parks_to_give_up = 5;
    clock::duration given_up_for = std::chrono::minutes(10);
  };

  enum class sign : std::uint8_t {
    nothing,      // says nothing about the host
    answered,     // in order, within answer_time
    erred,        // answered, but something is wrong there
    pushed_back,  // answered, or began to, and wants less
    failed,       // nothing came back
  };

  explicit host_pace(const settings& how) : how_(&how) {}

  void take(sign what, clock::duration answer_time, clock::time_point now);

  // The least time between two starts.
  clock::duration delay() const noexcept;
  // No start before this.
  clock::time_point parked_until() const noexcept { return parked_until_; }
  // Only one fetch at a time: it is to show whether the host is there again.
  bool in_trouble() const noexcept { return failures_ >= how_->failures_to_park; }
  bool given_up(clock::time_point now) const noexcept { return now < given_up_until_; }

 private:
  void penalise() noexcept;
  void failed(clock::time_point now) noexcept;

  const settings* how_;  // outlives the host
  clock::duration answer_time_{};
  clock::duration penalty_{};
  clock::time_point parked_until_{};
  clock::time_point given_up_until_{};
  unsigned failures_ = 0;  // in a row
  unsigned parks_ = 0;     // in a row
};

}  // namespace orbweaver
