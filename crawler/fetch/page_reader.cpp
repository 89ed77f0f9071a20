#include "crawler/fetch/page_reader.hpp"

#include <algorithm>

#include "common/long_hash.hpp"
#include "crawler/export/record_json.hpp"
#include "crawler/fetch/decode.hpp"
#include "crawler/fetch/http_date.hpp"
#include "crawler/fetch/media_type.hpp"
#include "crawler/fetch/request.hpp"
#include "crawler/parse/charset.hpp"
#include "crawler/parse/page_links.hpp"
#include "crawler/parse/page_scan.hpp"
#include "crawler/parse/query_charset.hpp"
#include "crawler/robots/robots.hpp"
#include "crawler/sitemap/sitemap_file.hpp"

namespace orbweaver {
namespace {

// A page with unusually long links shall not keep their memory for all later ones.
constexpr std::size_t kept_links_bytes = 1 << 20;

// Scratch memory of one thread; nothing in it outlives a call.
struct scratch {
  std::string decoded;
  std::string utf8;
  page_scan page;
  std::string links;
  url base;
  url link;
  std::string key;
};
scratch& scratch_of_thread() {
  thread_local scratch out;
  return out;
}

// RFC 9110 section 15.4: the answers that send a GET elsewhere.
bool is_redirect(unsigned status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}
bool is_success(unsigned status) { return status >= 200 && status < 300; }

bool is_wanted_type(const fetch_profile& profile, std::string_view essence) {
  if (essence.empty()) return true;  // often a page all the same
  return std::ranges::any_of(profile.content_types, [&](const std::string& pattern) {
    return matches_media_pattern(essence, pattern);
  });
}

bool is_html(std::string_view essence) {
  return essence.empty() || essence == "text/html" || essence == "application/xhtml+xml";
}

// A crawl of a list is given all its URLs: its links are no news to it, and are not accounted for.
bool follows_links(const fetch_profile& profile) { return profile.spec->scope != scope_kind::list; }

std::string_view name_of(truncation t) {
  switch (t) {
    case truncation::none: return {};
    case truncation::size_limit: return "size_limit";
    case truncation::closed: return "closed";
    case truncation::bad_chunk: return "bad_chunk";
  }
  return {};
}

// Where a redirect leads: absolute, without fragment. An outcome when it leads nowhere.
outcome read_location(const response_parser& head, const url& target, fetch_report& report) {
  const auto location = head.headers().get(header_id::location);
  if (!location) return outcome::fetched;  // a page like any other, with an odd status
  url& link = scratch_of_thread().link;
  if (!link.assign(*location, &target) || !link.is_http()) {
    report.detail = std::string(location->substr(0, 200));
    return outcome::bad_redirect;
  }
  report.location = std::string(link.href_without_fragment());
  return outcome::fetched;
}

// The decoded body, in memory of the thread or of the receive buffer. Nothing if it is longer than
// `most_decoded` bytes, although the crawl would take more.
std::optional<std::string_view> undo_codings(const fetch_order& order, const response_parser& head,
                                             std::string_view wire_body, std::size_t most_decoded,
                                             outcome& ended, std::string_view& truncated) {
  truncated = name_of(head.truncated());
  const auto codings = codings_of(head.headers());
  if (!codings) {
    ended = outcome::bad_encoding;
    return wire_body;
  }
  if (codings->empty()) return wire_body;
  decode_limits limits;
  limits.max_output_bytes = std::min(max_body_bytes(order), most_decoded);
  std::string& out = scratch_of_thread().decoded;
  const decode_result decoded = decode_body(wire_body, *codings, limits, out);
  if (decoded.at_limit && limits.max_output_bytes < max_body_bytes(order)) return std::nullopt;
  const bool cut_on_purpose = head.truncated() == truncation::size_limit;
  if (decoded.at_limit) truncated = "size_limit";
  if (decoded.error != outcome::fetched && !cut_on_purpose) {
    ended = decoded.error;
    if (truncated.empty()) truncated = name(decoded.error);
  }
  return out;
}

void add_link(const fetch_profile& profile, const url& link, nofollow_by nofollow,
              link_batch& batch) {
  const std::string_view text = link.href_without_fragment();
  const fingerprint print =
      profile.keeps.prints.of(profile.canonical.key(link, scratch_of_thread().key));
  batch.links.push_back({print, static_cast<std::uint32_t>(batch.text.size()),
                         static_cast<std::uint32_t>(text.size()), nofollow});
  batch.text += text;
}

// Resolves each link of the page once: for the crawl those it follows, where it `follows` any, and
// for the record all of them, as text, where it has links.
std::string_view collect_links(const fetch_profile& profile, page_scan& page, const url& base,
                               bool follows, nofollow_by of_page, link_batch& batch) {
  std::string& text = scratch_of_thread().links;
  text.clear();
  const bool all = profile.spec->formats.has(format::links);
  if (!all && !follows) return text;
  if (follows) batch.links.reserve(page.links.size());
  const auto wanted = [all](const page_link& link) { return all || is_followed(link.element); };
  const nofollow_by with_rel = of_page == nofollow_by::nothing ? nofollow_by::rel : of_page;
  const auto add = [&](const page_link& link, const url& target) {
    if (all) append_link(text, link, target);
    if (follows && is_followed(link.element) && target.is_http())
      add_link(profile, target, link.nofollow ? with_rel : of_page, batch);
  };
  const auto refuse = [&](const page_link& link, url_error why) {
    if (all) append_bad_link(text, link, why);
  };
  if (!for_each_link(page.links, base, wanted, add, refuse)) page.truncated.links = true;
  return text;
}

void collect_sitemap(const fetch_profile& profile, const url& target, std::string_view body,
                     std::string_view charset_label, fetch_report& report) {
  const sitemap found = read_sitemap(body, charset_label);
  report.sitemap = found.kind;
  report.sitemap_cut =
      found.too_large || found.too_many_entries || found.entry_dropped || found.malformed;
  url& link = scratch_of_thread().link;
  for (const sitemap_entry& entry : found.entries)
    if (link.assign(entry.loc, &target) && link.is_http())
      add_link(profile, link, nofollow_by::nothing, report.links);
}

// Longer ones are not worth keeping.
std::string_view validator_in(std::optional<std::string_view> field) {
  constexpr std::size_t max_bytes = 1024;
  return field && field->size() <= max_bytes ? *field : std::string_view();
}

// The page is as it was: what an earlier record says of it holds.
void take_over(const earlier_page& earlier, fetch_report& report, page_facts& facts) {
  report.body_bytes = earlier.bytes;
  report.content_hash = earlier.content_hash;
  facts.nofollow = earlier.nofollow_page;
  facts.content_type = earlier.content_type;
  facts.charset = earlier.charset;
  facts.charset_source = earlier.charset_source;
  if (facts.etag.empty()) facts.etag = earlier.etag;
  if (facts.last_modified.empty()) facts.last_modified = earlier.last_modified;
}

void collect_earlier_links(const fetch_profile& profile, const earlier_page& earlier,
                           fetch_report& report) {
  url& link = scratch_of_thread().link;
  const auto why = [&](bool rel) {
    if (earlier.nofollow_page) return nofollow_by::earlier_page;
    return rel ? nofollow_by::rel : nofollow_by::nothing;
  };
  for (const earlier_page::link& known : earlier.links)
    if (link.assign(known.url) && link.is_http())
      add_link(profile, link, why(known.nofollow), report.links);
}

void append_earlier_members(std::string& out, const earlier_page& earlier, format_set formats) {
  if (formats.has(format::metadata)) out += earlier.metadata_members;
  if (formats.has(format::links)) out += earlier.links_member;
  if (formats.has(format::text)) out += earlier.text_member;
  if (formats.has(format::raw_html)) out += earlier.raw_html_member;
}

robots_directives directives_of(const fetch_profile& profile, const response_parser& head,
                                page_facts& facts) {
  robots_directives out;
  head.headers().for_each(header_id::x_robots_tag, [&](std::string_view value) {
    facts.robots_tags.push_back(value);
    out.add_tag(value, profile.agent_token);
  });
  return out;
}

}  // namespace

std::size_t max_body_bytes(const fetch_order& order) {
  switch (order.entry.kind) {
    // One more, so that their readers see they were longer.
    case entry_kind::robots: return max_robots_size + 1;
    case entry_kind::sitemap: return max_sitemap_bytes + 1;
    case entry_kind::page: break;
  }
  return order.profile->spec->max_body_bytes;
}

bool wants_body(const fetch_order& order, const response_parser& head) {
  if (order.message) return false;
  if (order.entry.kind != entry_kind::page) return is_success(head.status());
  if (is_redirect(head.status())) return false;
  const auto type = media_type_of(head.headers());
  return is_wanted_type(*order.profile, type ? std::string_view(type->essence) : "");
}

bool is_unchanged(const fetch_order& order, const url& target, const fetch_report& report) {
  return report.status == 304 && report.earlier &&
         is_conditional(*order.profile, *report.earlier, target);
}

std::optional<outcome> read_answer(const fetch_order& order, const url& target,
                                   const response_parser& head, std::string_view wire_body,
                                   fetch_report& report, std::size_t most_decoded) {
  const fetch_profile& profile = *order.profile;
  const format_set formats = profile.spec->formats;
  report.status = head.status();
  report.set_cookies.clear();
  if (const auto value = head.headers().get(header_id::retry_after))
    report.retry_after =
        parse_retry_after(*value, std::chrono::floor<std::chrono::seconds>(wall_clock::now()));
  if (order.message) return outcome::fetched;
  // robots.txt is read once for all crawls: it belongs to none of them.
  if (order.entry.kind != entry_kind::robots)
    head.headers().for_each(header_id::set_cookie, [&](std::string_view field) {
      if (report.set_cookies.size() < max_set_cookies) report.set_cookies.emplace_back(field);
    });
  outcome ended = outcome::fetched;
  if (is_redirect(report.status)) ended = read_location(head, target, report);

  page_facts facts;
  const media_type type = media_type_of(head.headers()).value_or(media_type{});
  facts.content_type = report.content_type = type.essence;
  robots_directives directives = directives_of(profile, head, facts);
  facts.etag = validator_in(head.headers().get(header_id::etag));
  facts.last_modified = validator_in(head.headers().get(header_id::last_modified));
  const bool wanted = wants_body(order, head);
  const bool unchanged = is_unchanged(order, target, report);
  if (unchanged) {
    take_over(*report.earlier, report, facts);
  } else if (wanted) {
    const auto body = undo_codings(order, head, wire_body, most_decoded, ended, facts.truncated);
    if (!body) return std::nullopt;
    facts.body = *body;
    report.body_bytes = facts.body.size();
    if (!facts.body.empty()) report.content_hash = long_hash64(facts.body);
  } else if (is_success(report.status)) {
    ended = outcome::unwanted_content_type;
    report.detail = std::string(facts.content_type);
  }
  if (order.entry.kind == entry_kind::robots) report.body = std::string(facts.body);
  if (order.entry.kind == entry_kind::sitemap && wanted)
    collect_sitemap(profile, target, facts.body, type.charset.value_or(""), report);
  if (order.entry.kind != entry_kind::page) return ended;

  scratch& s = scratch_of_thread();
  const bool is_page =
      is_html(facts.content_type) && !(facts.content_type.empty() && looks_binary(facts.body));
  const bool is_read = follows_links(profile) || !formats.empty() || profile.extract.wants_text();
  if (wanted && !unchanged) {
    const charset_choice charset = choose_charset(facts.body, type.charset.value_or(""));
    facts.charset = charset.name;
    facts.charset_source = name(charset.source);
    if (is_read || !profile.extract.empty())
      facts.body = text_in_utf8(facts.body, charset.name, s.utf8);
  }
  if (unchanged && follows_links(profile)) collect_earlier_links(profile, *report.earlier, report);
  if (wanted && !unchanged && is_page && is_read) {
    scan_options options;
    options.link_text = formats.has(format::links);
    options.metadata = formats.has(format::metadata);
    options.visible_text = formats.has(format::text) || profile.extract.wants_text();
    options.followed_only =
        !formats.has(format::links) && !formats.has(format::metadata) && !options.visible_text;
    options.xml = facts.content_type == "application/xhtml+xml";
    options.agent = profile.agent_token;
    scan_page(facts.body, options, s.page);
    encode_queries(s.page, facts.charset);
    facts.page = &s.page;
    facts.base = &base_of(s.page, target, s.base);
    const nofollow_by of_page = directives.nofollow      ? nofollow_by::header
                                : s.page.robots.nofollow ? nofollow_by::meta
                                                         : nofollow_by::nothing;
    facts.nofollow = of_page != nofollow_by::nothing;
    facts.links =
        collect_links(profile, s.page, *facts.base,
                      follows_links(profile) && is_success(report.status), of_page, report.links);
  }
  if (wanted && !profile.extract.empty()) {
    report.extract_body.emplace(facts.body.substr(0, extractor::max_subject_bytes + 1));
    if (facts.page) report.extract_text = facts.page->text;
  }
  if (profile.spec->since && !report.earlier_unknown && !report.location &&
      ended == outcome::fetched && facts.truncated.empty())
    facts.change = unchanged
                       ? "unchanged"
                       : change_since(report.earlier.get(), report.status, report.content_hash);
  append_record(report.members, order.entry, target, report, formats, facts);
  if (s.links.capacity() > kept_links_bytes) s.links = {};
  if (unchanged) append_earlier_members(report.members, *report.earlier, formats);
  return ended;
}

}  // namespace orbweaver
