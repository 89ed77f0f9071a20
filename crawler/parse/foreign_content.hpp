#pragma once

#include <array>
#include <cstddef>

#include "crawler/parse/names.hpp"

namespace orbweaver::html {

// Knows whether the tokenizer reads SVG or MathML, where `<title>` and `<script>` are elements like
// any other and CDATA sections exist. What HTML Standard 13.2.6.5 decides by the stack of open
// elements is decided here by the few of them that matter.
class foreign_content {
 public:
  // Deeper nesting is not remembered: what opens there is taken to be what is around it.
  // too_deep() says that it was met.
  static constexpr std::size_t max_depth = 64;

  // The current node is an SVG or MathML element and no integration point.
  bool inside() const noexcept { return depth_ != 0 && is_root(top()); }
  bool inside_svg() const noexcept { return depth_ != 0 && top() == element::svg; }
  // The text here is none of the page's: that of drawings, and of formulas where it stands outside
  // of their tokens (annotations).
  bool hides_text() const noexcept {
    return inside() || (depth_ != 0 && (top() == element::desc || top() == element::title));
  }
  bool too_deep() const noexcept { return too_deep_; }
  // Some SVG or MathML element is open.
  bool open() const noexcept { return depth_ != 0; }

  // A start tag of one of the roots, anywhere, or of any element while inside(). `html_encoding`:
  // an annotation-xml that says it contains HTML.
  void start(element code, bool self_closing, bool html_encoding) noexcept {
    // 13.2.6.5, "any other start tag": in a drawing `<math>` is of SVG, like everything else.
    if (self_closing || (code == element::math && inside_svg())) return;
    if (is_root(code) || is_integration_point(code, html_encoding)) push(code);
  }
  // A tag of HTML that does not belong in foreign content ends it.
  void break_out() noexcept {
    while (inside()) --depth_;
  }
  // An end tag while open(); false if it is not that of anything open here.
  bool end(element code) noexcept {
    for (std::size_t i = depth_; i-- != 0;) {
      if (open_[i] != code) continue;
      depth_ = i;
      return true;
    }
    return false;
  }

 private:
  static bool is_root(element which) noexcept {
    return which == element::svg || which == element::math;
  }
  bool is_integration_point(element which, bool html_encoding) const noexcept {
    using enum element;
    if (inside_svg()) return which == foreignobject || which == desc || which == title;
    if (which == annotation_xml) return html_encoding;
    return which == mi || which == mo || which == mn || which == ms || which == mtext;
  }
  element top() const noexcept { return open_[depth_ - 1]; }
  void push(element code) noexcept {
    if (depth_ < max_depth) {
      open_[depth_++] = code;
    } else {
      too_deep_ = true;
    }
  }

  std::array<element, max_depth> open_{};
  std::size_t depth_ = 0;
  bool too_deep_ = false;
};

}  // namespace orbweaver::html
