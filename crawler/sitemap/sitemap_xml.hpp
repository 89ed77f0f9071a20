#pragma once

#include <string>
#include <string_view>

#include "crawler/sitemap/sitemap.hpp"
#include "crawler/sitemap/xml_scanner.hpp"
#include "crawler/sitemap/xml_text.hpp"

namespace orbweaver {

// Adds an entry under the limits of sitemap.hpp; false when there are enough.
bool add_entry(sitemap& to, sitemap_entry entry);

// Reads the XML forms of a sitemap into `out`. Names are compared without case and namespaces by
// prefix: a field has the prefix of its entry, so that <image:loc> is not taken for the page's.
class sitemap_xml {
 public:
  explicit sitemap_xml(sitemap& out) noexcept : out_(out) {}

  // False once nothing further will be read.
  bool put(std::string_view bytes);
  void finish();

 private:
  enum class field : std::uint8_t { none, loc, lastmod, published, permalink };

  void take_tokens();
  void take_tag(const xml_token& tag);
  void take_root(std::string_view local_name);
  void open(std::string_view prefix, std::string_view local_name, const xml_token& tag);
  void close(std::string_view prefix, std::string_view local_name);
  field field_of(std::string_view local_name, const xml_token& tag);
  void end_field();
  void end_entry();

  sitemap& out_;
  xml_scanner scanner_;
  bool done_ = false;
  std::string root_;             // local name, once there was one
  std::string_view entry_name_;  // local name of the elements that are entries
  std::string entry_prefix_;     // of the current entry
  bool in_entry_ = false;
  std::size_t depth_ = 0;  // of open elements within the entry
  sitemap_entry entry_;
  std::string permalink_;      // of an RSS item without a link
  std::string published_;      // of an Atom entry, which may have no later date
  field field_ = field::none;  // whose text is being collected
  xml_text text_{max_sitemap_loc};
  bool too_long_ = false;  // the entry's location
};

}  // namespace orbweaver
