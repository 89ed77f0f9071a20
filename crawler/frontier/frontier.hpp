#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "common/async/task.hpp"
#include "crawler/fetch/http_exchange.hpp"
#include "crawler/frontier/fifo.hpp"
#include "crawler/frontier/host_pace.hpp"
#include "crawler/frontier/queue_position.hpp"
#include "crawler/model.hpp"

namespace orbweaver {

// A redirect chain under way: what was asked before the entry's URL.
struct redirect_chain {
  std::vector<std::string> hops;  // URLs that answered with a redirect, in order
  clock::duration spent{};        // fetching them; counts against the timeout
  std::uint64_t bytes_on_wire = 0;
  std::size_t head_bytes = 0;  // of all heads together, and their fields
  std::size_t header_fields = 0;
  std::vector<http_exchange> exchanges;  // of the hops, where the crawl keeps such
};

enum class entry_kind : std::uint8_t { page, robots, sitemap };

// Whose turn it is within a queue.
enum class turn : std::uint8_t { soon, normal };

// Something to ask a server for. Everything that goes onto the wire is one of these and takes
// its turn in the frontier, so that politeness holds for redirects, retries and robots.txt too.
struct frontier_entry {
  std::string url;
  url_id id = no_url;
  url_id line = no_url;  // see queue_position
  url_id referrer = no_url;
  std::uint32_t depth = 0;
  std::uint16_t attempts = 0;   // made before
  std::uint16_t postponed = 0;  // attempts that do not count: nothing was shown by them
  entry_kind kind = entry_kind::page;
  std::unique_ptr<redirect_chain> redirects;
};

struct crawl_pace {
  clock::duration delay{};     // between two starts on one host
  std::uint32_t per_host = 1;  // fetches at once on one host
  std::uint32_t max_in_flight = 0xffffffff;
};

// How much of one crawl's queues is kept in memory; a store has the rest.
struct frontier_window {
  std::size_t queues = 0;   // with entries; further origins lie in the store until others are done
  std::size_t entries = 0;  // of all queues together, but for the least of each
  std::size_t most = 0;     // of one queue
  std::size_t least = 4;    // of each queue, however many others hold
};

// An entry that the store had, and when it may start: the clock's epoch means now.
struct stored_entry {
  frontier_entry entry;
  clock::time_point not_before{};
};

// Decides which URL is fetched next. Pure: time is passed in, nothing is sent.
//
// A queue holds one crawl's entries for one origin; a host (by name, whatever scheme and port)
// carries the politeness clock of all queues on it. While several crawls are at a host, the
// longest delay and the lowest concurrency among them hold; and where there is a delay, it grows
// as host_pace says (without one, the user has taken politeness into their own hands). Crawls take
// turns, and within a crawl its hosts do.
//
// A crawl with a window keeps the first entries of each queue. What is found beyond them it leaves
// to the store (admit() says so), which it asks for more when a queue runs low: take_refills() and
// refilled(). Whole origins are left to the store as well when there are very many: take_scan().
// A queue's entries come back in the order they were left, behind all that were kept; so nothing
// is brought that is in memory already, or was. A queue is remembered as long as any entry of it
// has not ended().
class frontier {
  struct host;
  struct queue;
  struct crawl;

 public:
  using crawl_key = std::uint64_t;

  // The right to fetch one entry; given back by finished().
  class lease {
    friend class frontier;
    queue* from = nullptr;
    std::uint64_t number = 0;
    clock::time_point began{};
  };
  struct start {
    crawl_key crawl;
    lease held;
    frontier_entry entry;
    bool awaits_send;  // sent() is to be told
    bool given_up;     // the host is: nothing is to be sent
    // Whose politeness holds, and how many connections it may see; the name is valid as long as
    // the lease is.
    std::string_view host;
    std::uint32_t per_host;
  };
  struct wait_until {
    clock::time_point time;
  };
  struct nothing {};  // all that is queued waits for a finished(), a release() or a resume()
  using step = std::variant<start, wait_until, nothing>;

  explicit frontier(std::uint32_t max_in_flight, const host_pace::settings& pace = {});
  ~frontier();

  // Holds from the next start on; what is in flight goes on.
  void set_max_in_flight(std::uint32_t most) noexcept { max_in_flight_ = most; }

