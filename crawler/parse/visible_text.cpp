#include "crawler/parse/visible_text.hpp"

#include <algorithm>

#include "crawler/parse/character_reference.hpp"
#include "crawler/parse/collapse.hpp"
#include "crawler/parse/utf8.hpp"

namespace orbweaver::html {
namespace {

using enum element;
using enum block_kind::table_rank;

bool is_preformatted(element e) noexcept { return e == pre || e == listing; }

// 13.2.4.3: what is opened again in the next block if the one around it ends.
bool is_formatting(element e) noexcept {
  switch (e) {
    case a:
    case b:
    case big:
    case code:
    case em:
    case font:
    case i:
    case nobr:
    case s:
    case small:
    case strike:
    case strong:
    case tt:
    case u: return true;
    default: return false;
  }
}

}  // namespace

void visible_text::conceal(const element_info& tag, const name_key& key, bool block) noexcept {
  if (!tag.has(is_void)) concealed_ = {true, key, tag.code, blocks_.depth(), block ? 0U : 1U};
}

// Whether a tag of this name is one of those that are counted. 13.2.6.4.7, "any other end tag": it
// does not reach out of a block, except for those of formatting elements.
bool visible_text::is_counted(const name_key& key) const noexcept {
  if (concealed_.same == 0 || key != concealed_.key) return false;
  return is_formatting(concealed_.code) ? !blocks_.bounds_scope(concealed_.depth)
                                        : blocks_.depth() == concealed_.depth;
}

bool visible_text::outlives_closed_blocks(const element_info& tag) noexcept {
  if (blocks_.depth() >= concealed_.depth) return true;
  if (is_formatting(concealed_.code) && !blocks_.closed_cell(concealed_.depth)) {
    concealed_.depth = blocks_.depth();
    break_line(tag);
    return true;
  }
  concealed_ = {};
  return false;
}

bool visible_text::start_is_concealed(const element_info& tag, const name_key& key,
                                      bool opens) noexcept {
  if (!outlives_closed_blocks(tag)) return false;
  // What has been put between the parts of a table ends with the next part.
  const auto rank = kind_of(tag.code).rank;
  const bool is_part = rank != no_part && rank != whole_table;
  if (is_part && opens && concealed_.same != 0 && blocks_.depth() == concealed_.depth) {
    concealed_ = {};
    return false;
  }
  if (!is_counted(key)) return true;
  // 13.2.6.4.7: these two end an open one of their own.
  if (concealed_.code == a || concealed_.code == nobr) {
    concealed_ = {};
    return false;
  }
  ++concealed_.same;
  return true;
}

bool visible_text::end_is_concealed(const element_info& tag, const name_key& key) noexcept {
  if (is_counted(key)) {
    if (--concealed_.same != 0) return true;
    if (blocks_.depth() != concealed_.depth) break_line(tag);  // one has begun meanwhile
    concealed_ = {};
    return true;
  }
  const bool stray = kind_of(tag.code).opens && !blocks_.close(tag.code);
  // Rather show too much than lose the rest of the page.
  if (stray && blocks_.too_deep()) {
    concealed_ = {};
    return false;
  }
  const bool is_its_own = concealed_.same == 0 && blocks_.depth() + 1 == concealed_.depth;
  return outlives_closed_blocks(tag) || is_its_own;
}

void visible_text::start(const element_info& tag, const name_key& key, bool hidden) {
  raw_ = tag.code;
  pre_began_ = false;
  bool opens = false;
  if (const block_kind kind = kind_of(tag.code); kind.opens || kind.ends_p) {
    const bool within_inline = concealed_.same != 0 && blocks_.depth() == concealed_.depth;
    opens = blocks_.make_way(tag.code, within_inline);
  }
  const bool within = concealed() && start_is_concealed(tag, key, opens);
  const bool block = opens && blocks_.open(tag.code);
  if (within) return;
  if (tag.code == tr) end_cell();
  if (tag.has(breaks_line)) break_line(tag);
  const bool whole_page = tag.code == html || tag.code == head || tag.code == body;
  if ((hidden && !whole_page) || (tag.has(hides) && !tag.has(switches)))
    return conceal(tag, key, block);
  switch (tag.code) {
    case br: lines_ = std::min(lines_ + 1, 2U); break;
    case table: row_has_text_ = false; break;
    case tr:
      first_cell_ = true;
      row_has_text_ = false;
      break;
    case td:
    case th: begin_cell(); break;
    default:
      if (!is_preformatted(tag.code)) break;
      ++pre_;
      pre_began_ = true;
  }
}

void visible_text::end(const element_info& tag, const name_key& key) {
  raw_ = other;
  pre_began_ = false;
  if (concealed()) {
    if (end_is_concealed(tag, key)) return;
  } else if (kind_of(tag.code).opens) {
    blocks_.close(tag.code);
  }
  if (is_preformatted(tag.code) && pre_ != 0) --pre_;
  if (tag.code == td || tag.code == th || tag.code == tr) end_cell();
  if (tag.has(breaks_line)) break_line(tag);
  // A table within a cell has had rows of its own.
  if (tag.code == table) first_cell_ = false;
}

void visible_text::characters(std::string_view raw, content where) {
  const bool raw_text = where != content::data && where != content::cdata;
  const bool shown_raw = raw_ == xmp || raw_ == plaintext;
  if (concealed() || truncated_ || (raw_text && !shown_raw)) return;
  const references refs = where == content::data ? references::in_text : references::none;
  const decode_mode mode{refs, nul_bytes::drop};
  if (pre_ == 0 && !raw_text) {
    return decode_pieces(raw, mode, [this](std::string_view piece) { add_words(piece); });
  }
  // 13.2.6.4.7, "a start tag whose tag name is pre": the next line feed is ignored.
  if (pre_began_) raw.remove_prefix(raw.starts_with("\r\n") ? 2 : raw.starts_with('\n') ? 1 : 0);
  pre_began_ = false;
  decode_pieces(raw, mode, [this](std::string_view piece) { add_preformatted(piece); });
}

void visible_text::break_line(const element_info& tag) noexcept {
  if (!in_empty_cell_) lines_ = std::max(lines_, tag.has(parts_paragraph) ? 2U : 1U);
}

void visible_text::begin_cell() noexcept {
  end_cell();
  if (!first_cell_) ++tabs_;
  first_cell_ = false;
  in_empty_cell_ = true;
}
// What the blocks in a cell leave behind does not part it from the next cell or row.
void visible_text::end_cell() noexcept {
  in_empty_cell_ = false;
  if (row_has_text_) lines_ = 0;
}

void visible_text::add_words(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    if (is_space(*at)) {
      space_ = true;
      ++at;
      continue;
    }
    const char* const words = at;
    at = words_end(at, end);
    write_gap();
    append({words, static_cast<std::size_t>(at - words)});
  }
}

