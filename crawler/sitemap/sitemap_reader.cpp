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
  if (done_ || out_.too_large) return false;
  const std::size_t room = max_sitemap_bytes - bytes_;
  out_.too_large = bytes.size() > room;
  bytes = bytes.substr(0, room);
  bytes_ += bytes.size();
  text_.put(bytes);
  read();
  return !done_ && !out_.too_large;
}

void sitemap_reader::read() {
  while (!done_) {
    auto text = text_.next();
    if (!text) break;
    detect(*text);
    if (form_ == form::xml) done_ = !xml_.put(*text);
    if (form_ == form::text) put_lines(*text);
  }
}

sitemap sitemap_reader::finish() {
  text_.finish();
  read();
  if (form_ == form::text && !out_.too_large) take_line();
  if (form_ == form::xml) xml_.finish();
  return std::move(out_);
}

// The first byte that is neither white space nor of a byte order mark says what it is.
void sitemap_reader::detect(std::string_view& text) noexcept {
  if (form_ != form::unknown) return;
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n\xef\xbb\xbf"), text.size()));
  if (!text.empty()) form_ = text[0] == '<' ? form::xml : form::text;
}

void sitemap_reader::put_lines(std::string_view text) {
  while (!out_.too_many_entries) {
    const auto end = std::ranges::find_if(text, is_line_end);
    const std::string_view piece = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    const std::size_t room = max_sitemap_loc - line_.size();
    line_too_long_ = line_too_long_ || piece.size() > room;
    line_.append(piece.substr(0, room));
    if (end == text.end()) return;
    text.remove_prefix(piece.size() + 1);
    take_line();
  }
  done_ = true;
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