  crawl_key add_crawl(crawl_pace pace);
  // From now on; without this call everything is kept in memory.
  void set_window(crawl_key key, const frontier_window& window);
  // The store has entries of a crawl of an earlier start.
  void expect_stored(crawl_key key);
  // Its queued entries are dropped; leases stay valid.
  void remove_crawl(crawl_key key);
  void pause(crawl_key key);
  void resume(crawl_key key);
  bool is_paused(crawl_key key) const;

  // `origin` is scheme, host and port; `host` its host name alone.
  void push(crawl_key key, std::string_view origin, std::string_view host, frontier_entry entry,
            turn when = turn::normal);
  // Whether a new entry is to be pushed, by push_new(); otherwise it is left to the store.
  bool admit(crawl_key key, std::string_view origin, std::string_view host);
  void push_new(crawl_key key, std::string_view origin, std::string_view host,
                frontier_entry entry);
  // Not before `time`, then soon.
  void push_at(clock::time_point time, crawl_key key, std::string_view origin,
               std::string_view host, frontier_entry entry);

  // While held, nothing of the queue starts.
  void hold(crawl_key key, std::string_view origin, std::string_view host);
  void release(crawl_key key, std::string_view origin);
  // A longer delay for one queue, from robots.txt.
  void set_crawl_delay(crawl_key key, std::string_view origin, clock::duration delay);
  // No start on the host before `until`, whoever asks, now or later.
  void park(std::string_view host, clock::time_point until);

  // What is to be read from the store now. Each is asked for once, and then answered by refilled().
  struct refill {
    crawl_key crawl = 0;
    std::string origin;
    std::optional<queue_position> after;  // none: from the origin's first entry on
    std::size_t limit = 0;
  };
  std::vector<refill> take_refills();
  // `more`: the store has further ones behind them.
  void refilled(crawl_key key, std::string_view origin, std::vector<stored_entry> entries,
                bool more);
  // Origins of which nothing is in memory; answered by an adopt() for each, and scanned().
  struct scan {
    crawl_key crawl = 0;
    std::uint64_t from = 0;            // where the last one said to go on
    std::vector<std::string> without;  // origins that are not asked for
    std::size_t limit = 0;
    std::size_t entries_each = 0;
  };
  std::vector<scan> take_scans();
  // Precondition: the origin is not known meanwhile; if it is, it asks for its own.
  void adopt(crawl_key key, std::string_view origin, std::string_view host,
             std::vector<stored_entry> entries, bool more);
  bool knows(crawl_key key, std::string_view origin) { return find_queue(key, origin) != nullptr; }
  // `next`: there are further origins, from there on.
  void scanned(crawl_key key, std::optional<std::uint64_t> next, clock::time_point now);
  // An entry that was pushed by push_new(), refilled() or adopt() has ended.
  void ended(crawl_key key, std::string_view origin, clock::time_point now);

  step next(clock::time_point now);
  // The request went out at `when`. On a host with a delay nothing else starts before this (or
  // finished()) is told, and the delay counts from here: the server sees the gap it was promised.
  void sent(const lease& held, clock::time_point when);
  // What the fetch says about its host; before finished().
  void observe(const lease& held, host_pace::sign what, clock::duration answer_time,
               clock::time_point now);
  // `asked`: a request was, or may have been, sent; otherwise it does not count as a start.
  void finished(lease held, clock::time_point now, bool asked = true);

  // Entries of the crawl that are not started and in memory, those waiting for their time included.
  std::size_t queued(crawl_key key) const;
  // Whether the store may have any.
  bool has_stored(crawl_key key) const;
  std::uint32_t in_flight(crawl_key key) const;
  std::uint32_t in_flight() const noexcept { return in_flight_; }
  std::size_t hosts() const noexcept { return hosts_.size(); }

 private:
  struct queue {
    crawl* owner = nullptr;
    host* at = nullptr;
    std::string origin;
    std::array<fifo<frontier_entry>, 2> entries;  // by turn
    clock::duration crawl_delay{};
    std::uint32_t leases = 0;
    bool held = false;
    bool offered = false;   // stands in its crawl's list of ready queues
    bool attached = false;  // counts for its host's pace
    // Of a crawl with a window:
    std::optional<queue_position> last;  // of the entries brought to memory
    std::size_t alive = 0;               // entries brought to memory that have not ended
    bool stored = false;                 // the store has entries behind `last`, or may have
    bool asked = false;                  // for these
    bool grown = false;                  // in the store, since it was asked

