#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "crawler/parse/open_blocks.hpp"

// The text a reader of the page would see, roughly as a browser's innerText gives it.
//   - Blocks, list items, table rows and <br> begin a new line; paragraphs, headings, quotations,
//     preformatted text and tables are kept apart by an empty line. There are never two of those.
//   - Cells of a row are separated by a tab.
//   - White space is collapsed; within <pre> it is kept.
//   - Left out: scripts, styles, <head>, templates, form fields, <select>, embedded media and what
//     stands in for it, drawings (SVG; formulas are kept), and elements hidden by the hidden
//     attribute, by an inline style `display: none` or by being a dialog that is not open.
//     aria-hidden hides nothing: its content is seen, only not read aloud.
// Without a tree the end of a hidden element is found by counting those of its name, and at the
// latest where the block around it ends, be it by an end tag or by the start of another block;
// formatting elements like <b> outlive blocks, but not the cell of a table.
namespace orbweaver::html {

class visible_text {
 public:
  // Appends to `out`, which is empty, at most `max_bytes`.
  visible_text(std::string& out, std::size_t max_bytes) noexcept
      : out_(out), max_bytes_(max_bytes) {}

  // Tags of HTML elements. `hidden`: by its attributes.
  void start(const element_info& tag, const name_key& key, bool hidden);
  void end(const element_info& tag, const name_key& key);
  void characters(std::string_view raw, content where);
  bool truncated() const noexcept { return truncated_; }

 private:
  // Finds the end of the hidden element.
  struct concealment {
    bool on = false;
    name_key key;
    element code = element::other;
    std::size_t depth = 0;  // open blocks around it, and itself if it is one of them
    std::size_t same = 0;   // open elements of the same name; 0 if it is an open block
  };

  bool concealed() const noexcept { return concealed_.on; }
  // `block`: it is among the open blocks.
  void conceal(const element_info& tag, const name_key& key, bool block) noexcept;
  // Whether a tag belongs to the hidden element; otherwise it has ended. `opens`: by make_way().
  bool start_is_concealed(const element_info& tag, const name_key& key, bool opens) noexcept;
  bool end_is_concealed(const element_info& tag, const name_key& key) noexcept;
  bool is_counted(const name_key& key) const noexcept;
  bool outlives_closed_blocks(const element_info& tag) noexcept;

  void break_line(const element_info& tag) noexcept;
  void begin_cell() noexcept;
  void end_cell() noexcept;
  void add_words(std::string_view text);
  void add_preformatted(std::string_view text);
  void append(std::string_view text);
  void write_gap();

  std::string& out_;
  std::size_t max_bytes_;
  bool truncated_ = false;

  // What parts the text so far from the text to come.
  unsigned lines_ = 0;    // line feeds, at most 2
  std::size_t tabs_ = 0;  // behind them
  bool space_ = false;    // if there is neither

  bool first_cell_ = true;      // none has begun in the row
  bool in_empty_cell_ = false;  // the cell has no text yet; blocks in it break no line
  bool row_has_text_ = false;

  std::size_t pre_ = 0;           // open preformatted elements
  bool pre_began_ = false;        // a line feed right behind <pre> does not count
  element raw_ = element::other;  // whose raw text comes next
  open_blocks blocks_;
  concealment concealed_;
};

// Whether the (decoded) value of a style attribute says `display: none`. The last word counts.
bool style_hides(std::string_view style) noexcept;

}  // namespace orbweaver::html
