#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/error.hpp"
#include "crawler/user_pattern.hpp"

namespace orbweaver {

using wall_clock = std::chrono::system_clock;
using seconds_f = std::chrono::duration<double>;

// Names one crawl: 128 random bits, written as 26 lower-case characters of Crockford's base 32.
struct crawl_id {
  std::array<std::uint8_t, 16> bytes{};

  static crawl_id random();
  // nullopt for anything that to_string() does not print.
  static std::optional<crawl_id> parse(std::string_view text) noexcept;
  std::string to_string() const;
  auto operator<=>(const crawl_id&) const = default;
};

struct crawl_id_hash {
  std::size_t operator()(const crawl_id& id) const noexcept;
};

// A URL within one crawl, in the order of discovery, from 0.
using url_id = std::uint32_t;
inline constexpr url_id no_url = 0xffffffff;

enum class scope_kind : std::uint8_t { host, domain, path, any, list };
enum class robots_policy : std::uint8_t { obey, ignore };

// What a record carries beyond the outcome. A set of bits.
enum class format : std::uint8_t { metadata = 1, links = 2, text = 4, raw_html = 8 };
struct format_set {
  std::uint8_t bits = 0;
  constexpr bool has(format f) const noexcept { return (bits & static_cast<std::uint8_t>(f)) != 0; }
  constexpr void add(format f) noexcept { bits |= static_cast<std::uint8_t>(f); }
  constexpr bool empty() const noexcept { return bits == 0; }
};

struct http_auth {
  std::string username;
  std::string password;
};

enum class proxy_kind : std::uint8_t { http, socks5 };

// What a crawl's requests go through.
struct proxy_server {
  proxy_kind kind = proxy_kind::http;
  std::string host;  // as class url prints it
  std::uint16_t port = 0;
  std::string username;  // both empty: the proxy asks for none
  std::string password;
};

// A value to pull from each page: what a pattern's group matches.
struct extract_rule {
  std::string name;
  user_pattern regex;
  std::optional<int> group;  // unset: the first group, or the whole match of a pattern without
  bool all = false;          // every match, as a list
  bool on_text = false;      // on the visible text instead of the body
};

// What sitemaps are for: further seeds, nothing, or the only source of pages besides the seeds.
enum class sitemap_policy : std::uint8_t { include, skip, only };

// What a crawl's webhook may be told of: bits of a set.
enum class webhook_event : std::uint8_t { started = 1, page = 2, completed = 4, failed = 8 };

// By bit.
inline constexpr std::array<std::string_view, 4> webhook_event_names{
    "crawl.started", "crawl.page", "crawl.completed", "crawl.failed"};

// Where a crawl's events are sent.
struct webhook_target {
  std::string url;  // absolute, of http or https
  std::vector<std::pair<std::string, std::string>> headers;
  std::uint8_t events = 15;  // of webhook_event
  std::string secret;        // messages are signed with it; empty: with the service's

