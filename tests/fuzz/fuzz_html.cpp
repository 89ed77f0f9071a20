#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/parse/page_scan.hpp"
#include "crawler/parse/query_charset.hpp"
#include "crawler/parse/tokenizer.hpp"
#include "crawler/parse/utf8.hpp"
#include "crawler/parse/walk.hpp"

// Any bytes as a page: every mode of the scan; queries in other charsets; the tokenizer; and that
// tags which are skipped end where they end when they are read.
namespace orbweaver {
namespace {

void require(bool truth) {
  if (!truth) std::abort();
}

class tag_recorder {
 public:
  explicit tag_recorder(bool everything) : everything_(everything) {}
  std::vector<std::string> tags;

  void characters(std::string_view, html::content) {}
  bool start_tag_name(std::string_view raw) { return begin(raw); }
  bool end_tag_name(std::string_view raw) { return begin(raw); }
  void attribute(const html::raw_attribute& one) {
    tag_.append(one.name).append(1, '=').append(one.value).append(1, '|');
  }
  html::content start_tag(bool) {
    if (selected_) tags.push_back(tag_);
    return html::content::data;
  }
  void end_tag(bool) { start_tag(false); }
  void comment(std::string_view) {}
  void doctype(std::string_view, bool) {}
  bool allows_cdata() { return false; }

 private:
  bool begin(std::string_view name) {
    tag_.assign(name).append(1, '|');
    selected_ = (name.front() & 1) != 0;
    return everything_ || selected_;
  }
  bool everything_;
  bool selected_ = false;
  std::string tag_;
};

void compare_skipping_with_reading(std::string_view page) {
  tag_recorder all(true), some(false);
  html::walk(page, all);
  html::walk(page, some);
  require(all.tags == some.tags);
}

void scan(std::string_view page, bool valid_utf8) {
  static page_scan out;
  scan_page(page, {.followed_only = true, .agent = "orbweaver"}, out);
  const std::size_t followed = out.links.size();
  scan_page(page, {.link_text = false, .metadata = false}, out);
  scan_page(page, {.visible_text = true, .xml = true}, out);
  scan_page(page, {.visible_text = true}, out);
  encode_queries(out, page.size() % 2 == 0 ? "ISO-2022-JP" : "windows-1251");
  std::size_t as_many = 0;
  for (const auto& link : out.links) {
    as_many += is_followed(link.element) ? 1 : 0;
    require(!valid_utf8 || is_valid_utf8(link.url));
    require(!valid_utf8 || is_valid_utf8(link.text));
  }
  require(followed == as_many);
  require(!valid_utf8 || is_valid_utf8(out.text));
  require(!valid_utf8 || is_valid_utf8(out.title));
  require(out.text.size() <= 3 * page.size());
}

void tokenize_all(std::string_view page) {
  using html::content;
  std::size_t bytes = 0;
  const html::token_handler count = [&](const html::token& t) {
    bytes += t.data.size();
    return t.data == "script" ? content::script : content::data;
  };
  for (const content where : {content::data, content::rcdata, content::script, content::cdata})
    html::tokenize(page, count, where, "script", where == content::cdata);
}

}  // namespace
}  // namespace orbweaver

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view page(reinterpret_cast<const char*>(data), size);
  orbweaver::compare_skipping_with_reading(page);
  orbweaver::scan(page, orbweaver::is_valid_utf8(page));
  orbweaver::tokenize_all(page);
  return 0;
}
