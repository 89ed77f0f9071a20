#include "server/api/crawl_request.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "crawler/fetch/request_cookies.hpp"
#include "crawler/parse/extract.hpp"
#include "server/api/field_readers.hpp"
#include "server/api/json_document.hpp"
#include "server/api/nearest_name.hpp"
#include "server/api/seed_url.hpp"

namespace orbweaver {
namespace {

using namespace field_readers;
using enum field_type;
using enum field_use;
using spec = crawl_spec;

constexpr std::array<std::string_view, 5> scope_words{"host", "domain", "path", "any", "list"};
constexpr std::array<std::string_view, 2> robots_words{"obey", "ignore"};
constexpr std::array<std::string_view, 3> sitemap_words{"include", "skip", "only"};
constexpr std::array<std::string_view, 4> format_words{"metadata", "links", "text", "rawHtml"};

constexpr double billion = 1e9;
constexpr double day = 86'400;
constexpr double year = 366 * day;
constexpr double exact = 9007199254740991;  // 2^53 - 1: every JSON reader keeps such a number exact
constexpr double pattern_count = max_patterns;

json show_formats(const spec& s) {
  json out = json::array();
  for (std::size_t i = 0; i < format_words.size(); ++i)
    if (s.formats.has(static_cast<format>(1 << i))) out.push_back(format_words[i]);
  return out;
}
json show_store_bodies(const spec& s) { return s.store_bodies.value_or(true); }

// clang-format off
constexpr std::array table{
    request_field{"url", "", text, fetch, "", 0, 0, "", {},
        "The page to fetch, an absolute URL of http or https.",
        read_single_url, nullptr, R"j("https://example.com/")j", max_seed_bytes},
    request_field{"urls", "", texts, crawl, "", 1, max_seeds, "", {},
        "The seeds, absolute URLs of http or https.",
        read_texts<&spec::urls, seed_problem>, nullptr, R"j(["https://example.com/"])j", max_seed_bytes},
    request_field{"name", "name", text, crawl, "", 0, 0, "none", {},
        "A name for people.",
        read_text<&spec::name, name_problem>, show_value<&spec::name>, R"j("nightly")j", max_name_bytes},
    request_field{"labels", "label", text_map, crawl, "", 0, max_labels, "none", {},
        "Names and values to find crawls by. A name holds 1 to 64 letters, digits and ._/-.",
        read_labels, show_value<&spec::labels>, R"j({"team": "search"})j", max_label_bytes},
    request_field{"limit", "limit", whole_number, crawl, "pages", 1, billion, "10000", {},
        "Fetch at most so many pages.",
        read_whole_number<&spec::limit>, show_value<&spec::limit>, "10000"},
    request_field{"maxDepth", "max-depth", whole_number, crawl, "links", 0, 1e6, "none", {},
        "Follow links at most so far from a seed.",
        read_whole_number<&spec::max_depth>, show_value<&spec::max_depth>, "3"},
    request_field{"maxDuration", "max-duration", number, crawl, "seconds", 0.01, year, "none", {},
        "End the crawl after this time.",
        read_seconds<&spec::max_duration>, show_value<&spec::max_duration>, "3600"},
    request_field{"maxBytes", "max-bytes", whole_number, crawl, "bytes", 1, exact, "none", {},
        "End the crawl after so many bytes on the wire.",
        read_whole_number<&spec::max_bytes>, show_value<&spec::max_bytes>, "1000000000"},
    request_field{"scope", "scope", word, crawl, "", 0, 0, "host", scope_words,
        "Which links to follow: to the seeds' hosts, to their registrable domains, below the "
        "seeds' directories, any, or none but the listed seeds.",
        read_word<&spec::scope>, show_scope, R"j("domain")j"},
    request_field{"includePaths", "include-paths", texts, crawl, "", 0, pattern_count, "everything", {},
        "Follow only links that match one of these RE2 patterns on path and query.",
        read_include_paths, show_include_paths, R"j(["^/docs/"])j", max_pattern_bytes},
    request_field{"excludePaths", "exclude-paths", texts, crawl, "", 0, pattern_count, "nothing", {},
        "Do not follow links that match one of these RE2 patterns.",
        read_exclude_paths, show_exclude_paths, R"j(["\\.pdf$", "/print/"])j", max_pattern_bytes},
    request_field{"regexOnFullURL", "regex-on-full-url", boolean, crawl, "", 0, 0, "false", {},
        "Match the patterns on the whole URL.",
        read_boolean<&spec::regex_on_full_url>, show_value<&spec::regex_on_full_url>, "true"},
    request_field{"maxUrlLength", "max-url-length", whole_number, crawl, "bytes", 16, 65'536, "2048", {},
        "Skip links to longer URLs.",
        read_whole_number<&spec::max_url_length>, show_value<&spec::max_url_length>, "1024"},
    request_field{"maxPathDepth", "max-path-depth", whole_number, crawl, "segments", 1, 10'000, "32", {},
        "Skip links to URLs whose path has more segments.",
        read_whole_number<&spec::max_path_depth>, show_value<&spec::max_path_depth>, "16"},
    request_field{"maxRepeatedSegments", "max-repeated-segments", whole_number, crawl, "segments", 1, 10'000, "4", {},
        "Skip links to URLs whose path holds one segment more often.",
        read_whole_number<&spec::max_repeated_segments>, show_value<&spec::max_repeated_segments>, "2"},
    request_field{"maxQueryVariants", "max-query-variants", whole_number, crawl, "URLs", 1, billion, "1000", {},
        "Follow at most so many URLs of one path that differ in their query.",
        read_whole_number<&spec::max_query_variants>, show_value<&spec::max_query_variants>, "100"},
    request_field{"maxSubdomains", "max-subdomains", whole_number, crawl, "hosts", 1, billion, "1000", {},
        "Follow links to at most so many hosts of one registrable domain.",
        read_whole_number<&spec::max_subdomains>, show_value<&spec::max_subdomains>, "50"},
    request_field{"maxPagesPerHost", "max-pages-per-host", whole_number, crawl, "pages", 1, billion, "limit", {},
        "Fetch at most so many pages of one host.",
        read_whole_number<&spec::max_pages_per_host>, show_value<&spec::max_pages_per_host>, "5000"},
    request_field{"sitemap", "sitemap", word, crawl, "", 0, 0, "include", sitemap_words,
        "Whether the pages that sitemaps list are fetched, too, or they only.",
        read_word<&spec::sitemap>, show_sitemap, R"j("only")j"},
    request_field{"ignoreQueryParameters", "ignore-query-parameters", boolean, crawl, "", 0, 0, "false", {},
        "Take URLs that differ only in their query for the same.",
        read_boolean<&spec::ignore_query_parameters>, show_value<&spec::ignore_query_parameters>, "true"},
    request_field{"dropQueryParameters", "drop-query-parameters", texts, crawl, "", 0, 256,
        "common tracking ones", {},
        "Query parameters to take away before URLs are told apart.",
        read_texts<&spec::drop_query_parameters, query_parameter_problem>,
        show_value<&spec::drop_query_parameters>, R"j(["utm_source", "sessionid"])j", max_query_parameter_bytes},
    request_field{"robots", "robots", word, both, "", 0, 0, "obey", robots_words,
        "What to do with robots.txt.",
        read_word<&spec::robots>, show_robots, R"j("obey")j"},
    request_field{"userAgent", "user-agent", text, both, "", 0, 0, "the service's own", {},
        "The User-Agent to send, and to look for in robots.txt.",
        read_text<&spec::user_agent, user_agent_problem>, show_value<&spec::user_agent>, R"j("ExampleBot/1.0 (+https://example.com/bot)")j", max_user_agent_bytes},
    request_field{"respectNofollow", "respect-nofollow", boolean, crawl, "", 0, 0, "true", {},
        "Heed nofollow in meta robots, X-Robots-Tag and rel.",
        read_boolean<&spec::respect_nofollow>, show_value<&spec::respect_nofollow>, "false"},
    request_field{"delay", "delay", number, crawl, "seconds", 0, day, "0.25", {},
        "Leave this time between two fetches from one host; a longer Crawl-delay prevails.",
        read_seconds<&spec::delay>, show_value<&spec::delay>, "1"},
    request_field{"perHostConcurrency", "per-host-concurrency", whole_number, crawl, "connections", 1, 256, "2", {},
        "Connections to one host at a time.",
        read_whole_number<&spec::per_host_concurrency>, show_value<&spec::per_host_concurrency>, "1"},
    request_field{"maxConcurrency", "max-concurrency", whole_number, crawl, "fetches", 1, 100'000, "the service's", {},
        "Fetches of this crawl in flight at a time.",
        read_whole_number<&spec::max_concurrency>, show_value<&spec::max_concurrency>, "100"},
    request_field{"retries", "retries", whole_number, both, "attempts", 0, 20, "2", {},
        "Further attempts after a failure that may pass.",
        read_whole_number<&spec::retries>, show_value<&spec::retries>, "3"},
    request_field{"timeout", "timeout", number, both, "seconds", 0.01, 3600, "60", {},
        "The whole time a fetch may take, redirects included.",
        read_seconds<&spec::timeout>, show_value<&spec::timeout>, "30"},
    request_field{"maxBodyBytes", "max-body-bytes", whole_number, both, "bytes", 1, 1 << 30, "10485760", {},
        "Read at most so much of a page; the rest is cut off.",
        read_whole_number<&spec::max_body_bytes>, show_value<&spec::max_body_bytes>, "2097152"},
    request_field{"contentTypes", "content-types", texts, both, "", 1, 64,
        "HTML, XHTML, XML and plain text", {},
        "Media types to read.",
        read_texts<&spec::content_types, media_type_problem>, show_value<&spec::content_types>, R"j(["text/html", "application/pdf"])j", max_media_type_bytes},
    request_field{"headers", "header", text_map, both, "", 0, 64, "none", {},
        "Further headers to send to the seeds' origins.",
        read_headers, show_headers, R"j({"Accept-Language": "en"})j"},
    request_field{"cookies", "cookie", text_map, both, "", 0, max_request_cookies, "none", {},
        "Cookies to send to the seeds' origins until the site sets others of the same names.",
        read_cookies, show_cookies, R"j({"consent": "yes"})j"},
    request_field{"auth", "auth", credentials, both, "", 0, 0, "none", {},
        "User name and password for Basic authentication at the seeds' origins.",
        read_credentials, show_credentials, R"j({"username": "ada", "password": "secret"})j"},
    request_field{"proxy", "proxy", text, both, "", 0, 0, "none", {},
        "A proxy to fetch through, as http://user:password@host:port or socks5://host:port. "
        "Names are resolved by this service, and its rules hold for the proxy's address and the "
        "sites' alike.",
        read_proxy, show_proxy, R"j("http://proxy.example:3128")j"},
    request_field{"tlsVerify", "tls-verify", boolean, both, "", 0, 0, "true", {},
        "Check the servers' certificates.",
        read_boolean<&spec::tls_verify>, show_value<&spec::tls_verify>, "false"},
    request_field{"formats", "formats", words, both, "", 0, 4, "metadata, links", format_words,
        "What a record holds beside the outcome.",
        read_formats, show_formats, R"j(["metadata", "text"])j"},
    request_field{"extract", "extract", rules, both, "", 0, extractor::max_rules, "none", {},
        "Values to pull from each page: what an RE2 pattern, or its group, matches.",
        read_extract, show_extract, R"j({"price": {"regex": "Price: ([0-9.]+)", "group": 1}})j"},
    request_field{"storeBodies", "store-bodies", boolean, crawl, "", 0, 0, "true", {},
        "Keep the pages' bytes, in a store on disk.",
        read_boolean<&spec::store_bodies>, show_store_bodies, "false"},
    request_field{"since", "since", text, crawl, "", 0, 0, "none", {},
        "The id of a crawl that is over: ask for its pages only if they have changed since, and say "
        "what has.",
        read_since, show_since, R"j("4qzg9pemkda3wkhvvgd395w5ef")j"},
    request_field{"webhook", "", field_type::webhook, crawl, "", 0, 64, "none", {},
        "Where the crawl's events are sent, signed by HMAC-SHA256 with `secret`, or else with the "
        "service's: docs/webhooks.md says how.",
        read_webhook, show_webhook,
        R"j({"url": "https://example.com/hook", "events": ["crawl.completed"], "secret": "a-long-shared-secret"})j"},
};
// clang-format on

// A guess at what was meant is made only for as many as are reported: it costs microseconds each.
std::string unknown_field(std::string_view name, field_use use, std::size_t before) {
  if (before >= max_request_errors) return "is not a known field";
  if (find_request_field(name) != nullptr)
    return use == fetch ? "does not concern the fetch of one page" : "concerns /v1/fetch only";
  std::vector<std::string_view> names;
  for (const request_field& field : table)
    if (used_by(field, use)) names.push_back(field.name);
  const std::string_view near = nearest_name(name, names);
  if (near.empty()) return "is not a known field";
  return "is not a known field; did you mean \"" + std::string(near) + "\"?";
}

void read_fields(const json& request, field_use use, spec& out,
                 std::vector<request_error>& errors) {
  for (const auto& [name, value] : request.items()) {
    const request_field* field = find_request_field(name);
    if (field == nullptr || !used_by(*field, use)) {
      errors.push_back({child_pointer("", name), unknown_field(name, use, errors.size())});
      continue;
    }
    field->read({*field, out, errors}, value);
  }
  const std::string_view target = use == fetch ? "url" : "urls";
  if (!request.contains(target)) errors.push_back({child_pointer("", target), "is missing"});
}

// A default is lowered to the cap without a word.
void hold_to(const request_caps& caps, const json& request, spec& out,
             std::vector<request_error>& errors) {
  if (out.webhook && out.webhook->secret.empty() && !caps.signs_webhooks)
    errors.push_back({"/webhook/secret", "is missing, and this service has no webhook-secret"});
  if (out.max_body_bytes <= caps.max_body_bytes) return;
  out.max_body_bytes = caps.max_body_bytes;
  if (request.contains("maxBodyBytes"))
    errors.push_back({"/maxBodyBytes", "must be at most " + std::to_string(caps.max_body_bytes) +
                                           ", which this service allows (max-page-size)"});
}

parsed_request parse(std::string_view text, field_use use, const request_caps& caps) {
  json_document document = parse_json(text);
  auto& errors = document.errors;
  if (!document.value) return std::move(errors);
  spec out;
  if (document.value->is_object()) {
    read_fields(*document.value, use, out, errors);
    hold_to(caps, *document.value, out, errors);
  } else {
    errors.push_back({"", "must be an object"});
  }
  if (errors.empty()) return out;
  if (errors.size() > max_request_errors) {
    const std::size_t more = errors.size() - max_request_errors;
    errors.resize(max_request_errors);
    errors.push_back({"", "has " + std::to_string(more) + " further mistakes"});
  }
  return std::move(errors);
}

}  // namespace

std::span<const request_field> request_fields() noexcept { return table; }

const request_field* find_request_field(std::string_view name) noexcept {
  const auto it = std::ranges::find(table, name, &request_field::name);
  return it == table.end() ? nullptr : &*it;
}

parsed_request parse_crawl_request(std::string_view text, const request_caps& caps) {
  return parse(text, crawl, caps);
}

parsed_request parse_fetch_request(std::string_view text, const request_caps& caps) {
  parsed_request out = parse(text, fetch, caps);
  if (auto* one = std::get_if<spec>(&out)) {
    one->scope = scope_kind::list;
    one->limit = 1;
    one->max_depth = 0;
  }
  return out;
}

nlohmann::ordered_json request_as_json(const spec& s, std::size_t seeds) {
  nlohmann::ordered_json out;
  auto& urls = out["urls"] = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < std::min(seeds, s.urls.size()); ++i) urls.push_back(s.urls[i]);
  for (const request_field& field : table)
    if (field.show != nullptr) out[std::string(field.name)] = field.show(s);
  return out;
}

}  // namespace orbweaver
