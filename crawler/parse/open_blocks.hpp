#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "crawler/parse/names.hpp"

namespace orbweaver::html {

struct block_kind {
  // Each is a part of the next one.
  enum table_rank : std::uint8_t { no_part, cell, row, row_group, whole_table };

  bool opens = false;   // is among the open blocks
  bool ends_p = false;  // its start tag ends a paragraph
  table_rank rank = no_part;
};
block_kind kind_of(element e) noexcept;

// The open elements that end others or are ended by them without an end tag of their own: blocks,
// the parts of tables, and what a paragraph may contain that contains blocks.
class open_blocks {
 public:
  // Deeper ones are not remembered; too_deep() says that there were some.
  static constexpr std::size_t max_depth = 128;

  std::size_t depth() const noexcept { return depth_; }
  bool too_deep() const noexcept { return too_deep_; }
  // Closes what the start tag of `next` ends. False: the tag is none of these or is ignored.
  // `within_inline`: the innermost block is known to contain an open inline element.
  bool make_way(element next, bool within_inline) noexcept;
  // False: it is not remembered.
  bool open(element next) noexcept;
  // False: nothing is open that its end tag would end.
  bool close(element which) noexcept;
  // Whether a cell or caption is among those that make_way() or close() closed just now, the depth
  // having been `before`.
  bool closed_cell(std::size_t before) const noexcept;
  // Whether the elements from `depth` on end what is looked for outside (13.2.4.2, "scope").
  bool bounds_scope(std::size_t depth) const noexcept;

 private:
  element top() const noexcept { return depth_ == 0 ? element::other : open_[depth_ - 1]; }
  void close_item(element one, element other) noexcept;
  bool close_table_parts(unsigned rank) noexcept;

  std::array<element, max_depth> open_{};
  std::size_t depth_ = 0;
  bool too_deep_ = false;
};

}  // namespace orbweaver::html
