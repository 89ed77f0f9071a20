#include "crawler/parse/page_scan.hpp"

#include <array>

#include "crawler/parse/page_sink.hpp"
#include "crawler/parse/walk.hpp"

namespace orbweaver {
namespace {

// A page with unusually many of something shall not keep its memory for all later ones.
template <class T>
void empty(std::vector<T>& list, std::size_t keep) {
  list.clear();
  if (list.capacity() > keep) list.shrink_to_fit();
}
void empty(std::string& text, std::size_t keep) {
  text.clear();
  if (text.capacity() > keep) text.shrink_to_fit();
}

}  // namespace

std::string_view name(link_element element) noexcept {
  constexpr std::array<std::string_view, 12> names = {"a",     "area",  "link",   "iframe",
                                                      "frame", "img",   "script", "source",
                                                      "video", "audio", "form",   "meta refresh"};
  return names[static_cast<std::size_t>(element)];
}

std::vector<std::string_view> limits_reached(const scan_truncation& cut) {
  std::vector<std::string_view> out;
  if (cut.links) out.push_back("links");
  if (cut.urls) out.push_back("urls");
  if (cut.values) out.push_back("values");
  if (cut.metadata) out.push_back("metadata");
  if (cut.text) out.push_back("text");
  if (cut.nesting) out.push_back("nesting");
  return out;
}

void page_scan::clear() {
  constexpr std::size_t kept_entries = 4096, kept_text_bytes = 256 << 10;
  base_href = title = language = canonical = {};
  robots = {};
  truncated = {};
  empty(robots_list, kept_entries);
  empty(metadata, kept_entries);
  empty(json_ld, kept_entries);
  empty(alternates, kept_entries);
  empty(links, kept_entries);
  empty(text, kept_text_bytes);
  empty(scratch, kept_text_bytes);
  strings.clear();
}

void scan_page(std::string_view html, const scan_options& options, page_scan& out) {
  out.clear();
  html::page_sink sink(html, options, out);
  html::walk(html, sink);
  sink.finish();
}

}  // namespace orbweaver
