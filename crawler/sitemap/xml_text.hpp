#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crawler/sitemap/xml_scanner.hpp"

namespace orbweaver {

// Appends `raw` with XML's five entities and character references decoded (XML 1.0, sections 4.1
// and 4.6); whatever else follows an '&' stays as it is.
void append_xml_decoded(std::string& out, std::string_view raw);

// The decoded value of the attribute of this name, which has no prefix.
std::optional<std::string> xml_attribute(std::string_view attributes, std::string_view name);

// Collects an element's text from its pieces; holds at most `limit` bytes.
class xml_text {
 public:
  explicit xml_text(std::size_t limit) noexcept : limit_(limit) {}

  void clear() noexcept;
  void append(const xml_token& piece);
  // It was longer than the limit; what take() answers is a part of it.
  bool too_long() const noexcept { return too_long_; }
  // Without white space around it. Leaves nothing.
  std::string take();

 private:
  void decode_raw();

  std::size_t limit_;
  std::string raw_;  // not decoded yet: an entity may lie in two pieces
  std::string text_;
  bool too_long_ = false;
};

}  // namespace orbweaver