    bool empty() const noexcept {
      return std::ranges::all_of(entries, &fifo<frontier_entry>::empty);
    }
    bool startable() const noexcept { return !held && !empty(); }
    std::size_t ahead() const noexcept { return entries[1].size(); }
  };
  struct crawl {
    crawl_key key = 0;
    crawl_pace pace;
    std::unordered_map<std::string, std::unique_ptr<queue>> queues;  // by origin
    queue* last = nullptr;                                           // most pushes repeat it
    std::deque<queue*> ready;
    std::size_t queued = 0;
    std::uint32_t in_flight = 0;
    bool in_turn = false;
    bool paused = false;
    bool removed = false;
    std::optional<frontier_window> window;
    std::size_t ahead = 0;          // entries in memory that have not been started yet
    std::size_t stored_queues = 0;  // with entries in the store
    bool stored_origins = false;    // there are, or may be, origins only the store knows
    bool scanning = false;          // they have been asked for
    bool scan_grown = false;        // there are further ones since
    std::uint64_t scan_from = 0;

    bool may_start() const noexcept { return !paused && in_flight < pace.max_in_flight; }
  };
  struct host {
    explicit host(const host_pace::settings& how) : pace(how) {}

    std::string name;
    host_pace pace;
    std::vector<queue*> queues;      // attached ones, the one served longest ago first
    clock::time_point last_start{};  // the clock's epoch: never
    clock::time_point next_start{};
    clock::duration delay{};
    std::uint32_t per_host = 0xffffffff;
    std::uint32_t in_flight = 0;
    std::uint32_t queue_count = 0;  // attached or not
    std::uint64_t unsent = 0;       // number of the lease whose request has not gone out yet
    bool in_waiting = false;        // has an entry in waiting_
  };
  struct wake {
    clock::time_point time;
    host* who;
    bool operator>(const wake& other) const noexcept { return time > other.time; }
  };
  struct delayed {
    clock::time_point time;
    crawl_key key;
    std::string origin;
    std::string host;
    frontier_entry entry;
  };

  queue& queue_of(crawl& c, std::string_view origin, std::string_view host_name);
  host& host_of(std::string_view name);
  queue& enter_queue(crawl& c, std::string_view origin, std::string_view host_name);
  queue* find_queue(crawl_key key, std::string_view origin);
  crawl* find(crawl_key key) const;
  void enqueue(queue& q, frontier_entry entry, turn when);
  void attach(queue& q);
  void detach_if_idle(queue& q);
  void drop_queue_if_idle(queue& q, clock::time_point now);
  void recompute_pace(host& h);
  void offer(queue& q);
  void take_turn(crawl& c);
  queue* take_ready(crawl& c, clock::time_point now);
  bool may_start(host& h, clock::time_point now);
  void wake_at(host& h, clock::time_point time);
  void wake_due(clock::time_point now);
  start begin(queue& q, clock::time_point now);
  void offer_if_startable(host& h, clock::time_point now);
  void drop_host_if_idle(host& h, clock::time_point now);
  void forget_if_done(crawl& c);
  void bring(queue& q, std::vector<stored_entry> entries);
  void set_stored(queue& q, bool stored);
  static std::size_t room(const queue& q);
  void ask_if_low(queue& q);
  void ask_for_origins(crawl& c);

  host_pace::settings pace_;
  std::uint32_t max_in_flight_;
  std::uint32_t in_flight_ = 0;
  crawl_key last_key_ = 0;
  std::uint64_t last_lease_ = 0;
  std::unordered_map<crawl_key, std::unique_ptr<crawl>> crawls_;
  std::unordered_map<std::string, std::unique_ptr<host>> hosts_;
  std::deque<crawl*> turns_;
  std::priority_queue<wake, std::vector<wake>, std::greater<>> waiting_;
  std::vector<delayed> delayed_;                        // a heap, the earliest on top
  std::vector<std::pair<crawl_key, std::string>> low_;  // queues to be refilled, by origin
  std::vector<crawl_key> to_scan_;
};

}  // namespace orbweaver
