#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/async/task.hpp"
#include "common/error.hpp"
#include "crawler/fetch/earlier_page.hpp"
#include "crawler/fetch/http_exchange.hpp"
#include "crawler/frontier/queue_position.hpp"
#include "crawler/frontier/seen_set.hpp"
#include "crawler/model.hpp"
#include "crawler/statistics/latency_histogram.hpp"
#include "crawler/store/stored_crawl.hpp"

namespace orbweaver {

// A URL found on a page (or given as a seed). It is queued unless `fate` says otherwise.
struct discovered_url {
  std::string url;
  url_id referrer = no_url;
  std::uint32_t depth = 0;
  std::optional<outcome> fate;  // skipped at once, and why
  std::string reason;           // in words, where the outcome alone does not say it
  fingerprint print;            // of its canonical form
};

// A URL that was skipped for the sake of the link it was found by, found by a better one: it is
// judged anew.
struct revived_url {
  url_id id = no_url;
  outcome was = outcome::unknown;  // what it was skipped as
  discovered_url found;
  url_id line = no_url;  // see queue_position
};

// What one fetch brought: a record as JSON text, from its first member on to the last, without
// the braces and the members the store adds: `seq`, `referrer`, `duplicateOf`.
struct record_draft {
  std::string members;
  url_id duplicate_of = no_url;  // an earlier record with the same content
  url_id referrer = no_url;      // the page the URL was found on
};

// A URL whose fetch has not ended it: it waits for another attempt, or for the next hop of its
// redirects. After a restart it is taken up as this says, from its first hop.
struct waiting_url {
  url_id url = no_url;
  std::uint64_t origin = 0;    // see origin_key()
  url_id line = no_url;        // see queue_position
  std::uint16_t attempts = 0;  // made so far
  std::optional<wall_clock::time_point> not_before;
  std::vector<url_id> passed;  // the redirect targets that were entered on its way
};

// Everything that becomes true at once when a page ends (or, for a redirect's first hop or a
// seed list, when URLs are found without a page). Applied whole or not at all.
struct page_commit {
  crawl_id crawl;
  url_id url = no_url;  // the URL that ended; no_url: only discoveries
  outcome fate = outcome::unknown;
  bool fate_known = false;  // it was skipped at its discovery: only its record is new
  std::string reason;
  std::optional<record_draft> record;
  url_id first_found = 0;  // id of found[0]; the others follow
  std::vector<discovered_url> found;
  std::vector<revived_url> revived;
  std::uint64_t origin = 0;         // of the URL that ended: see origin_key()
  url_id line = no_url;             // of the URL that ended: see queue_position
  std::uint16_t status = 0;         // of HTTP, where there was an answer
  std::uint64_t bytes_on_wire = 0;  // since the crawl's commit before this one
  std::uint64_t ran_ms = 0;         // how long the crawl has run by now
  std::uint64_t content_hash = 0;   // of the URL's page, when it is the first with this content
  std::optional<waiting_url> waits;
  std::optional<fingerprint> page;  // by which later crawls find the record
  std::vector<http_exchange>
      exchanges;  // of the record, redirects first; for stores that keep them
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

// Records looked at in one call, whether they are asked for or not: it may bring fewer than there
// are, or none.
inline constexpr std::size_t max_results_scan = 5000;

struct results_page {
  std::vector<record_line> records;
  std::uint64_t next = 0;  // pass as `after` to go on
  bool more = false;       // there are further records now
  bool finished = false;   // none will be added
};

// What archives hold, record by record.
struct exchanges_query {
  std::uint64_t after = 0;          // records with a greater seq
  std::size_t limit = 100;          // records
  std::size_t max_bytes = 4 << 20;  // stop early, after at least one record
};

struct stored_exchange {
  exchange_place place;
  // With its payload where the store has it in memory; else it is read piece by piece.
  http_exchange what;
  std::optional<earlier_exchange> same_as;  // of this crawl, with the same payload
};

struct exchanges_page {
  std::vector<stored_exchange> exchanges;  // all of a record or none
  std::uint64_t next = 0;                  // pass as `after` to go on
  bool more = false;                       // there are further records now
  bool finished = false;                   // none will be added
};

// A payload is read in pieces of this many bytes, the last one excepted.
inline constexpr std::size_t payload_piece_bytes = 1 << 20;
constexpr std::size_t payload_pieces(std::uint64_t payload_bytes) noexcept {
  return static_cast<std::size_t>((payload_bytes + payload_piece_bytes - 1) / payload_piece_bytes);
}

// Which lines of a crawl's ledger: every URL it has ever seen, in the order of discovery.
struct ledger_query {
  std::uint64_t after = 0;    // as `next` of the page before said; 0: from the first
  std::size_t limit = 100;    // lines
  bool pending_only = false;  // URLs that are queued or being fetched
  std::optional<outcome_kind> kind;
  std::optional<outcome> fate;
  std::string prefix;  // of the URL
};

// Lines looked at in one call, whether they are asked for or not: it may bring fewer than there
// are.
inline constexpr std::size_t max_ledger_scan = 20'000;

struct ledger_line {
  url_id id = no_url;
  std::string url;
  std::uint32_t depth = 0;
  std::optional<outcome> fate;  // none: queued, or being fetched
  std::string reason;           // in words, where the outcome alone does not say it
  std::optional<std::string> referrer;
  std::optional<std::string> duplicate_of;
};

struct ledger_page {
  std::vector<ledger_line> lines;
  std::uint64_t next = 0;  // pass as `after` to go on
  bool more = false;       // there are further lines now
  bool finished = false;   // none will be added, and none will change
};

// Whether the query asks for a line with this fate and URL.
bool matches(const ledger_query& query, const std::optional<outcome>& fate, std::string_view url);

// A URL that waits for its fetch, as the store keeps it.
struct queued_url {
  std::string url;
  url_id id = no_url;
  url_id line = no_url;  // see queue_position
  url_id referrer = no_url;
  std::uint32_t depth = 0;
  std::uint16_t attempts = 0;
  std::optional<wall_clock::time_point> not_before;
  std::vector<url_id> passed;
};

// A stretch of one origin's queue.
struct queue_range {
  std::uint64_t origin = 0;             // see origin_key()
  std::optional<queue_position> after;  // none: from the first URL on
  std::size_t limit = 0;
};
struct queue_part {
  std::vector<queued_url> urls;
  bool more = false;  // there are further ones behind them
};

// Origins that have URLs in a crawl's queue, in the order of their keys.
struct origins_query {
  std::uint64_t from = 0;              // this key and greater ones
  std::vector<std::uint64_t> without;  // sorted: not these
  std::size_t limit = 0;               // origins
  std::size_t urls_each = 0;           // at most so many, the first ones, of each
};
struct origins_page {
  std::vector<queue_part> origins;    // none is empty
  std::optional<std::uint64_t> next;  // pass as `from` to go on; none: that was the last
};

struct seen_url {
  fingerprint print;
  url_id id = no_url;
  std::optional<outcome> fate;  // of its discovery
};
struct seen_content {
  std::uint64_t hash = 0;
  url_id id = no_url;
};

// Which of these a crawl knows.
struct seen_query {
  std::vector<fingerprint> prints;
  std::vector<std::uint64_t> contents;
  bool empty() const noexcept { return prints.empty() && contents.empty(); }
};
struct seen_answer {
  std::vector<seen_url> urls;  // those known; the others are new
  std::vector<seen_content> contents;
};

// Everything that a crawl has seen, in pieces.
struct seen_page {
  std::vector<fingerprint> prints;
  std::vector<std::uint64_t> contents;
  std::optional<std::string> next;  // pass as `from` to go on; none: that was the last
};

// What a crawl's caps are counted from again.
struct known_url {
  std::string url;
  std::optional<outcome> found;  // the fate of its discovery
  std::optional<outcome> ended;  // what it ended as, if it was queued
};
struct known_page {
  std::vector<known_url> urls;
  std::optional<url_id> next;  // pass as `from` to go on; none: that was the last
};

// The scheme, host and port of a URL in its serialised form, user and password left out, and a
// hash that names them in the store.
std::string origin_in(std::string_view href);
std::uint64_t origin_key(std::string_view href);

// A host that has asked to be left alone until then (RFC 9110 section 10.2.3).
struct quiet_host {
  std::string host;
  wall_clock::time_point until;  // to the millisecond
  bool operator==(const quiet_host&) const = default;
};

// What a store can take now.
enum class store_health : std::uint8_t {
  well,
  congested,  // more is waiting to be written than it should be
  full,       // the disk has no space left: what waits is kept, and written when there is
  failing,    // the disk does not take what is written
};

// What a store has done since it was opened, and holds now; all 0 where there is no such thing.
struct store_activity {
  std::uint64_t groups = 0;  // of commits, each written and synced at once
  std::uint64_t bytes_written = 0;
  latency_histogram write_time;     // of a group, from its handing over until it is durable
  std::uint64_t bytes_waiting = 0;  // to be written
  std::uint64_t disk_bytes = 0;
  std::uint64_t memory_bytes = 0;  // rows not yet in files, and the cache of blocks
};

// Remembers crawls, their records and every URL's fate. All calls are safe from any strand; what
// is committed by one caller is applied in order. A record is read once it is durable.
class store {
 public:
  virtual ~store() = default;

