#include "crawler/sitemap/sitemap_reader.hpp"

#include <algorithm>
#include <array>

namespace orbweaver {
namespace {

constexpr bool is_line_end(char c) noexcept { return c == '\n' || c == '\r'; }

bool starts_with_http(std::string_view text) noexcept {
  constexpr std::string_view http = "http";
  return text.size() >= http.size() &&
         std::ranges::equal(text.substr(0, http.size()), http, {},
                            [](char c) { return static_cast<char>(c | 0x20); });
}

}  // namespace

std::string_view name(sitemap_kind kind) noexcept {
  constexpr std::array<std::string_view, 5> names{"unknown", "urlset", "index", "text", "feed"};
  return names[static_cast<std::size_t>(kind)];
}

bool add_entry(sitemap& to, sitemap_entry entry) {
  to.too_many_entries = to.entries.size() == max_sitemap_entries;
  if (to.too_many_entries) return false;
  to.entries.push_back(std::move(entry));
  return true;
}

bool sitemap_reader::put(std::string_view bytes) {
  if (out_.too_large || out_.too_many_entries) return false;
  const std::size_t room = max_sitemap_bytes - bytes_;
  out_.too_large = bytes.size() > room;
  bytes = bytes.substr(0, room);
  bytes_ += bytes.size();
  detect(bytes);
  if (form_ == form::xml) return xml_.put(bytes) && !out_.too_large;
  if (form_ == form::text) put_lines(bytes);
  return !out_.too_large && !out_.too_many_entries;
}

sitemap sitemap_reader::finish() {
  if (form_ == form::text && !out_.too_large) take_line();
  if (form_ == form::xml) xml_.finish();
  return std::move(out_);
}

// The first byte that is neither white space nor of a byte order mark says what it is.
void sitemap_reader::detect(std::string_view& bytes) noexcept {
  if (form_ != form::unknown) return;
  bytes.remove_prefix(std::min(bytes.find_first_not_of(" \t\r\n\xef\xbb\xbf"), bytes.size()));
  if (!bytes.empty()) form_ = bytes[0] == '<' ? form::xml : form::text;
}

void sitemap_reader::put_lines(std::string_view bytes) {
  while (!out_.too_many_entries) {
    const auto end = std::ranges::find_if(bytes, is_line_end);
    const std::string_view piece = bytes.substr(0, static_cast<std::size_t>(end - bytes.begin()));
    const std::size_t room = max_sitemap_loc - line_.size();
    line_too_long_ = line_too_long_ || piece.size() > room;
    line_.append(piece.substr(0, room));
    if (end == bytes.end()) return;
    bytes.remove_prefix(piece.size() + 1);
    take_line();
  }
}

// What is no http(s) URL is ignored: headings, comments, an error page without markup.
void sitemap_reader::take_line() {
  line_.erase(line_.find_last_not_of(" \t") + 1);
  line_.erase(0, line_.find_first_not_of(" \t"));
  if (starts_with_http(line_)) {
    out_.kind = sitemap_kind::text;
    if (line_too_long_)
      out_.entry_dropped = true;
    else
      add_entry(out_, {line_, {}});
  }
  line_.clear();
  line_too_long_ = false;
}

}  // namespace orbweaver
