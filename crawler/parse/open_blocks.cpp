#include "crawler/parse/open_blocks.hpp"

#include <iterator>

namespace orbweaver::html {
namespace {

using enum element;
using enum block_kind::table_rank;

bool is_heading(element e) noexcept { return e >= h1 && e <= h6; }

constexpr block_kind make_kind(const element_info& e) noexcept {
  switch (e.code) {
    case body:
    case frame:
    case html:
    case legend:
    case optgroup:
    case option: return {};
    case caption:
    case td:
    case th: return {true, false, cell};
    case tr: return {true, false, row};
    case tbody:
    case tfoot:
    case thead: return {true, false, row_group};
    case table: return {true, true, whole_table};
    case button:
    case object:
    case select: return {true, false, no_part};
    default: return {e.has(breaks_line) && !e.has(is_void), e.has(breaks_line), no_part};
  }
}
constexpr auto kinds = [] {
  std::array<block_kind, std::size(element_rows) + 1> out{};
  for (const auto& one : element_rows)
    out[static_cast<std::size_t>(one.info.code)] = make_kind(one.info);
  return out;
}();

}  // namespace

block_kind kind_of(element e) noexcept { return kinds[static_cast<std::size_t>(e)]; }

bool open_blocks::make_way(element next, bool within_inline) noexcept {
  const block_kind kind = kind_of(next);
  if (kind.rank != no_part && kind.rank != whole_table) return close_table_parts(kind.rank);
  switch (next) {
    case li: close_item(li, li); break;
    case dd:
    case dt: close_item(dd, dt); break;
    case button: close(button); break;
    case table:  // 13.2.6.4.9
      if (kind_of(top()).rank >= row) close(table);
      break;
    default: break;
  }
  // Any block ends an open paragraph, and so nothing of this stack is above it but a button or the
  // like, out of which no start tag reaches.
  if (kind.ends_p && top() == p) {
    --depth_;
    within_inline = false;
  }
  if (is_heading(next) && is_heading(top()) && !within_inline) --depth_;
  return kind.opens;
}

// 13.2.6.4.7, start tags li, dd and dt: they look for an open item through these three only.
void open_blocks::close_item(element one, element other) noexcept {
  for (std::size_t n = depth_; n-- != 0;) {
    const element e = open_[n];
    if (e == one || e == other) {
      depth_ = n;
      return;
    }
    if (e != address && e != div && e != p) return;
  }
}

// 13.2.6.4.9 to 13.2.6.4.15: clears the stack back to what the part stands in. Outside of tables it
// is ignored.
bool open_blocks::close_table_parts(unsigned rank) noexcept {
  for (std::size_t n = depth_; n-- != 0;) {
    if (kind_of(open_[n]).rank <= rank) continue;
    depth_ = n + 1;
    return true;
  }
  return false;
}

bool open_blocks::open(element next) noexcept {
  too_deep_ |= depth_ == max_depth;
  if (depth_ == max_depth) return false;
  open_[depth_++] = next;
  return true;
}

bool open_blocks::close(element which) noexcept {
  for (std::size_t n = depth_; n-- != 0;) {
    const element e = open_[n];
    if (e == which || (is_heading(e) && is_heading(which))) {
      depth_ = n;
      return true;
    }
    // 13.2.4.2: table scope, scope, list item scope, button scope
    const unsigned rank = kind_of(e).rank;
    if (rank == whole_table || (rank == cell && kind_of(which).rank == no_part)) return false;
    if (which == li && (e == ul || e == ol)) return false;
    if (which == p && e == button) return false;
  }
  return false;
}

bool open_blocks::closed_cell(std::size_t before) const noexcept {
  for (std::size_t n = depth_; n < before; ++n) {
    if (kind_of(open_[n]).rank == cell) return true;
  }
  return false;
}

bool open_blocks::bounds_scope(std::size_t depth) const noexcept {
  for (std::size_t n = depth; n < depth_; ++n) {
    const unsigned rank = kind_of(open_[n]).rank;
    if (rank == cell || rank == whole_table) return true;
  }
  return false;
}

}  // namespace orbweaver::html