  // These come back at once; flush() says when what they ask for is durable.
  virtual void open_crawl(crawl_header header) = 0;
  virtual void save_crawl(crawl_header header) = 0;  // everything but its spec may have changed
  virtual void commit(page_commit commit) = 0;
  // No commit follows: what is still queued ends as the header's `leftover`, readers that follow
  // the crawl end. `done` is called on any strand once this is durable.
  virtual void finish_crawl(crawl_header header, std::function<void()> done) = 0;
  // Comes back when everything asked for before is durable, or says why it is not.
  virtual task<result<>> flush() = 0;
  // When the disk does not take it, this fails, but the crawl is gone for readers, and removed
  // durably once the disk is well; a crash before that brings it back.
  virtual task<result<>> remove_crawl(crawl_id id) = 0;
  // Nothing further is asked for: what cannot be written now is not tried again, and is lost.
  virtual void give_up() {}

  virtual task<result<stored_crawl>> describe(crawl_id id) = 0;
  // The counts of what is durable of a crawl that is not over; nothing where no crawl outlives the
  // process, or this one is not known.
  virtual task<std::optional<crawl_tally>> durable_tally(crawl_id id) = 0;
  // Listed crawls with a number below `before` (0: all), the newest first, at most `limit`.
  virtual task<result<std::vector<stored_crawl>>> list(std::uint64_t before, std::size_t limit) = 0;

