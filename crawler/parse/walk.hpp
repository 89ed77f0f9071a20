#pragma once

#include <bit>
#include <cstdint>
#include <string_view>

#include "crawler/parse/block.hpp"
#include "crawler/parse/markup.hpp"
#include "crawler/parse/markup_index.hpp"

// The tokenizer's main loop: the data state and what follows '<' (HTML Standard 13.2.5.1, .6, .7
// and .42), calling a sink. Two sinks exist: the page scanner, which looks only at the tags that
// concern it, and the tokenizer, which makes the standard's tokens for conformance tests and for
// whoever needs all of them. Both run this loop and the state functions in markup.hpp.
namespace orbweaver::html {

// What the tokenizer reads: which state of the standard it is in.
enum class content : std::uint8_t { data, rcdata, rawtext, script, plaintext, cdata };

// A Sink has these members:
//   void characters(std::string_view raw, content where)   undecoded; never empty
//   bool start_tag_name(std::string_view raw)              false: this tag does not matter
//   bool end_tag_name(std::string_view raw)
//   void attribute(const raw_attribute&)                   of a tag that matters
//   content start_tag(bool self_closing)                   the tag is complete; how to go on
//   void end_tag(bool self_closing)
//   void comment(std::string_view raw)
//   void doctype(std::string_view raw, bool cut_off)
//   bool allows_cdata()                                    in SVG, MathML or XML
// A tag the document ends in is never completed; its names and attributes are to be forgotten.
template <class Sink>
class walker {
 public:
  walker(std::string_view html, markup_index& index, Sink& sink) noexcept
      : end_(html.data() + html.size()), text_(html.data()), marks_(html, index), sink_(sink) {}

  // `last_start_tag` is the element whose end tag ends `where`, if that is some kind of raw text.
  // Everything below is inlined here, once, to keep what is worked on in registers.
  [[gnu::always_inline]] void run(content where, std::string_view last_start_tag) {
    for (std::string_view name = last_start_tag;;) {
      if (where != content::data) raw_content(where, name);
      const char* const p = marks_.peek_less_than();
      if (end_ - p < 2) break;
      marks_.next();
      // 13.2.5.6 Tag open state
      const bool slash = p[1] == '/';
      if (slash && end_ - p < 3) break;
      const char* const name_begin = p + 1 + (slash ? 1 : 0);
      if (is_alpha(*name_begin)) {
        characters(p);
        const char* const name_end = tag_name_end(name_begin, end_);
        name = view(name_begin, name_end);
        where = slash ? end_tag(name) : start_tag(name);
      } else {
        where = content::data;
        markup(p);
      }
    }
    characters(end_);
  }

 private:
  // Hands over what has been read since the last token.
  void characters(const char* until, content where = content::data) {
    if (text_ != until) sink_.characters(view(text_, until), where);
    text_ = until;
  }
  // Goes on at `p`, far from where the index is.
  void go_on(const char* p) {
    text_ = p;
    marks_.seek(p);
  }

  content start_tag(std::string_view name) {
    const char* const behind = name.data() + name.size();
    if (!sink_.start_tag_name(name)) return skip_attributes(behind), content::data;
    const auto last = attributes(behind);
    if (last == tag_part::kind::cut_off) return content::data;
    return sink_.start_tag(last == tag_part::kind::self_closed);
  }
  content end_tag(std::string_view name) {
    const char* const behind = name.data() + name.size();
    if (!sink_.end_tag_name(name)) return skip_attributes(behind), content::data;
    const auto last = attributes(behind);
    if (last != tag_part::kind::cut_off) sink_.end_tag(last == tag_part::kind::self_closed);
    return content::data;
  }

  // read_tag_part() with the index. Knows the two most frequent shapes, `>` and ` name="value"`,
  // and leaves every other to the states.
  tag_part next_part(const char* p) {
    const char* const mark = marks_.peek();
    if (mark == p && p != end_ && *p == '>') {
      marks_.next();
      return {tag_part::kind::closed, p + 1, {}};
    }
    if (end_ - p > block::size && is_space(*p)) {
      const char* const name = p + 1;
      const block b = block::load(name);
      const auto stop = (b.at_most(' ') | b.equal('/') | b.equal('>') | b.equal('=')).bits();
      const char* const equals = name + std::countr_zero(stop | (1U << block::size));
      if (equals + 1 == mark && equals != name && *equals == '=' && mark != end_ && *mark != '<' &&
          *mark != '>')
        return quoted_attribute(view(name, equals), mark);
    }
    const tag_part part = read_tag_part(p, end_);
    marks_.seek(part.next);
    return part;
  }
  // 13.2.5.36 and 13.2.5.37; the opening quote is at `mark`, where the index is.
  tag_part quoted_attribute(std::string_view name, const char* mark) {
    const char quote = *mark;
    const char* close;
    do {
      marks_.next();
      close = marks_.peek();
    } while (close != end_ && *close != quote);
    if (close == end_) return {tag_part::kind::cut_off, end_, {}};
    marks_.next();
    return {tag_part::kind::attribute, close + 1, {name, view(mark + 1, close)}};
  }

