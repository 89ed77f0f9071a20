#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "crawler/parse/character_reference.hpp"

// White space as readers see it: every run of ASCII whitespace is one space, none at the ends.
namespace orbweaver::html {

// Whether `raw`, as it stands in the document, already is its text with white space collapsed,
// save for a space at either end: no reference, control character or double space.
bool is_collapsed(std::string_view raw) noexcept;

// The end of the words that begin at `p`, which is no white space, as far as only single spaces
// part them. A control character that is no white space may end them as well.
const char* words_end(const char* p, const char* end) noexcept;

// Appends pieces of text to a string that is empty at first, collapsing across them.
class collapser {
 public:
  // Text beyond `max_bytes` is left out; a UTF-8 sequence is not cut.
  collapser(std::string& out, std::size_t max_bytes) noexcept : out_(&out), max_bytes_(max_bytes) {}

  // As it stands in the document; references are decoded in text_mode.
  void add_raw(std::string_view raw) {
    if (!truncated_) decode_pieces(raw, text_mode, [&](std::string_view piece) { add(piece); });
  }
  // Decoded.
  void add(std::string_view text);
  bool truncated() const noexcept { return truncated_; }

 private:
  std::string* out_;
  std::size_t max_bytes_;
  bool space_ = false;  // seen, to be written before the next word
  bool truncated_ = false;
};

}  // namespace orbweaver::html
