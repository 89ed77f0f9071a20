#include "crawler/fetch/earlier_page.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "crawler/fetch/headers.hpp"
#include "crawler/parse/page_scan.hpp"

namespace orbweaver {
namespace {

using nlohmann::ordered_json;

constexpr auto link_element_count = static_cast<std::size_t>(link_element::meta_refresh) + 1;
constexpr std::array<std::string_view, 6> metadata_names{"title",    "language", "canonical",
                                                         "metadata", "jsonLd",   "alternates"};

std::string text_of(const ordered_json& record, const char* member) {
  const auto it = record.find(member);
  return it != record.end() && it->is_string() ? it->get<std::string>() : std::string();
}

std::uint64_t number_of(const ordered_json& record, const char* member) {
  const auto it = record.find(member);
  return it != record.end() && it->is_number_unsigned() ? it->get<std::uint64_t>() : 0;
}

std::uint64_t hash_of(const std::string& digits) {
  std::uint64_t out = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), out, 16);
  return out;
}

void copy_member(std::string& out, const ordered_json& record, std::string_view name) {
  const auto it = record.find(name);
  if (it == record.end()) return;
  out.append(",\"").append(name).append("\":").append(it->dump());
}

bool is_followed(std::string_view element_name) {
  for (std::size_t i = 0; i < link_element_count; ++i) {
    const auto element = static_cast<link_element>(i);
    if (name(element) == element_name) return is_followed(element);
  }
  return false;
}

bool has_word(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find_first_of(" \t\n\r\f"), list.size());
    if (equals_ignoring_case(list.substr(0, end), word)) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

void read_links(const ordered_json& record, std::vector<earlier_page::link>& to) {
  const auto links = record.find("links");
  if (links == record.end()) return;
  for (const ordered_json& link : *links) {
    if (!is_followed(text_of(link, "element"))) continue;
    std::string target = text_of(link, "url");
    target.resize(std::min(target.find('#'), target.size()));
    to.push_back({std::move(target), has_word(text_of(link, "rel"), "nofollow")});
  }
}

// A 304 that has taken over what an earlier record said.
bool is_taken_over(const ordered_json& record, unsigned status) {
  return status == 304 && text_of(record, "change") == "unchanged";
}

// Whether it is enough to know that the page has not changed. What validates an error need not
// tell it from the page that was meant, and of a page that was not read to its end, links may be
// missing. A record is taken over only if it can stand in, so that the next one can as well.
bool can_stand_in(const ordered_json& record, const earlier_page& page) {
  const bool is_page =
      (page.status >= 200 && page.status < 300) || is_taken_over(record, page.status);
  return is_page && page.whole && !record.contains("limitsReached");
}

// Trouble of the site's, or of ours with it.
bool is_passing_error(unsigned status) {
  return status >= 500 || status == 408 || status == 425 || status == 429;
}

}  // namespace

std::optional<earlier_page> read_earlier_page(std::string_view members) try {
  const auto record = ordered_json::parse("{" + std::string(members) + "}");
  earlier_page out;
  out.status = static_cast<unsigned>(number_of(record, "status"));
  out.content_hash = hash_of(text_of(record, "contentHash"));
  out.bytes = number_of(record, "bytes");
  out.final_url = text_of(record, "finalUrl");
  out.etag = text_of(record, "etag");
  out.last_modified = text_of(record, "lastModified");
  out.content_type = text_of(record, "contentType");
  out.charset = text_of(record, "charset");
  out.charset_source = text_of(record, "charsetSource");
  out.nofollow_page = record.value("nofollow", false);
  read_links(record, out.links);
  out.whole =
      !record.contains("truncated") && (out.status != 304 || is_taken_over(record, out.status));
  if (!can_stand_in(record, out)) out.etag = out.last_modified = "";
  for (const std::string_view name : metadata_names)
    copy_member(out.metadata_members, record, name);
  copy_member(out.links_member, record, "links");
  copy_member(out.text_member, record, "text");
  copy_member(out.raw_html_member, record, "rawHtml");
  return out;
} catch (const nlohmann::json::exception&) {
  return std::nullopt;
}

std::string_view change_since(const earlier_page* earlier, unsigned status,
                              std::uint64_t content_hash) noexcept {
  if (status == 304 || is_passing_error(status)) return "";
  if (!earlier) return "new";
  if ((status == 404 || status == 410) && earlier->status < 400) return "gone";
  if (!earlier->whole || is_passing_error(earlier->status)) return "";
  return content_hash == earlier->content_hash ? "unchanged" : "changed";
}

}  // namespace orbweaver
