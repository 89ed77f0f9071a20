#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>

#include "crawler/frontier/print_filter.hpp"
#include "crawler/frontier/seen_set.hpp"

namespace orbweaver {

// A seen_set of bounded memory, in front of a store that knows everything. It has two generations:
// what is found or asked for stands in the young one; when that is full, the old one is dropped and
// the young one becomes old. Until something has been dropped it is complete, and what it does not
// know is new. From then on a filter tells most of what is new; for the rest the store has to be
// asked, which takes time. Pure.
//
// A look-up is under way from begin_look_up() to end_look_up(). Whatever is found or asked for
// meanwhile is kept until its end: no second generation is dropped while it lasts.
class seen_cache {
 public:
  using epoch = std::uint64_t;
  struct known {
    url_id id;
    std::uint8_t mark;  // see seen_set
  };

  // Memory, bytes; a page's links may go beyond it until make_room().
  void set_capacity(std::size_t bytes);
  // The store knows more than this cache has been told: all of that is to be told by remind()
  // before anything else is asked.
  void set_incomplete();
  void remind(fingerprint f) { filter_->add(f); }
  bool complete() const noexcept { return complete_; }
  // Whether only the store can say if it is new.
  bool is_doubtful(fingerprint f) { return !complete_ && filter_->may_contain(f) && !find(f); }

  // Notes `f` as `id` unless it is known here.
  seen_set::known insert(fingerprint f, url_id id);
  // nullopt when it is not known here.
  std::optional<known> find(fingerprint f);
  // Precondition: `f` has been found or asked for since make_room().
  void mark(fingerprint f, std::uint8_t mark) { young_.mark(f, mark); }

  // Drops a generation when there is need of room and no look-up forbids it. To be called only
  // when the store has been told of everything that was inserted: what is dropped is looked up
  // there.
  void make_room();

  epoch begin_look_up();
  void end_look_up(epoch begun);

  std::size_t size() const noexcept { return young_.size() + old_.size(); }
  std::size_t memory_bytes() const noexcept {
    return young_.memory_bytes() + old_.memory_bytes() + (filter_ ? filter_->memory_bytes() : 0);
  }

 private:
  void drop_old();

  seen_set young_, old_;
  std::optional<print_filter> filter_;  // of everything, once something has been dropped
  std::size_t filter_bytes_ = 1 << 20;
  std::size_t most_ = std::numeric_limits<std::size_t>::max();  // entries of a generation
  bool complete_ = true;
  epoch now_ = 0;                             // generations dropped so far
  std::array<std::uint32_t, 2> under_way_{};  // look-ups begun in this epoch, in the one before
};

}  // namespace orbweaver
