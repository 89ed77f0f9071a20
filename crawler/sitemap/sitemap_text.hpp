#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace orbweaver {

// A sitemap's bytes as UTF-8, as they come. What says the encoding is believed in the order of RFC
// 7303, section 3: a byte order mark, Content-Type, the XML declaration; without any it is UTF-8
// (sitemaps.org), of which nothing is changed. Keeps one slice; in which pieces the bytes come does
// not matter.
class sitemap_text {
 public:
  // `charset_label`: the charset parameter of Content-Type, or empty.
  explicit sitemap_text(std::string_view charset_label) : label_(charset_label) {}

  // `bytes` must hold until next() has answered nullopt.
  void put(std::string_view bytes) noexcept { rest_ = bytes; }
  void finish() noexcept { ended_ = true; }
  // nullopt: more bytes are needed. A view holds until the next call of anything.
  std::optional<std::string_view> next();

 private:
  void hold(std::size_t most);
  std::optional<std::string_view> next_decoded();

  std::string label_;
  std::string_view charset_;  // empty: not known yet
  std::string_view rest_;     // of what was put last
  std::string held_;          // from before
  std::size_t read_ = 0;      // of what is held
  std::string decoded_;
  bool ended_ = false;
};

}  // namespace orbweaver
