#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "crawler/parse/ascii.hpp"
#include "crawler/parse/block.hpp"

// The states of the HTML Standard's tokenizer (13.2.5), folded into functions over a run of bytes
// [p, end): each recognises one construct and answers where it ends, nothing is copied or decoded.
// walk() strings them together.
namespace orbweaver::html {

inline std::string_view view(const char* begin, const char* end) noexcept {
  return {begin, static_cast<std::size_t>(end - begin)};
}

// What ends a tag's name, and an attribute's together with '='. A table, for which one it is cannot
// be foreseen.
inline constexpr auto name_enders = [] {
  std::array<bool, 256> out{};
  for (const char c : {'\t', '\n', '\f', '\r', ' ', '/', '>'})
    out[static_cast<unsigned char>(c)] = true;
  return out;
}();
inline bool ends_name(char c) noexcept { return name_enders[static_cast<unsigned char>(c)]; }

// 13.2.5.8 Tag name state: the end of the name that begins at `p`.
inline const char* tag_name_end(const char* p, const char* end) noexcept {
  if (end - p >= block::size) {
    const block b = block::load(p);
    // at_most(' ') also stops at control characters, which may stand in a name.
    const auto stop = (b.at_most(' ') | b.equal('/') | b.equal('>')).bits();
    if (stop != 0) p += std::countr_zero(stop);
  }
  while (p != end && !ends_name(*p)) ++p;
  return p;
}

// As written: case kept, references not decoded.
struct raw_attribute {
  std::string_view name;
  std::string_view value;
};
// The next part of a tag, behind its name or an attribute.
struct tag_part {
  enum class kind : std::uint8_t {
    attribute,
    closed,       // '>'
    self_closed,  // '/>'
    cut_off       // the document ended first; the tag does not count
  };
  kind type;
  const char* next;         // behind it
  raw_attribute attribute;  // if it is one
};

// 13.2.5.32 to 13.2.5.40; `p` is behind a tag's name or its last attribute.
tag_part read_tag_part(const char* p, const char* end) noexcept;

inline constexpr std::string_view comment_opening = "<!--";
inline constexpr std::string_view cdata_opening = "<![CDATA[";

struct raw_comment {
  const char* data_end;
  const char* next;  // behind the comment
};
// 13.2.5.43 to 13.2.5.52; `p` is behind `<!--`.
raw_comment comment_end(const char* p, const char* end) noexcept;
// 13.2.5.41 Bogus comment state; `p` is at the first byte of its data.
raw_comment bogus_comment_end(const char* p, const char* end) noexcept;

// 13.2.5.69 CDATA section state; `p` is behind `<![CDATA[`.
raw_comment cdata_end(const char* p, const char* end) noexcept;

// 13.2.5.9 to 13.2.5.14: the '<' of the first `</name` that closes an element of (escapable) raw
// text, or `end`.
const char* raw_text_end(const char* p, const char* end, std::string_view name) noexcept;
// 13.2.5.4 and 13.2.5.15 to 13.2.5.31: the same for script, with its escaped states.
const char* script_end(const char* p, const char* end, std::string_view name) noexcept;

// What XML has instead of raw text (XML 1.0, section 3.1): the '<' of the first `</name`, or `end`.
// One in a CDATA section or a comment does not count.
const char* xml_text_end(const char* p, const char* end, std::string_view name) noexcept;

// Names are compared as the tokenizer builds them; absent and empty are different things.
struct raw_doctype {
  std::string_view name, public_id, system_id;
  bool has_name = false;
  bool has_public_id = false;
  bool has_system_id = false;
  bool correct = true;  // false: sets the standard's force-quirks flag
};
// 13.2.5.53 to 13.2.5.68; `text` stands between `<!doctype` and '>', or the end of the document
// if `cut_off`.
raw_doctype read_doctype(std::string_view text, bool cut_off) noexcept;

}  // namespace orbweaver::html
