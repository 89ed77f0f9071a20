#include <CLI/CLI.hpp>
#include <array>
#include <memory>

#include "common/url/url.hpp"
#include "crawler/export/json_text.hpp"
#include "crawler/export/metadata_json.hpp"
#include "crawler/parse/charset.hpp"
#include "crawler/parse/page_links.hpp"
#include "crawler/parse/query_charset.hpp"
#include "crawler/robots/robots.hpp"
#include "server/commands/inspect.hpp"
#include "server/commands/inspect_input.hpp"
#include "server/commands/inspect_text.hpp"

namespace orbweaver {
namespace {

bool any(const page_link&) { return true; }

// A page, and what its links are relative to. Large; one for each thread.
struct scanned_page {
  page_scan page;
  url address, base, canonical;

  // Answers why `address_text` is no URL. `html` is UTF-8, whatever `charset` it was in.
  std::string_view read(std::string_view html, std::string_view address_text,
                        std::string_view agent, std::string_view charset = "UTF-8") {
    url_error why = url_error::none;
    if (!address.assign(address_text, nullptr, &why)) return message(why);
    scan_options options;
    options.agent = product_token(agent);
    scan_page(html, options, page);
    encode_queries(page, charset);
    const url& from = base_of(page, address, base);
    if (&from != &base) base = address;
    if (page.canonical.empty() || !canonical.assign(page.canonical, &base)) canonical = {};
    return {};
  }
};
scanned_page& page_of_thread() {
  thread_local scanned_page out;
  return out;
}

void append_text_or_null(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  if (value.empty())
    out += "null";
  else
    append_json_string(out, value);
}

// False if there are more than are listed.
bool append_links(std::string& out, const scanned_page& s) {
  char before = '[';
  const auto open = [&](const page_link& link, std::string_view href) {
    out += before;
    before = ',';
    out += "{\"url\":";
    append_json_string(out, href);
    out += ",\"text\":";
    append_json_string(out, link.text);
    out += ",\"rel\":";
    append_json_string(out, link.rel);
    out.append(",\"element\":\"").append(name(link.element)) += '"';
  };
  const auto visit = [&](const page_link& link, const url& target) {
    open(link, target.href());
    out += '}';
  };
  const auto refuse = [&](const page_link& link, url_error why) {
    open(link, link.url);
    out += ",\"error\":";
    append_json_string(out, message(why));
    out += '}';
  };
  const bool whole = for_each_link(s.page.links, s.base, any, visit, refuse);
  if (before == '[') out += before;
  out += ']';
  return whole;
}

void append_limits(std::string& out, const scan_truncation& cut) {
  char before = '[';
  for (const std::string_view limit : limits_reached(cut)) {
    if (before == '[') out += ",\"limitsReached\":";
    out += before;
    append_json_string(out, limit);
    before = ',';
  }
  if (before == ',') out += ']';
}

void append_page(std::string& out, const scanned_page& s) {
  append_text_or_null(out, "{\"title\":", s.page.title);
  append_text_or_null(out, ",\"language\":", s.page.language);
  append_text_or_null(out, ",\"canonical\":", s.canonical.href());
  out += ",\"robots\":[";
  for (std::size_t i = 0; i < s.page.robots_list.size(); ++i) {
    if (i != 0) out += ',';
    append_json_string(out, s.page.robots_list[i]);
  }
  out += "],\"metadata\":";
  append_metadata_json(out, s.page.metadata);
  out += ",\"links\":";
  scan_truncation cut = s.page.truncated;
  if (!append_links(out, s)) cut.links = true;
  append_limits(out, cut);
  out += '}';
}

// "a            https://h/x  "text"  [nofollow]"
std::string link_text(const page_link& link, std::string_view href) {
  std::string out(href);
  if (!link.text.empty()) out.append("  \"").append(link.text).append("\"");
  if (!link.rel.empty()) out.append("  [").append(link.rel).append("]");
  return out;
}

struct link_listing {
  std::string text;
  std::size_t links = 0;
  std::size_t followed = 0;
  bool whole = true;
};
link_listing list_links(const scanned_page& s) {
  link_listing out;
  const auto visit = [&](const page_link& link, const url& target) {
    ++out.links;
    if (is_followed(link.element) && target.is_http() && !link.nofollow) ++out.followed;
    append_row(out.text, name(link.element), link_text(link, target.href()));
  };
  const auto refuse = [&](const page_link& link, url_error why) {
    ++out.links;
    const std::string what = link_text(link, link.url);
    append_row(out.text, name(link.element), what + "  (" + std::string(message(why)) + ")");
  };
  out.whole = for_each_link(s.page.links, s.base, any, visit, refuse);
  if (s.page.robots.nofollow) out.followed = 0;
  return out;
}

void append_limit_rows(std::string& out, const scan_truncation& cut) {
  const auto row = [&out](bool reached, std::string_view what) {
    if (reached) append_row(out, "limit", what);
  };
  row(cut.links, "The page has more links than are kept.");
  row(cut.urls, "The page has a URL too long to be kept.");
  row(cut.values, "A title, text or other value was cut.");
  row(cut.metadata, "The page has more metadata than is kept.");
  row(cut.nesting, "SVG or MathML is nested deeper than is remembered.");
}

void append_facts(std::string& out, const scanned_page& s) {
  append_row(out, "title", s.page.title);
  append_row(out, "language", s.page.language);
  append_row(out, "canonical", s.canonical.href());
  std::string robots;
  for (const std::string_view directive : s.page.robots_list)
    robots.append(robots.empty() ? "" : ", ").append(directive);
  append_row(out, "robots", robots);
  append_row(out, "base", s.base.href());
  for (const meta_entry& entry : s.page.metadata)
    append_row(out, "meta", std::string(entry.name).append(": ").append(entry.content));
}

}  // namespace

bool inspect_links(std::string_view line, std::string& out) {
  std::array fields{input_field{"base"}, input_field{"html"}, input_field{"agent", false}};
  if (const std::string wrong = read_input(line, fields); !wrong.empty())
    return append_error(out, wrong);
  scanned_page& scanned = page_of_thread();
  const std::string_view why_not =
      scanned.read(*fields[1].value, *fields[0].value, fields[2].value.value_or(""));
  if (!why_not.empty()) return append_error(out, "\"base\": " + std::string(why_not));
  append_page(out, scanned);
  return true;
}

explanation explain_links(std::string_view html, std::string_view base, std::string_view agent) {
  scanned_page& scanned = page_of_thread();
  const charset_choice charset = choose_charset(html, {});
  std::string utf8;
  const std::string_view why_not =
      scanned.read(text_in_utf8(html, charset.name, utf8), base, agent, charset.name);
  if (!why_not.empty()) return {"The base is no URL: " + std::string(why_not) + '\n', false};
  explanation out;
  append_row(out.text, "charset",
             std::string(charset.name).append(" (").append(name(charset.source)).append(")"));
  append_facts(out.text, scanned);
  const link_listing found = list_links(scanned);
  scan_truncation cut = scanned.page.truncated;
  cut.links = cut.links || !found.whole;
  append_limit_rows(out.text, cut);
  out.text += '\n' + std::to_string(found.links) + " links, of which a crawl may follow " +
              std::to_string(found.followed) + '\n' + found.text;
  return out;
}

inspect_run add_links_arguments(CLI::App& command) {
  struct arguments {
    std::string file, base, agent;
  };
  auto given = std::make_shared<arguments>();
  CLI::Option* file = command.add_option("FILE", given->file, "The page; '-' is standard input");
  CLI::Option* base = command.add_option("--base", given->base, "The URL the page is from");
  command.add_option("--agent", given->agent,
                     "A product token or User-Agent, whose own <meta> counts beside \"robots\"");
  return [given, file, base] {
    if (!*file) throw CLI::RequiredError("FILE");
    if (!*base) throw CLI::RequiredError("--base");
    return explain_links(read_source(given->file), given->base, given->agent);
  };
}

}  // namespace orbweaver
