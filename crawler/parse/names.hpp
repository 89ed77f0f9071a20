#pragma once

#include <array>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "crawler/parse/name_table.hpp"
#include "crawler/parse/walk.hpp"

// The elements and attributes that mean something to the crawler.
namespace orbweaver::html {

// In alphabetical order, as in the table below.
// clang-format off
enum class element : std::uint8_t {
  a, address, annotation_xml, area, article, aside, audio, b, base, big, blockquote, body, br,
  button, canvas, caption, center, code, col, datalist, dd, desc, details, dialog, dir, div, dl,
  dt, em, embed, fieldset, figcaption, figure, font, footer, foreignobject, form, frame, h1, h2,
  h3, h4, h5, h6, head, header, hgroup, hr, html, i, iframe, image, img, input, legend, li, link,
  listing, main, math, menu, meta, mi, mn, mo, ms, mtext, nav, nobr, noembed, noframes, object,
  ol, optgroup, option, p, param, plaintext, pre, ruby, s, script, search, section, select, small,
  source, span, strike, strong, style, sub, summary, sup, svg, table, tbody, td, template_,
  textarea, tfoot, th, thead, title, tr, track, tt, u, ul, var, video, wbr, xmp, other
};
// clang-format on

// What the standard's tree construction, and we, do with an element. A set of bits.
enum trait : std::uint16_t {
  follows = 1 << 0,          // may carry a link to follow, or say how to read them
  refers = 1 << 1,           // may carry a link to something else
  describes = 1 << 2,        // metadata
  switches = 1 << 3,         // changes how the tokenizer reads what follows
  roots_foreign = 1 << 4,    // SVG or MathML begins
  templates = 1 << 5,        // its content is inert
  in_table = 1 << 6,         // ends what is open in a table's cell
  breaks_out = 1 << 7,       // ends foreign content (HTML Standard 13.2.6.5)
  breaks_line = 1 << 8,      // its text does not stand in a line with what is around it
  parts_paragraph = 1 << 9,  // and an empty line keeps it apart
  is_void = 1 << 10,         // has no content and no end tag
  hides = 1 << 11,           // its content is no text of the page
  in_foreign = 1 << 12,      // matters inside SVG or MathML
};

struct element_info {
  element code = element::other;
  std::uint16_t traits = 0;
  content reads = content::data;  // of those that switch

