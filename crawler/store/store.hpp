#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/async/task.hpp"
#include "common/error.hpp"
#include "crawler/model.hpp"

namespace orbweaver {

// A URL found on a page (or given as a seed). It is queued unless `fate` says otherwise.
struct discovered_url {
  std::string url;
  url_id referrer = no_url;
  std::uint32_t depth = 0;
  std::optional<outcome> fate;  // skipped at once, and why
  std::string reason;           // in words, where the outcome alone does not say it
};

// A URL that was skipped for the sake of the link it was found by, found by a better one: it is
// judged anew.
struct revived_url {
  url_id id = no_url;
  discovered_url found;
};

// What one fetch brought: a record as JSON text, from its first member on to the last, without
// the braces and the members the store adds: `seq`, `referrer`, `duplicateOf`.
struct record_draft {
  std::string members;
  url_id duplicate_of = no_url;  // an earlier record with the same content
};

// Everything that becomes true at once when a page ends (or, for a redirect's first hop or a
// seed list, when URLs are found without a page). Applied whole or not at all.
struct page_commit {
  crawl_id crawl;
  url_id url = no_url;  // the URL that ended; no_url: only discoveries
  outcome fate = outcome::unknown;
  std::string reason;
  std::optional<record_draft> record;
  url_id first_found = 0;  // id of found[0]; the others follow
  std::vector<discovered_url> found;
  std::vector<revived_url> revived;
};

// One record as readers see it: a JSON object in one line, no line feed.
struct record_line {
  std::uint64_t seq = 0;  // 1 for the crawl's first record
  std::string json;
};

struct results_query {
  std::uint64_t after = 0;  // records with a greater seq
  std::size_t limit = 100;
  std::size_t max_bytes = 4 << 20;  // stop early, after at least one record
  std::optional<outcome_kind> kind;
};

struct results_page {
  std::vector<record_line> records;
  std::uint64_t next = 0;  // pass as `after` to go on
  bool more = false;       // there are further records now
  bool finished = false;   // none will be added
};

// Remembers crawls' records and every URL's fate. All calls are safe from any strand; what is
// committed by one caller is seen, in order, by that caller's later reads.
class store {
 public:
  virtual ~store() = default;

  virtual void open_crawl(crawl_id id) = 0;
  virtual void commit(page_commit commit) = 0;
  // No commit follows: what is still queued ends as `leftover`, readers that follow the crawl end.
  virtual void finish_crawl(crawl_id id, outcome leftover) = 0;
  virtual task<> remove_crawl(crawl_id id) = 0;

  virtual task<result<results_page>> read(crawl_id id, results_query query) = 0;
  // Comes back when a record after `after` exists, the crawl is finished or removed, or
  // `at_most` has passed.
  virtual task<> wait(crawl_id id, std::uint64_t after, clock::duration at_most) = 0;
  // The reader has no further use for records up to `seq`: they may be dropped. For a command
  // that writes them out itself.
  virtual void trim(crawl_id id, std::uint64_t seq) = 0;
};

}  // namespace orbweaver
