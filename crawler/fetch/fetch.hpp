#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "common/async/task.hpp"
#include "common/error.hpp"
#include "common/url/canonical.hpp"
#include "crawler/fetch/earlier_page.hpp"
#include "crawler/fetch/http_exchange.hpp"
#include "crawler/fetch/request_cookies.hpp"
#include "crawler/frontier/frontier.hpp"
#include "crawler/frontier/seen_set.hpp"
#include "crawler/model.hpp"
#include "crawler/parse/extract.hpp"
#include "crawler/sitemap/sitemap.hpp"
#include "crawler/statistics/latency_histogram.hpp"

namespace orbweaver {

// What reports bring for the store.
struct fetch_keeps {
  bool exchanges = false;  // for archives
  bool pages = false;      // what later crawls compare with
  fingerprinter prints;    // of URLs and payloads: the store's
};

// What every fetch of one crawl has in common, worked out once from its spec. Immutable, shared
// by the engine and the connections.
struct fetch_profile {
  fetch_profile(std::shared_ptr<const crawl_spec> request, const std::string& service_agent,
                fetch_keeps for_store = {});

  std::shared_ptr<const crawl_spec> spec;
  std::string user_agent;
  std::string agent_token;   // what robots.txt and meta robots call us
  std::string header_lines;  // sent everywhere
  // The user's own headers, credentials and cookies are for the seeds' origins alone: another
  // scheme, host or port never sees them.
  std::string own_lines;
  cookie_pairs own_cookies;
  std::unordered_set<std::string> own_origins;
  std::string proxy;        // names the spec's proxy, credentials included; empty: none
  std::string proxy_lines;  // for a proxy that is sent a whole request
  extractor extract;
  canonicalizer canonical;
  std::vector<std::string> content_types;  // essences, lower case
  fetch_keeps keeps;
  // Whether pages may be asked for only if they have changed since the earlier crawl: its records
  // must hold what this one's do, and the links, by which the crawl goes on. See is_conditional().
  bool conditional = false;
};

struct fetch_order {
  std::uint64_t ticket = 0;  // names the order, for connection::abort()
  frontier_entry entry;
  std::shared_ptr<const fetch_profile> profile;
  std::string cookies;  // what the site has set so far, as the Cookie field's value
  // JSON to be sent by POST instead of asking by GET: of the answer only the head is read.
  std::shared_ptr<const std::string> message;
  // Called on the connection's strand when the request has gone out; may be empty.
  std::function<void(clock::time_point)> on_sent;
};

struct fetch_timings {
  clock::duration dns{}, connect{}, tls{}, first_byte{}, total{};
};
inline phase_seconds in_seconds(const fetch_timings& t) noexcept {
  const auto seconds = [](clock::duration d) { return std::chrono::duration<double>(d).count(); };
  return {seconds(t.dns), seconds(t.connect), seconds(t.tls), seconds(t.first_byte),
          seconds(t.total)};
}

// What asks not to follow a link.
enum class nofollow_by : std::uint8_t { nothing, rel, meta, header, earlier_page };
// As a ledger shows it; empty for `nothing`.
constexpr std::string_view in_words(nofollow_by what) noexcept {
  switch (what) {
    case nofollow_by::nothing: break;
    case nofollow_by::rel: return "rel=nofollow";
    case nofollow_by::meta: return "meta robots";
    case nofollow_by::header: return "X-Robots-Tag";
    // Its record does not tell which of the two.
    case nofollow_by::earlier_page:
      return "meta robots or X-Robots-Tag, as an earlier crawl read it";
  }
  return {};
}

// The links of one page that a crawl may follow, in canonical form's fingerprints.
struct link_batch {
  struct link {
    fingerprint print;
    std::uint32_t at;      // in `text`
    std::uint32_t size;    // bytes of the URL without its fragment
    nofollow_by nofollow;  // that of the page goes before that of the link
  };
  std::string text;  // all URLs, one after the other
  std::vector<link> links;

  std::string_view url(const link& l) const { return std::string_view(text).substr(l.at, l.size); }
};

// What became of one order: one request and its answer, or the failure to get one.
struct fetch_report {
  frontier_entry entry;  // given back
  outcome code = outcome::unknown;
  std::string detail;                     // in words, where the outcome alone does not say it
  std::optional<fingerprint> page;        // where such are kept: of the URL it was found by
  std::unique_ptr<earlier_page> earlier;  // what the earlier crawl had of it
  bool earlier_unknown = false;           // that could not be read
  unsigned status = 0;
  bool keep_connection = false;
  // The connection had been kept from before, and was closed without a byte in answer: it may have
  // been closed in the meantime, which is nobody's failure.
  bool stale = false;
  std::uint64_t bytes_on_wire = 0;
  std::size_t head_bytes = 0;
  std::size_t header_fields = 0;
  std::string content_type;             // without parameters; empty: none was said
  std::uint64_t body_bytes = 0;         // decoded
  std::uint64_t content_hash = 0;       // XXH3 of the decoded body; 0: none
  std::optional<std::string> location;  // where a redirect leads, absolute, without fragment
  std::optional<std::chrono::seconds> retry_after;
  std::vector<std::string> set_cookies;  // Set-Cookie fields, in order
  link_batch links;
  std::string body;                              // of robots.txt
  sitemap_kind sitemap = sitemap_kind::unknown;  // `links` are its entries
  bool sitemap_cut = false;                      // it held more than was read
  // What the user's patterns are to be run on, where there are any.
  std::optional<std::string> extract_body;
  std::string extract_text;
  std::optional<http_exchange> exchange;  // where the crawl keeps such
  std::string members;                    // of the record, without what the engine decides
  fetch_timings timings;
};

}  // namespace orbweaver