  constexpr bool wants(webhook_event e) const noexcept {
    return (events & static_cast<std::uint8_t>(e)) != 0;
  }
};

// The crawl whose pages are compared with, and what its records hold.
struct earlier_crawl {
  crawl_id id;
  format_set formats;
};

// One crawl as asked for. Field names, defaults and limits as a request's reader sees them stand
// in server/api/crawl_request; this is what the engine works from. Immutable once submitted.
struct crawl_spec {
  std::vector<std::string> urls;  // seeds: valid absolute http(s) URLs
  std::string name;
  std::map<std::string, std::string> labels;
  std::uint64_t limit = 10'000;            // pages to fetch
  std::optional<std::uint32_t> max_depth;  // links followed from a seed
  std::optional<seconds_f> max_duration;   // from the start of the crawl
  std::optional<std::uint64_t> max_bytes;  // on the wire
  // What keeps a crawl out of endless spaces of pages.
  std::uint32_t max_url_length = 2048;      // bytes
  std::uint32_t max_path_depth = 32;        // segments
  std::uint32_t max_repeated_segments = 4;  // of one kind in a path
  std::uint32_t max_query_variants = 1000;  // URLs of one path that differ in their query
  std::uint32_t max_subdomains = 1000;      // hosts of one registrable domain
  std::optional<std::uint64_t> max_pages_per_host;
  scope_kind scope = scope_kind::host;
  std::vector<user_pattern> include_paths;  // none means everything
  std::vector<user_pattern> exclude_paths;
  bool regex_on_full_url = false;                                 // else on path and query
  bool ignore_query_parameters = false;                           // when telling two URLs apart
  std::optional<std::vector<std::string>> drop_query_parameters;  // unset: common tracking ones
  robots_policy robots = robots_policy::obey;
  std::string user_agent;  // empty: the service's own
  sitemap_policy sitemap = sitemap_policy::include;
  bool respect_nofollow = true;
  seconds_f delay{0.25};  // between two starts on one host
  std::uint32_t per_host_concurrency = 2;
  std::optional<std::uint32_t> max_concurrency;  // fetches of this crawl in flight
  std::uint32_t retries = 2;                     // further attempts after a transient failure
  seconds_f timeout{60};                         // absolute, for a whole fetch with its redirects
  std::uint64_t max_body_bytes = 10 << 20;       // decoded; the wire is held to it as well
  std::optional<std::vector<std::string>> content_types;  // unset: HTML, XHTML, XML, plain text
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<std::pair<std::string, std::string>> cookies;  // for the seeds' origins alone
  std::optional<http_auth> auth;
  std::optional<proxy_server> proxy;
  bool tls_verify = true;
  format_set formats{static_cast<std::uint8_t>(format::metadata) |
                     static_cast<std::uint8_t>(format::links)};
  std::vector<extract_rule> extract;
  std::optional<bool> store_bodies;    // unset: where the store can
  std::optional<earlier_crawl> since;  // a crawl of the same store that is over
  std::optional<webhook_target> webhook;
};

enum class crawl_state : std::uint8_t {
  queued,
  running,
  pausing,
  paused,
  completed,
  cancelled,
  failed
};
inline constexpr std::size_t crawl_states = 7;
enum class finish_reason : std::uint8_t {
  none,
  exhausted,
  limit,
  duration,
  bytes,
  cancelled,
  error
};

std::string_view name(crawl_state state) noexcept;
std::optional<crawl_state> crawl_state_from_name(std::string_view name) noexcept;
std::string_view name(finish_reason reason) noexcept;
std::string_view name(scope_kind scope) noexcept;
std::optional<scope_kind> scope_from_name(std::string_view name) noexcept;
std::string_view name(sitemap_policy policy) noexcept;
std::optional<sitemap_policy> sitemap_policy_from_name(std::string_view name) noexcept;
inline bool is_final(crawl_state s) noexcept { return s >= crawl_state::completed; }

// At every moment discovered = queued + in_flight + fetched + failed + skipped.
struct crawl_counts {
  std::uint64_t discovered = 0;
  std::uint64_t queued = 0;
  std::uint64_t in_flight = 0;
  std::uint64_t fetched = 0;
  std::uint64_t failed = 0;
  std::uint64_t skipped = 0;
  std::uint64_t duplicates = 0;  // records with the content of an earlier one
  std::uint64_t bytes_on_wire = 0;
  std::uint64_t bytes_stored = 0;
};

// A snapshot of one crawl, consistent in itself.
struct crawl_status {
  crawl_id id;
  crawl_state state = crawl_state::queued;
  finish_reason reason = finish_reason::none;
  wall_clock::time_point created_at;
  std::optional<wall_clock::time_point> started_at;
  std::optional<wall_clock::time_point> finished_at;
  std::shared_ptr<const crawl_spec> request;
  crawl_counts counts;
  // Pages fetched; over the last seconds while running, the mean afterwards.
  double pages_per_second = 0;
  double bytes_per_second = 0;
  std::optional<double> progress;  // 0 to 1; none while it cannot be estimated
  std::optional<seconds_f> eta;
  std::map<std::uint16_t, std::uint64_t> by_status;  // HTTP status → records
  std::map<outcome, std::uint64_t> by_outcome;
  std::vector<std::string> warnings;
};

}  // namespace orbweaver
