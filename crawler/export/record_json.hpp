#pragma once

#include <string>
#include <string_view>

#include "common/url/url.hpp"
#include "crawler/fetch/fetch.hpp"
#include "crawler/parse/page_scan.hpp"

namespace orbweaver {

// What is known of a page beyond its report, where it got that far.
struct page_facts {
  std::string_view content_type;
  std::string_view charset;
  std::string_view charset_source;  // how it was found
  std::string_view etag, last_modified;
  std::string_view change;     // since an earlier crawl
  bool nofollow = false;       // the page asks not to follow its links
  std::string_view truncated;  // why the body is not whole; empty: it is
  std::vector<std::string_view> robots_tags;
  const page_scan* page = nullptr;  // HTML only
  const url* base = nullptr;        // what its URLs are relative to
  std::string_view links;           // as append_link() has written them
  std::string_view body;            // decoded, UTF-8
};

// Adds one more object to those of a record's `links`, which `out` holds with commas between.
// `target` is the link's URL: resolved once, for the record and for the crawl.
void append_link(std::string& out, const page_link& link, const url& target);
// The same for a link that is no URL: it stands there as it is written, and why it is none.
void append_bad_link(std::string& out, const page_link& link, url_error why);

// The members of a record that the connection knows, from "url" on: no braces, no comma at the
// end. `target` is what was asked last, after redirects.
void append_record(std::string& out, const frontier_entry& entry, const url& target,
                   const fetch_report& report, format_set formats, const page_facts& facts);

// The same for a URL whose answer was not read, or that was not asked for (`report` is null).
void append_unread_record(std::string& out, const frontier_entry& entry,
                          const fetch_report* report);

// What the engine adds: the outcome, its error or reason, and the attempts made.
void append_outcome(std::string& out, outcome code, std::string_view detail, unsigned attempts);

}  // namespace orbweaver
