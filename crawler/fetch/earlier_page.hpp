#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/fetch/http_exchange.hpp"

namespace orbweaver {

// What an earlier crawl's record says of a page: enough to ask whether it has changed, and to go on
// from it when it has not.
struct earlier_page {
  unsigned status = 0;             // of HTTP
  std::uint64_t content_hash = 0;  // 0: none
  std::uint64_t bytes = 0;         // decoded
  bool whole = true;               // hash and size are those of all that the page consisted of
  std::string final_url;
  // As received. Empty: there is none, or it is of no use, since the record cannot stand in for the
  // page.
  std::string etag;
  std::string last_modified;
  std::string content_type;
  std::string charset;
  std::string charset_source;
  bool nofollow_page = false;
  struct link {
    std::string url;  // absolute, without fragment
    bool nofollow = false;
  };
  std::vector<link> links;  // that a crawl may follow
  // The members of the record that a fetch cannot know without the page, as JSON text, by the
  // format that asks for them.
  std::string metadata_members;
  std::string links_member;
  std::string text_member;
  std::string raw_html_member;

  // The exchange that brought the page's bytes, where the earlier crawl has kept it.
  std::optional<earlier_exchange> exchange;
  fingerprint payload_hash;
  std::uint64_t payload_bytes = 0;

  bool has_validator() const noexcept { return !etag.empty() || !last_modified.empty(); }
  // What is empty needs no payload.
  bool has_payload() const noexcept { return exchange && (payload_bytes != 0 || bytes == 0); }
};

// Reads a record's members (see record_draft); nullopt for text that no record has.
std::optional<earlier_page> read_earlier_page(std::string_view members);

// How an answer compares with what an earlier crawl had of the page: "new", "unchanged", "changed"
// or "gone"; empty where one of the two says nothing about that, as a 304 nobody asked for does.
std::string_view change_since(const earlier_page* earlier, unsigned status,
                              std::uint64_t content_hash) noexcept;

}  // namespace orbweaver
