#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "crawler/parse/arena.hpp"
#include "crawler/parse/ascii.hpp"
#include "crawler/parse/collapse.hpp"

namespace orbweaver::html {

// Gathers the text of the one anchor that is open (they do not nest).
class anchor_text {
 public:
  // `buffer` is the open anchor's alone.
  anchor_text(std::string& buffer, std::size_t max_bytes) noexcept
      : buffer_(buffer), max_bytes_(max_bytes), collapser_(buffer, max_bytes) {}

  bool open() const noexcept { return open_; }
  std::size_t link() const noexcept { return link_; }

  void start(std::size_t link) {
    open_ = true;
    link_ = link;
    tables_ = 0;
    parted_ = false;
    whole_ = {};
    buffer_.clear();
    collapser_ = {buffer_, max_bytes_};
  }
  // Most anchors are one run of text that can be used as it stands.
  void add(std::string_view raw) {
    if (whole_.empty() && buffer_.empty() && raw.size() <= max_bytes_ && is_collapsed(raw)) {
      whole_ = raw;
      parted_ = false;
      return;
    }
    use_buffer();
    if (parted_) collapser_.add(" ");
    parted_ = false;
    collapser_.add_raw(raw);
  }
  // Blocks, lines and cells do not run into each other.
  void part() noexcept { parted_ = true; }
  // The anchor's text; `truncated` is set if it is not all of it.
  std::string_view finish(arena& strings, bool& truncated) {
    open_ = false;
    if (!whole_.empty()) return trim(whole_);
    truncated |= collapser_.truncated();
    return strings.copy(buffer_);
  }

  // A tag of a table or one of its parts. An anchor is closed by the end of the cell it stands in,
  // not by tables that stand in it. False: it is closed.
  bool pass_table_tag(bool is_table, bool is_end) noexcept {
    if (is_table && !is_end) return ++tables_, true;
    if (tables_ == 0) return false;
    if (is_table) --tables_;
    return true;
  }

 private:
  void use_buffer() {
    if (whole_.empty()) return;
    collapser_.add_raw(whole_);
    whole_ = {};
  }

  std::string& buffer_;
  std::size_t max_bytes_;
  collapser collapser_;
  std::string_view whole_;
  std::size_t link_ = 0;
  std::size_t tables_ = 0;
  bool parted_ = false;  // from what comes next
  bool open_ = false;
};

}  // namespace orbweaver::html