  constexpr bool has(unsigned some) const noexcept { return (traits & some) != 0; }
};

struct element_row {
  std::string_view name;
  element_info info;
};
// clang-format off
inline constexpr element_row element_rows[] = {
    {"a", {element::a, follows | in_foreign}},
    {"address", {element::address, breaks_line}},
    {"annotation-xml", {element::annotation_xml, in_foreign}},
    {"area", {element::area, follows | is_void}},
    {"article", {element::article, breaks_line}},
    {"aside", {element::aside, breaks_line}},
    {"audio", {element::audio, refers | hides}},
    {"b", {element::b, breaks_out}},
    {"base", {element::base, follows | is_void}},
    {"big", {element::big, breaks_out}},
    {"blockquote", {element::blockquote, breaks_out | breaks_line | parts_paragraph}},
    {"body", {element::body, breaks_out | breaks_line}},
    {"br", {element::br, breaks_out | is_void}},
    {"button", {element::button, in_foreign}},
    {"canvas", {element::canvas, hides}},
    {"caption", {element::caption, in_table | breaks_line}},
    {"center", {element::center, breaks_out | breaks_line}},
    {"code", {element::code, breaks_out}},
    {"col", {element::col, is_void}},
    {"datalist", {element::datalist, hides}},
    {"dd", {element::dd, breaks_out | breaks_line}},
    {"desc", {element::desc, in_foreign}},
    {"details", {element::details, breaks_line}},
    {"dialog", {element::dialog, breaks_line}},
    {"dir", {element::dir, breaks_line}},
    {"div", {element::div, breaks_out | breaks_line}},
    {"dl", {element::dl, breaks_out | breaks_line}},
    {"dt", {element::dt, breaks_out | breaks_line}},
    {"em", {element::em, breaks_out}},
    {"embed", {element::embed, breaks_out | is_void}},
    {"fieldset", {element::fieldset, breaks_line}},
    {"figcaption", {element::figcaption, breaks_line}},
    {"figure", {element::figure, breaks_line}},
    {"font", {element::font, in_foreign}},
    {"footer", {element::footer, breaks_line}},
    {"foreignobject", {element::foreignobject, in_foreign}},
    {"form", {element::form, refers | breaks_line}},
    {"frame", {element::frame, follows | breaks_line | is_void}},
    {"h1", {element::h1, breaks_out | breaks_line | parts_paragraph}},
    {"h2", {element::h2, breaks_out | breaks_line | parts_paragraph}},
    {"h3", {element::h3, breaks_out | breaks_line | parts_paragraph}},
    {"h4", {element::h4, breaks_out | breaks_line | parts_paragraph}},
    {"h5", {element::h5, breaks_out | breaks_line | parts_paragraph}},
    {"h6", {element::h6, breaks_out | breaks_line | parts_paragraph}},
    {"head", {element::head, breaks_out}},
    {"header", {element::header, breaks_line}},
    {"hgroup", {element::hgroup, breaks_line}},
    {"hr", {element::hr, breaks_out | breaks_line | parts_paragraph | is_void}},
    {"html", {element::html, describes | breaks_line}},
    {"i", {element::i, breaks_out}},
    {"iframe", {element::iframe, follows | switches | hides, content::rawtext}},
    {"image", {element::image, refers | is_void}},
    {"img", {element::img, refers | breaks_out | is_void}},
    {"input", {element::input, is_void}},
    {"legend", {element::legend, breaks_line}},
    {"li", {element::li, breaks_out | breaks_line}},
    {"link", {element::link, refers | describes | is_void}},
    {"listing", {element::listing, breaks_out | breaks_line | parts_paragraph}},
    {"main", {element::main, breaks_line}},
    {"math", {element::math, roots_foreign}},
    {"menu", {element::menu, breaks_out | breaks_line}},
    {"meta", {element::meta, follows | describes | breaks_out | is_void}},
    {"mi", {element::mi, in_foreign}},
    {"mn", {element::mn, in_foreign}},
    {"mo", {element::mo, in_foreign}},
    {"ms", {element::ms, in_foreign}},
    {"mtext", {element::mtext, in_foreign}},
    {"nav", {element::nav, breaks_line}},
    {"nobr", {element::nobr, breaks_out}},
    {"noembed", {element::noembed, switches | hides, content::rawtext}},
    {"noframes", {element::noframes, switches | hides, content::rawtext}},
    {"object", {element::object, hides}},
    {"ol", {element::ol, breaks_out | breaks_line}},
    {"optgroup", {element::optgroup, breaks_line}},
    {"option", {element::option, breaks_line}},
    {"p", {element::p, breaks_out | breaks_line | parts_paragraph}},
    {"param", {element::param, is_void}},
    {"plaintext", {element::plaintext, switches | breaks_line | parts_paragraph, content::plaintext}},
    {"pre", {element::pre, breaks_out | breaks_line | parts_paragraph}},
    {"ruby", {element::ruby, breaks_out}},
    {"s", {element::s, breaks_out}},
    {"script", {element::script, refers | describes | switches | hides, content::script}},
    {"search", {element::search, breaks_line}},
    {"section", {element::section, breaks_line}},
    {"select", {element::select, hides}},
    {"small", {element::small, breaks_out}},
    {"source", {element::source, refers | is_void}},
    {"span", {element::span, breaks_out}},
    {"strike", {element::strike, breaks_out}},
    {"strong", {element::strong, breaks_out}},
    {"style", {element::style, switches | hides, content::rawtext}},
    {"sub", {element::sub, breaks_out}},
    {"summary", {element::summary, breaks_line}},
    {"sup", {element::sup, breaks_out}},
    {"svg", {element::svg, roots_foreign}},
    {"table", {element::table, in_table | breaks_out | breaks_line | parts_paragraph}},
    {"tbody", {element::tbody, breaks_line}},
    {"td", {element::td, in_table}},
    {"template", {element::template_, templates | hides}},
    {"textarea", {element::textarea, switches | hides, content::rcdata}},
    {"tfoot", {element::tfoot, breaks_line}},
    {"th", {element::th, in_table}},
    {"thead", {element::thead, breaks_line}},
    {"title", {element::title, describes | switches | hides | in_foreign, content::rcdata}},
    {"tr", {element::tr, in_table | breaks_line}},
    {"track", {element::track, is_void}},
    {"tt", {element::tt, breaks_out}},
    {"u", {element::u, breaks_out}},
    {"ul", {element::ul, breaks_out | breaks_line}},
    {"var", {element::var, breaks_out}},
    {"video", {element::video, refers | hides}},
    {"wbr", {element::wbr, is_void}},
    {"xmp", {element::xmp, switches | breaks_line | parts_paragraph, content::rawtext}},
};
// clang-format on
inline constexpr element_info other_element{};

// clang-format off
enum class attribute : std::uint8_t {
  action, alt, color, content, encoding, face, hidden, href, hreflang, http_equiv,
  lang, method, name, open, poster, property, rel, shadowrootmode, size, src, srcset, style, type,
  xlink_href, xml_lang, other
};
inline constexpr std::array<std::string_view, static_cast<std::size_t>(attribute::other)>
    attribute_names = {
        "action", "alt", "color", "content", "encoding", "face", "hidden", "href",
        "hreflang", "http-equiv", "lang", "method", "name", "open", "poster", "property", "rel",
        "shadowrootmode", "size", "src", "srcset", "style", "type", "xlink:href", "xml:lang"};
// clang-format on

inline constexpr name_table element_table = [] {
  std::array<std::string_view, std::size(element_rows)> names;
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = element_rows[i].name;
  return name_table(names);
}();
inline constexpr name_table attribute_table(attribute_names);
static_assert(std::size(element_rows) == static_cast<std::size_t>(element::other));

// What a name's first letter and length allow it to be: a set of bits that is zero, or at least
// does not contain those asked for, for nearly every name that does not matter.
class name_filter {
 public:
  constexpr void add(std::string_view name, std::uint16_t bits) {
    bits_[place(name.front(), name.size())] |= bits;
  }
  // `name` is not empty.
  constexpr std::uint16_t find(std::string_view name) const noexcept {
    return name.size() < sizes ? bits_[place(name.front(), name.size())] : 0;
  }

 private:
  static constexpr std::size_t sizes = 16;
  static constexpr std::size_t place(char first, std::size_t size) noexcept {
    return static_cast<std::size_t>(first & 0x1f) * sizes + size;
  }
  std::array<std::uint16_t, 32 * sizes> bits_{};
};
inline constexpr name_filter element_filter = [] {
  name_filter out;
  for (const auto& row : element_rows) out.add(row.name, row.info.traits);
  return out;
}();
inline constexpr name_filter attribute_filter = [] {
  name_filter out;
  for (const auto& name : attribute_names) out.add(name, 1);
  return out;
}();

// `key` as read_key() makes it.
inline const element_info& find_element(const name_key& key) noexcept {
  const std::size_t n = element_table.find(key);
  return n == element_table.none ? other_element : element_rows[n].info;
}
inline attribute find_attribute(const name_key& key) noexcept {
  return static_cast<attribute>(attribute_table.find(key));
}

}  // namespace orbweaver::html