  virtual task<store_activity> activity() = 0;

  // Whoever brings commits is to bring fewer while this is not `well`. From any thread.
  virtual store_health health() const noexcept { return store_health::well; }

  // What is known to be lost or cannot be read, in words, a line each; empty: nothing. From any
  // thread.
  virtual std::string doubt() const { return {}; }

  // What the fingerprints in commits and look-ups are made with. Always the same.
  virtual const fingerprinter& prints() const noexcept = 0;
  // Whether crawls outlive the process. A store that does not let them is asked for nothing of what
  // follows: who uses it has to keep everything in mind.
  virtual bool is_durable() const noexcept { return false; }
  // Whether it takes the exchanges of commits.
  virtual bool keeps_exchanges() const noexcept { return false; }
  virtual task<result<exchanges_page>> exchanges(crawl_id id, exchanges_query query) = 0;
  // `no_body`: it is not there, or not any more.
  virtual task<result<std::string>> payload_piece(fingerprint hash, std::size_t piece) = 0;
  // What a crawl had of the page with this fingerprint; nothing if it had none.
  virtual task<result<std::optional<earlier_page>>> earlier(crawl_id id, fingerprint page) = 0;

  virtual std::uint64_t last_number() = 0;  // the greatest number of a crawl ever opened
  virtual task<std::vector<stored_crawl>> unfinished() = 0;
  // These see everything that was asked for before; they fail while that cannot be written.
  virtual task<result<std::vector<queue_part>>> queued(crawl_id id,
                                                       std::vector<queue_range> ranges) = 0;
  virtual task<result<origins_page>> queued_origins(crawl_id id, origins_query query) = 0;
  virtual task<result<seen_answer>> look_up(crawl_id id, seen_query query) = 0;
  virtual task<result<seen_page>> seen(crawl_id id, std::string from, std::size_t limit) = 0;
  // In the order of discovery, at most `limit`.
  virtual task<result<known_page>> known_urls(crawl_id id, url_id from, std::size_t limit) = 0;

  // Of no single crawl: whoever asks the host has to wait. Kept until that time has passed.
  virtual void save_quiet(quiet_host host) = 0;
  virtual std::vector<quiet_host> quiet_hosts() = 0;  // as they were when the store was opened

  // What is kept of a crawl for its webhook, or for the command that writes its records out; "":
  // nothing yet.
  virtual void save_delivery(crawl_id id, std::string state) = 0;
  virtual task<result<std::string>> delivery(crawl_id id) = 0;

  virtual task<result<results_page>> read(crawl_id id, results_query query) = 0;
  virtual task<result<ledger_page>> urls(crawl_id id, ledger_query query) = 0;
  // Comes back when a record after `after` exists, the crawl is finished or removed, or
  // `at_most` has passed.
  virtual task<> wait(crawl_id id, std::uint64_t after, clock::duration at_most) = 0;
  // The reader has no further use for records up to `seq`: they may be dropped. For a command
  // that writes them out itself.
  virtual void trim(crawl_id id, std::uint64_t seq) = 0;
};

}  // namespace orbweaver
