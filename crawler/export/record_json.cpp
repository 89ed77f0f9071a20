#include "crawler/export/record_json.hpp"

#include "common/rfc3339.hpp"
#include "crawler/export/json_text.hpp"
#include "crawler/export/metadata_json.hpp"

namespace orbweaver {
namespace {

// `name` is written as it stands, with its comma, quotes and colon. A member without a value is
// left out.
void string_member(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  out += name;
  append_json_string(out, value);
}

void number_member(std::string& out, std::string_view name, std::uint64_t value) {
  out += name;
  append_json_number(out, value);
}

template <class Range>
void strings_member(std::string& out, std::string_view name, const Range& values) {
  if (values.empty()) return;
  out += name;
  char before = '[';
  for (const auto& value : values) {
    out += before;
    append_json_string(out, value);
    before = ',';
  }
  out += ']';
}

void append_timings(std::string& out, const fetch_timings& t) {
  const auto one = [&out](std::string_view name, clock::duration d) {
    out += name;
    append_json_seconds(out, std::chrono::duration<double>(d).count());
  };
  one(",\"timings\":{\"dns\":", t.dns);
  one(",\"connect\":", t.connect);
  one(",\"tls\":", t.tls);
  one(",\"firstByte\":", t.first_byte);
  one(",\"total\":", t.total);
  out += '}';
}

void append_hash(std::string& out, std::uint64_t hash) {
  if (hash == 0) return;
  constexpr std::string_view digits = "0123456789abcdef";
  out += ",\"contentHash\":\"";
  for (int shift = 60; shift >= 0; shift -= 4) out += digits[hash >> shift & 15];
  out += '"';
}

void append_alternates(std::string& out, const std::vector<language_alternate>& alternates,
                       const url& base) {
  thread_local url target;
  char before = '[';
  for (const language_alternate& one : alternates) {
    if (!target.assign(one.url, &base)) continue;
    if (before == '[') out += ",\"alternates\":";
    out += before;
    before = ',';
    out += "{\"url\":";
    append_json_string(out, target.href());
    string_member(out, ",\"language\":", one.language);
    out += '}';
  }
  if (before == ',') out += ']';
}

// All members of a link, without the brace that ends it.
void append_link_members(std::string& out, const page_link& link, std::string_view href) {
  out += out.empty() ? "{\"url\":" : ",{\"url\":";
  append_json_string(out, href);
  string_member(out, ",\"text\":", link.text);
  string_member(out, ",\"rel\":", link.rel);
  out += ",\"element\":\"";
  out += name(link.element);
  out += '"';
}

}  // namespace

void append_link(std::string& out, const page_link& link, const url& target) {
  append_link_members(out, link, target.href());
  out += '}';
}

void append_bad_link(std::string& out, const page_link& link, url_error why) {
  append_link_members(out, link, link.url);
  string_member(out, ",\"error\":", message(why));
  out += '}';
}

void append_record(std::string& out, const frontier_entry& entry, const url& target,
                   const fetch_report& report, format_set formats, const page_facts& facts) {
  const redirect_chain* chain = entry.redirects.get();
  constexpr std::size_t usual_bytes = 2048;  // of all but links, text and bodies
  out.reserve(out.size() + facts.links.size() + usual_bytes);
  out += "\"url\":";
  append_json_string(out, chain ? chain->hops.front() : entry.url);
  string_member(out, ",\"finalUrl\":", target.href_without_fragment());
  if (chain) strings_member(out, ",\"redirects\":", chain->hops);
  number_member(out, ",\"depth\":", entry.depth);
  if (report.status != 0) number_member(out, ",\"status\":", report.status);
  string_member(out, ",\"contentType\":", facts.content_type);
  string_member(out, ",\"charset\":", facts.charset);
  string_member(out, ",\"charsetSource\":", facts.charset_source);
  number_member(out,
                ",\"bytesOnWire\":", report.bytes_on_wire + (chain ? chain->bytes_on_wire : 0));
  number_member(out, ",\"bytes\":", report.body_bytes);
  string_member(out, ",\"truncated\":", facts.truncated);
  append_hash(out, report.content_hash);
  string_member(out, ",\"etag\":", facts.etag);
  string_member(out, ",\"lastModified\":", facts.last_modified);
  string_member(out, ",\"change\":", facts.change);
  if (facts.nofollow) out += ",\"nofollow\":true";
  append_timings(out, report.timings);
  out += ",\"fetchedAt\":\"";
  append_rfc3339(out, wall_clock::now());
  out += '"';
  strings_member(out, ",\"robotsTag\":", facts.robots_tags);
  if (facts.page && formats.has(format::metadata)) {
    const page_scan& page = *facts.page;
    string_member(out, ",\"title\":", page.title);
    string_member(out, ",\"language\":", page.language);
    thread_local url canonical;
    if (!page.canonical.empty() && canonical.assign(page.canonical, facts.base))
      string_member(out, ",\"canonical\":", canonical.href());
    if (!page.metadata.empty()) {
      out += ",\"metadata\":";
      append_metadata_json(out, page.metadata);
    }
    strings_member(out, ",\"jsonLd\":", page.json_ld);
    append_alternates(out, page.alternates, *facts.base);
  }
  if (facts.page) {
    if (formats.has(format::links)) out.append(",\"links\":[").append(facts.links) += ']';
    if (formats.has(format::text)) string_member(out, ",\"text\":", facts.page->text);
    strings_member(out, ",\"limitsReached\":", limits_reached(facts.page->truncated));
  }
  if (formats.has(format::raw_html)) string_member(out, ",\"rawHtml\":", facts.body);
}

void append_unread_record(std::string& out, const frontier_entry& entry,
                          const fetch_report* report) {
  url target;
  target.assign(entry.url);
  const fetch_report none;
  append_record(out, entry, target, report ? *report : none, {}, {});
}

void append_outcome(std::string& out, outcome code, std::string_view detail, unsigned attempts) {
  out += ",\"outcome\":\"";
  out += name(kind(code));
  out += '"';
  if (code != outcome::fetched) {
    out +=
        kind(code) == outcome_kind::failed ? ",\"error\":{\"code\":\"" : ",\"reason\":{\"code\":\"";
    out += name(code);
    out += "\",\"message\":";
    std::string message(info(code).description);
    if (!detail.empty()) message.append(" (").append(detail).append(")");
    append_json_string(out, message);
    out += '}';
  }
  number_member(out, ",\"attempts\":", attempts);
}

}  // namespace orbweaver
