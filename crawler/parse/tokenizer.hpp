#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/parse/walk.hpp"

// The HTML Standard's tokenizer (13.2.5) with all of its tokens. It is walk() with a sink that
// keeps everything, as scan_page() is walk() with one that keeps what a crawler needs: the html5lib
// conformance tests that run on this one try the states that read every crawled page.
namespace orbweaver::html {

struct token_attribute {
  std::string name;  // lower case
  std::string value;
};

struct token {
  enum class kind : std::uint8_t { doctype, start_tag, end_tag, comment, characters, end_of_file };

  kind type = kind::end_of_file;
  std::string data{};  // a tag's or doctype's name in lower case, a comment's or characters' text
  std::vector<token_attribute> attributes{};  // of start and end tags; no name twice
  bool self_closing = false;
  // Of a doctype only.
  bool has_name = false;
  std::optional<std::string> public_id{};
  std::optional<std::string> system_id{};
  bool force_quirks = false;
};

// Receives the tokens in order; adjacent characters may come in several. What it answers to a
// start tag is how the tokenizer goes on, which in the standard tree construction says; every other
// answer is ignored.
using token_handler = std::function<content(const token&)>;

// Reads the whole of `html`, UTF-8, beginning in the state `where`; `last_start_tag` in lower case
// is the element whose end tag ends that state. CDATA sections are read as in foreign content if
// `foreign` says so. Parse errors are not reported.
void tokenize(std::string_view html, const token_handler& handler, content where = content::data,
              std::string_view last_start_tag = {}, bool foreign = false);

}  // namespace orbweaver::html
