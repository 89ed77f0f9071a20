#include "crawler/parse/visible_text.hpp"

#include <algorithm>

#include "crawler/parse/character_reference.hpp"
#include "crawler/parse/collapse.hpp"
#include "crawler/parse/utf8.hpp"

namespace orbweaver::html {
namespace {

using enum element;

bool is_preformatted(element e) noexcept { return e == pre || e == listing; }

// Elements whose end tag may be left out, in groups whose members end each other.
int sibling_group(element e) noexcept {
  switch (e) {
    case p: return 1;
    case li: return 2;
    case dd:
    case dt: return 3;
    case td:
    case th: return 4;
    case tr: return 5;
    case tbody:
    case tfoot:
    case thead: return 6;
    case body:
    case html:
    case head: return 7;
    default: return 0;
  }
}

// Whether the start tag of `next` ends an open `e` whose end tag was left out (HTML Standard
// 13.1.2.4).
bool is_ended_by(element e, const element_info& next) noexcept {
  const int group = sibling_group(e);
  if (group == 0) return false;
  if (group == 1) return next.has(breaks_line);
  const int other = sibling_group(next.code);
  return other == group || (group >= 4 && other > group && other <= 6);
}

bool must_be_closed(const element_info& tag) noexcept {
  return tag.has(breaks_line) && !tag.has(is_void) && sibling_group(tag.code) == 0;
}

}  // namespace

void visible_text::conceal(const element_info& tag, const name_key& key) noexcept {
  if (!tag.has(is_void)) concealed_ = {key, tag.code, 1, 0};
}

bool visible_text::start_is_concealed(const element_info& tag, const name_key& key) noexcept {
  if (concealed_.blocks == 0 && is_ended_by(concealed_.code, tag)) {
    concealed_ = {};
    return false;
  }
  if (must_be_closed(tag)) ++concealed_.blocks;
  if (key == concealed_.key && sibling_group(tag.code) == 0) ++concealed_.same;
  return true;
}

bool visible_text::end_is_concealed(const element_info& tag, const name_key& key) noexcept {
  const bool same = key == concealed_.key;
  if (same && sibling_group(tag.code) != 0 && concealed_.blocks != 0) return true;
  if (same && --concealed_.same == 0) {
    concealed_ = {};
    return true;
  }
  if (!must_be_closed(tag)) return true;
  if (concealed_.blocks != 0) {
    --concealed_.blocks;
    return true;
  }
  concealed_ = {};
  return false;
}

void visible_text::start(const element_info& tag, const name_key& key, bool hidden) {
  raw_ = tag.code;
  pre_began_ = false;
  if (concealed() && start_is_concealed(tag, key)) return;
  if (tag.code == tr) end_cell();
  if (tag.has(breaks_line)) break_line(tag);
  const bool whole_page = tag.code == html || tag.code == body;
  if ((hidden && !whole_page) || (tag.has(hides) && !tag.has(switches))) return conceal(tag, key);
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
  if (concealed() && end_is_concealed(tag, key)) return;
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
