#pragma once

#include <compare>

#include "crawler/model.hpp"

namespace orbweaver {

// Where a URL stands in its origin's queue. `line` is the number that the next new URL of the
// crawl would have had when this one was queued: for a URL queued at its discovery that is its own
// id, for one that is queued later (it had been skipped) a greater one. So what is queued stands
// behind all that was queued before.
struct queue_position {
  url_id line = 0;
  url_id id = 0;
  auto operator<=>(const queue_position&) const = default;
};

// Of a URL queued at its discovery, unless it says otherwise.
inline queue_position position_of(url_id id, url_id line = no_url) noexcept {
  return {line == no_url ? id : line, id};
}

}  // namespace orbweaver