  // What stands between a tag's name and its end, for a sink that wants it.
  tag_part::kind attributes(const char* p) {
    for (;;) {
      const tag_part part = next_part(p);
      p = part.next;
      if (part.type != tag_part::kind::attribute) {
        text_ = p;
        return part.type;
      }
      sink_.attribute(part.attribute);
    }
  }
  // The same for nobody. A '>' with no quote before it ends the tag, whatever stands there.
  void skip_attributes(const char* p) {
    for (;;) {
      const char* const mark = marks_.peek();
      if (mark != end_ && *mark == '>') {
        marks_.next();
        text_ = mark + 1;
        return;
      }
      const tag_part part = next_part(p);
      p = part.next;
      if (part.type == tag_part::kind::attribute) continue;
      text_ = p;
      return;
    }
  }

  // Everything up to the end tag that ends the content `where`, which is left to the main loop.
  void raw_content(content where, std::string_view name) {
    const char* p = text_;
    switch (where) {
      case content::data: return;
      case content::rcdata:
      case content::rawtext:
      case content::script: p = raw_end(p, where, name); break;
      case content::cdata: return cdata_section(p);
      case content::plaintext: p = end_; break;
    }
    characters(p, where);
    go_on(p);
  }

  // HTML has no raw text in foreign content: where CDATA sections are allowed it is that of XML.
  const char* raw_end(const char* p, content where, std::string_view name) {
    if (sink_.allows_cdata()) return xml_text_end(p, end_, name);
    return where == content::script ? script_end(p, end_, name) : raw_text_end(p, end_, name);
  }

  // 13.2.5.6 and 13.2.5.7 for all that is no tag; `p` is at '<'.
  void markup(const char* p) {
    const char c = p[1];
    if (c == '!') {
      characters(p);
      markup_declaration(p + 2);
    } else if (c == '?') {
      characters(p);
      comment(p + 1, bogus_comment_end(p + 1, end_));
    } else if (c == '/') {
      characters(p);
      if (p[2] == '>') {
        go_on(p + 3);
      } else {
        comment(p + 2, bogus_comment_end(p + 2, end_));
      }
    }
    // Otherwise '<' is a character.
  }

  // 13.2.5.42 Markup declaration open state; behind `<!`.
  void markup_declaration(const char* p) {
    constexpr std::string_view doctype = "doctype", cdata = "[CDATA[";
    const std::string_view rest = view(p, end_);
    if (rest.starts_with("--")) {
      comment(p + 2, comment_end(p + 2, end_));
    } else if (equals_ignoring_case(rest.substr(0, doctype.size()), doctype)) {
      p += doctype.size();
      const raw_comment found = bogus_comment_end(p, end_);
      sink_.doctype(view(p, found.data_end), found.data_end == end_);
      go_on(found.next);
    } else if (rest.starts_with(cdata) && sink_.allows_cdata()) {
      cdata_section(p + cdata.size());
    } else {
      comment(p, bogus_comment_end(p, end_));
    }
  }

  void cdata_section(const char* p) {
    const raw_comment found = cdata_end(p, end_);
    text_ = p;
    characters(found.data_end, content::cdata);
    go_on(found.next);
  }

  void comment(const char* data, raw_comment found) {
    sink_.comment(view(data, found.data_end));
    go_on(found.next);
  }

  const char* const end_;
  const char* text_;  // begin of the characters that are not handed over yet
  markup_cursor marks_;
  Sink& sink_;
};

// Reads the whole of `html`, in time linear in its length.
template <class Sink>
[[gnu::flatten]] void walk(std::string_view html, Sink& sink, content where = content::data,
                           std::string_view last_start_tag = {}) {
  markup_index index;
  walker<Sink>(html, index, sink).run(where, last_start_tag);
}

}  // namespace orbweaver::html
