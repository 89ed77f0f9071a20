#pragma once

#include <string>
#include <string_view>

#include "crawler/sitemap/sitemap.hpp"
#include "crawler/sitemap/sitemap_text.hpp"
#include "crawler/sitemap/sitemap_xml.hpp"

namespace orbweaver {

// Reads a sitemap from its bytes as they come, gzip undone: https://www.sitemaps.org/protocol.html
// with the feeds and plain lists it admits. Takes any bytes, in time linear in their number; keeps
// the entries, a slice of the file and one unfinished token.
class sitemap_reader {
 public:
  // `charset_label`: the charset parameter of Content-Type, or empty.
  explicit sitemap_reader(std::string_view charset_label = {}) : text_(charset_label) {}
  sitemap_reader(const sitemap_reader&) = delete;  // a part refers to another
  sitemap_reader& operator=(const sitemap_reader&) = delete;

  // Answers false once nothing further will be read.
  bool put(std::string_view bytes);
  // Ends the input; the reader is not to be used again.
  sitemap finish();

 private:
  enum class form : std::uint8_t { unknown, text, xml };

  void read();
  void detect(std::string_view& text) noexcept;
  void put_lines(std::string_view text);
  void take_line();

  sitemap out_;
  std::size_t bytes_ = 0;
  sitemap_text text_;
  form form_ = form::unknown;
  bool done_ = false;  // nothing further matters
  std::string line_;   // of a text sitemap, unfinished
  bool line_too_long_ = false;
  sitemap_xml xml_{out_};
};

}  // namespace orbweaver