void visible_text::add_preformatted(std::string_view text) {
  if (text.empty()) return;
  write_gap();
  append(text);
}

void visible_text::append(std::string_view text) {
  if (truncated_) return;
  const std::size_t room = max_bytes_ - std::min(max_bytes_, out_.size());
  truncated_ = text.size() > room;
  out_.append(clip_utf8(text, room));
}

// At the beginning of the text there is nothing to part.
void visible_text::write_gap() {
  if (!out_.empty()) {
    if (lines_ != 0) {
      // Preformatted text may have ended with line feeds of its own.
      const unsigned have = out_.ends_with("\n\n") ? 2 : out_.ends_with('\n') ? 1 : 0;
      append(std::string_view("\n\n").substr(0, lines_ - std::min(lines_, have)));
    }
    for (std::size_t i = 0; i < tabs_; ++i) append("\t");
    if (lines_ == 0 && tabs_ == 0 && space_) append(" ");
  }
  lines_ = 0;
  tabs_ = 0;
  space_ = in_empty_cell_ = false;
  row_has_text_ = true;
}

bool style_hides(std::string_view style) noexcept {
  bool hides_it = false;
  while (!style.empty()) {
    const auto semicolon = style.find(';');
    const auto one = style.substr(0, semicolon);
    style = semicolon == std::string_view::npos ? std::string_view{} : style.substr(semicolon + 1);
    const auto colon = one.find(':');
    if (colon == std::string_view::npos) continue;
    if (!equals_ignoring_case(trim(one.substr(0, colon)), "display")) continue;
    auto value = one.substr(colon + 1);
    value = trim(value.substr(0, value.find('!')));
    hides_it = equals_ignoring_case(value, "none");
  }
  return hides_it;
}

}  // namespace orbweaver::html
