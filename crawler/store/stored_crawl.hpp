#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "crawler/model.hpp"
#include "crawler/store/crawl_tally.hpp"

namespace orbweaver {

// Who asked for a crawl, and by which request: on whose account it runs, and how a repetition of
// the request is known.
struct crawl_client {
  std::string account;       // empty: nobody's
  std::string request;       // the client's own name for its request; empty: it gave none
  std::string request_hash;  // of its body
  std::string answer;        // that the request was given, as far as the spec does not say it
  bool operator==(const crawl_client&) const = default;
};

// What is kept of a crawl beside its URLs and records.
struct crawl_header {
  crawl_id id;
  std::uint64_t number = 0;  // in the order of creation, from 1
  bool listed = true;        // false: a single fetch, not shown among the crawls
  std::shared_ptr<const crawl_spec> spec;
  crawl_state state = crawl_state::queued;
  finish_reason reason = finish_reason::none;
  wall_clock::time_point created_at;
  std::optional<wall_clock::time_point> started_at;
  std::optional<wall_clock::time_point> finished_at;
  outcome leftover = outcome::unknown;  // what URLs ended as that had none of their own
  std::vector<std::string> warnings;
  // Seeds that redirected to another host of their site, and where to: that is in scope as well.
  std::vector<std::pair<std::string, std::string>> followed_seeds;
  bool sitemaps_read = false;  // all that the crawl is to read; its links are known
  std::string cookies;         // its jar, as cookie_jar::serialize() prints it
  std::string statistics;      // as statistics_as_json() does; empty: there are none yet
  crawl_client client;
};

struct stored_crawl {
  crawl_header header;
  crawl_tally tally;
};

// What is pending counts as queued.
crawl_counts counts_of(const crawl_tally& tally);

// What a reader is shown of a crawl that is not running in this process.
crawl_status status_of(const stored_crawl& crawl);

}  // namespace orbweaver
