#include "crawler/frontier/seen_cache.hpp"

#include <utility>

namespace orbweaver {
namespace {

constexpr std::size_t filter_share = 4;  // the filter has one byte in so many

}  // namespace

// A page's links come on top of a generation before it is dropped: they are not to make it grow.
void seen_cache::set_capacity(std::size_t bytes) {
  const std::size_t fit = seen_set::entries_within((bytes - bytes / filter_share) / 2);
  most_ = fit - fit / 8;
  filter_bytes_ = bytes / filter_share;
  if (filter_) filter_->shrink(filter_bytes_);
}

void seen_cache::set_incomplete() {
  complete_ = false;
  filter_.emplace(filter_bytes_);
}

seen_set::known seen_cache::insert(fingerprint f, url_id id) {
  if (const auto before = find(f)) return {before->id, false, before->mark};
  if (filter_) filter_->add(f);
  return young_.insert(f, id);
}

std::optional<seen_cache::known> seen_cache::find(fingerprint f) {
  if (const auto here = young_.get(f)) return known{here->id, here->mark};
  const auto before = old_.get(f);
  if (!before) return std::nullopt;
  young_.insert(f, before->id);
  young_.mark(f, before->mark);
  return known{before->id, before->mark};
}

void seen_cache::make_room() {
  if (under_way_[1] != 0) return;
  const bool lowered = old_.size() > most_ + most_ / 2;  // the capacity has been
  if (young_.size() >= most_ || lowered) drop_old();
}

void seen_cache::drop_old() {
  if (complete_ && old_.size() != 0) {
    set_incomplete();
    const auto tell = [this](fingerprint f) { filter_->add(f); };
    old_.for_each(tell);
    young_.for_each(tell);
  }
  old_ = std::exchange(young_, {});
  ++now_;
  under_way_[1] = std::exchange(under_way_[0], 0);
}

seen_cache::epoch seen_cache::begin_look_up() {
  ++under_way_[0];
  return now_;
}

// The one begun in an earlier epoch was begun in the last: nothing is dropped before its end.
void seen_cache::end_look_up(epoch begun) { --under_way_[begun == now_ ? 0 : 1]; }

}  // namespace orbweaver
