#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/parse/arena.hpp"
#include "crawler/parse/robots_directives.hpp"

namespace orbweaver {

enum class link_element : std::uint8_t {
  a,
  area,
  link,
  iframe,
  frame,
  img,
  script,
  source,
  video,
  audio,
  form,
  meta_refresh
};
// Stable, as records show it.
std::string_view name(link_element element) noexcept;
// Whether a crawler goes there: a, area, frame, iframe and meta refresh.
constexpr bool is_followed(link_element element) noexcept {
  using enum link_element;
  return element == a || element == area || element == frame || element == iframe ||
         element == meta_refresh;
}

// What a page refers to. Relative to base_href, or else to the page's own URL.
struct page_link {
  std::string_view url;  // no white space around it; tabs and line feeds within are the URL
                         // parser's to drop. May be empty: the page itself
  std::string_view rel;
  std::string_view text;  // of an anchor: its text, white space collapsed; of an area or image:
                          // its alt
  link_element element = link_element::a;
  bool nofollow = false;  // by its own rel
};

struct meta_entry {
  std::string_view name;  // of the name or property attribute, as written
  std::string_view content;
};

struct language_alternate {
  std::string_view language;  // hreflang
  std::string_view url;
};

struct scan_options {
  // Only links that are followed, base_href and robots: the fastest; the rest has no effect.
  bool followed_only = false;
  bool link_text = true;
  bool metadata = true;  // title, language, canonical, metadata, json_ld, alternates
  bool visible_text = false;
  // The document is XHTML, to be read as XML in what would otherwise hide the rest of it: `<x/>` is
  // a whole element, and raw text is text with CDATA sections.
  bool xml = false;
  std::string_view agent{};  // our own token: <meta name="AGENT"> speaks to us as "robots" does
};

// No page makes more than this; what comes before a limit is kept, and `truncated` says so.
inline constexpr std::size_t max_page_links = 50'000;
inline constexpr std::size_t max_url_attribute_bytes = 32 << 10;  // a longer one is left out
inline constexpr std::size_t max_value_bytes = 16 << 10;          // of meta content, rel, ...
inline constexpr std::size_t max_title_bytes = 4 << 10;
inline constexpr std::size_t max_link_text_bytes = 1024;
inline constexpr std::size_t max_metadata_entries = 512;
inline constexpr std::size_t max_metadata_name_bytes = 256;  // longer: the entry is left out
inline constexpr std::size_t max_language_alternates = 1024;
inline constexpr std::size_t max_robots_directives = 64;
inline constexpr std::size_t max_json_ld_blocks = 64;
inline constexpr std::size_t max_json_ld_bytes = 1 << 20;  // in all
inline constexpr std::size_t max_text_bytes = 4 << 20;

struct scan_truncation {
  bool links = false;     // more than max_page_links
  bool urls = false;      // one was longer than max_url_attribute_bytes
  bool values = false;    // a title, link text or other value was cut
  bool metadata = false;  // too many entries, alternates or directives, or too much JSON-LD
  bool text = false;
  bool nesting = false;  // SVG, MathML and HTML within each other, beyond what is remembered

  bool operator==(const scan_truncation&) const = default;
};
// What was cut, as records name it.
std::vector<std::string_view> limits_reached(const scan_truncation& cut);

// What one page says. Reusable: scan_page() empties it and keeps its memory (up to a bound). All
// views point into the document or into `strings`; both must live as long as they are used.
struct page_scan {
  std::string_view base_href;  // of the first <base href>; unresolved
  std::string_view title;      // of the first <title> that is not empty
  std::string_view language;   // of <html lang>, else xml:lang, else meta content-language
  std::string_view canonical;  // of the first <link rel=canonical>; unresolved
  robots_directives robots;    // of all meta robots elements that concern us
  std::vector<std::string_view> robots_list;  // the same as listed, in lower case
  std::vector<meta_entry> metadata;           // in document order, with OpenGraph and the like
  std::vector<std::string_view> json_ld;      // contents of application/ld+json scripts
  std::vector<language_alternate> alternates;
  std::vector<page_link> links;  // in document order
  std::string text;              // what a reader sees (scan_options::visible_text)
  scan_truncation truncated;

  arena strings;
  std::string scratch;

  void clear();
};

// Reads an HTML document, or as much of it as there is: any bytes, ASCII-compatible. Text in `out`
// is UTF-8 if `html` is. One pass over the document, as the HTML Standard's tokenizer reads it
// with scripting off; of the tree construction only what changes the meaning of tags is known:
// raw text, SVG and MathML, templates (whose content is inert and not reported, except for
// declarative shadow roots), anchors closed by other anchors or by their table cell.
void scan_page(std::string_view html, const scan_options& options, page_scan& out);

}  // namespace orbweaver
