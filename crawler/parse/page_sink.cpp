#include "crawler/parse/page_sink.hpp"

#include "crawler/parse/character_reference.hpp"
#include "crawler/parse/utf8.hpp"

namespace orbweaver::html {
namespace {

// Whether the text on both sides of the tag is apart for a reader.
bool parts_text(const element_info& e) noexcept {
  return e.has(breaks_line | in_table) || e.code == element::br;
}

// Whether an end tag in foreign content may be that of an HTML element around it. Of those that
// matter there most are never around it.
bool closes_html(const element_info& e) noexcept {
  if (e.code == element::font || e.code == element::button) return true;
  return e.has(breaks_out | breaks_line | in_table);
}

// XML 1.0, sections 2.4 to 2.7: the text of an element without others in it. Comments are no text,
// and references mean nothing in CDATA sections.
std::string text_of_xml(std::string_view raw) {
  constexpr decode_mode as_written{references::none, nul_bytes::drop};
  std::string out;
  const char* p = raw.data();
  const char* const end = p + raw.size();
  for (const char* text = p; text != end;) {
    p = find_byte(p, end, '<');
    const std::string_view rest = view(p, end);
    const bool cdata = rest.starts_with(cdata_opening);
    if (p != end && !cdata && !rest.starts_with(comment_opening)) {
      ++p;
      continue;
    }
    append_decoded(out, view(text, p), text_mode);
    if (p == end) break;
    const char* const data = p + (cdata ? cdata_opening : comment_opening).size();
    const raw_comment found = cdata ? cdata_end(data, end) : comment_end(data, end);
    if (cdata) append_decoded(out, view(data, found.data_end), as_written);
    text = p = found.next;
  }
  return out;
}

}  // namespace

page_sink::page_sink(std::string_view html, const scan_options& options, page_scan& out)
    : end_(html.data() + html.size()),
      options_(options),
      out_(out),
      every_tag_(options.visible_text && !options.followed_only),
      anchor_(out.scratch, max_link_text_bytes),
      text_(out.text, max_text_bytes) {
  listen();
}

void page_sink::finish() {
  close_anchor();
  if (out_.language.empty()) out_.language = pragma_language_;
  out_.truncated.text = text_.truncated();
  out_.truncated.nesting = foreign_.too_deep();
}

// Decides which tags, and whether characters, matter in the present state.
void page_sink::listen() noexcept {
  wanted_starts_ = follows | switches | roots_foreign | templates;
  if (!options_.followed_only) wanted_starts_ |= refers;
  if (!options_.followed_only && options_.metadata) wanted_starts_ |= describes;
  wanted_ends_ = 0;
  if (templates_ != 0) wanted_ends_ |= templates;
  if (anchor_.open()) {
    wanted_starts_ |= in_table | breaks_line | is_void;  // the last for <br>
    wanted_ends_ |= in_table | breaks_line | follows;
  }
  if (foreign_.open()) {
    wanted_starts_ |= breaks_out | in_foreign;
    wanted_ends_ |= breaks_out | breaks_line | in_table | in_foreign | roots_foreign;
  }
  listening_ = every_tag_ || anchor_.open() || capture_ != capture::none;
}

std::string_view page_sink::value(attr which) {
  if (!has(which)) return {};
  std::string_view& text = values_[static_cast<std::size_t>(which)];
  if ((decoded_ & bit(which)) != 0) return text;
  decoded_ |= bit(which);
  if (text.size() > max_url_attribute_bytes) {
    text = clip_utf8(text, max_url_attribute_bytes);
    out_.truncated.values = true;
  }
  if (!is_plain(text, end_)) {
    char* const room = out_.strings.room(text.size() * max_decode_growth);
    text = out_.strings.keep(static_cast<std::size_t>(decode(text, attribute_mode, room) - room));
  }
  return text;
}
std::string_view page_sink::trimmed(attr which) { return trim(value(which)); }
bool page_sink::is(attr which, std::string_view keyword) {
  return equals_ignoring_case(value(which), keyword);
}

content page_sink::start_tag(bool self_closing) {
  const element_info& e = *element_;
  capture_ = capture::none;
  if (foreign_.open()) {
    if (foreign_.inside() && e.has(breaks_out)) foreign_.break_out();
    if (e.code == element::font && (has(attr::color) || has(attr::face) || has(attr::size)))
      foreign_.break_out();
    if (foreign_.inside()) {
      foreign_start_tag(self_closing);
      return content::data;
    }
    listen();
  }
  html_start_tag(self_closing);
  return options_.xml ? go_on_in_xml(self_closing) : e.reads;
}

// XML 1.0, section 3.1: what is self-closed is whole, and no element has content of a kind of its
// own. What is none of the page's text is left unread nevertheless.
content page_sink::go_on_in_xml(bool self_closing) {
  const element_info& e = *element_;
  if (!self_closing) return e.has(hides) ? e.reads : content::data;
  if (!e.has(is_void | roots_foreign)) html_end_tag();
  capture_ = capture::none;
  listen();
  return content::data;
}

void page_sink::html_start_tag(bool self_closing) {
  const element_info& e = *element_;
  if (e.has(roots_foreign)) {
    foreign_.start(e.code, self_closing, false);
    listen();
  } else if (e.code == element::template_) {
    if (templates_ != 0 || !opens_shadow_root()) {
      ++templates_;
      listen();
    }
  } else if (templates_ == 0) {
    if (every_tag_) text_.start(e, key_, hidden());
    if (anchor_.open()) {
      if (parts_text(e)) anchor_.part();
      if (e.has(in_table) && !anchor_.pass_table_tag(e.code == element::table, false))
        close_anchor();
    }
    record();
    if (capture_ != capture::none) listening_ = true;
  }
}

// 4.12.3: a template with one of these two modes becomes a part of the page. It is the HTML parser
// that makes it so (13.2.6.4.4); in XML no template does.
bool page_sink::opens_shadow_root() {
  return !options_.xml && (is(attr::shadowrootmode, "open") || is(attr::shadowrootmode, "closed"));
}

void page_sink::end_tag(bool) {
  const element_info& e = *element_;
  if (foreign_.open()) {
    const bool was_inside = foreign_.inside();
    const bool foreign = foreign_.end(e.code);
    const bool ends_template = e.code == element::template_ && templates_ != 0;
    if (!foreign && (ends_template || closes_html(e))) foreign_.break_out();
    listen();
    if (foreign || (was_inside && foreign_.inside())) {
      if (e.code == element::a && templates_ == 0) close_anchor();
      return;
    }
  }
  html_end_tag();
}

void page_sink::html_end_tag() {
  const element_info& e = *element_;
  if (e.code == element::template_) {
    if (templates_ != 0) --templates_;
    listen();
  } else if (templates_ == 0) {
    if (every_tag_) text_.end(e, key_);
    if (!anchor_.open()) return;
    if (parts_text(e)) anchor_.part();
    if (e.code == element::a ||
        (e.has(in_table) && !anchor_.pass_table_tag(e.code == element::table, true)))
      close_anchor();
  }
}

// Whether the tag's element is hidden by its attributes.
bool page_sink::hidden() {
  return has(attr::hidden) || (element_->code == element::dialog && !has(attr::open)) ||
         (has(attr::style) && style_hides(value(attr::style)));
}

// SVG has anchors as well, and its own name for href.
void page_sink::foreign_start_tag(bool self_closing) {
  const element code = element_->code;
  if (code == element::a && foreign_.inside_svg() && templates_ == 0) {
    on_anchor(has(attr::href) ? attr::href : attr::xlink_href);
    if (self_closing) close_anchor();
    return;
  }
  const bool html = is(attr::encoding, "text/html") || is(attr::encoding, "application/xhtml+xml");
  foreign_.start(code, self_closing, html);
  listen();
}

void page_sink::record() {
  using enum element;
  switch (element_->code) {
    case a: return on_anchor(attr::href);
    case area:
      if (add_link(link_element::area, attr::href) && options_.link_text)
        out_.links.back().text = trimmed(attr::alt);
      return;
    case base: return on_base();
    case frame: add_link(link_element::frame, attr::src); return;
    case iframe: add_link(link_element::iframe, attr::src); return;
    case meta: return on_meta();
    case title:
      if (out_.title.empty() && !options_.followed_only && options_.metadata)
        capture_ = capture::title;
      return;
    default: break;
  }
  if (options_.followed_only) return;
  switch (element_->code) {
    case audio: add_link(link_element::audio, attr::src); return;
    case form: return on_form();
    case html: return on_html();
    case image:
    case img:
      if (add_link(link_element::img, attr::src) && options_.link_text)
        out_.links.back().text = trimmed(attr::alt);
      return add_srcset(link_element::img);
    case link: return on_link();
    case script:
      add_link(link_element::script, attr::src);
      if (options_.metadata && equals_ignoring_case(trimmed(attr::type), "application/ld+json"))
        capture_ = capture::json_ld;
      return;
    case source: add_link(link_element::source, attr::src); return add_srcset(link_element::source);
    case video:
      add_link(link_element::video, attr::src);
      add_link(link_element::video, attr::poster);
      return;
    default: return;
  }
}

void page_sink::on_characters(std::string_view text, content where) {
  if (where == content::rcdata && capture_ == capture::title) return take_title(text);
  if (where == content::script && capture_ == capture::json_ld) return take_json_ld(text);
  const bool shown = where == content::data || where == content::cdata;
  if (templates_ != 0) return;
  if (anchor_.open() && shown) anchor_.add(text);
  if (every_tag_ && !foreign_.hides_text()) text_.characters(text, where);
}

void page_sink::take_title(std::string_view text) {
  capture_ = capture::none;
  const bool has_markup = options_.xml && text.find('<') != text.npos;
  if (!has_markup && text.size() <= max_title_bytes && is_collapsed(text)) {
    out_.title = trim(text);
  } else {
    std::string buffer;  // the usual one may hold the text of an anchor around the title
    collapser words(buffer, max_title_bytes);
    has_markup ? words.add(text_of_xml(text)) : words.add_raw(text);
    out_.title = out_.strings.copy(buffer);
    out_.truncated.values |= words.truncated();
  }
  listen();
}

void page_sink::take_json_ld(std::string_view text) {
  capture_ = capture::none;
  if (options_.xml && text.find_first_of("<&") != text.npos)
    text = out_.strings.copy(text_of_xml(text));
  text = trim(text);
  if (out_.json_ld.size() >= max_json_ld_blocks ||
      text.size() > max_json_ld_bytes - json_ld_bytes_) {
    out_.truncated.metadata = true;
  } else if (!text.empty()) {
    json_ld_bytes_ += text.size();
    out_.json_ld.push_back(text);
  }
  listen();
}

}  // namespace orbweaver::html
