#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "crawler/fetch/cookies.hpp"
#include "crawler/fetch/fetch.hpp"
#include "crawler/frontier/frontier.hpp"
#include "crawler/frontier/seen_cache.hpp"
#include "crawler/job/scope.hpp"
#include "crawler/job/trap_guard.hpp"
#include "crawler/model.hpp"
#include "crawler/statistics/crawl_statistics.hpp"
#include "crawler/store/store.hpp"

namespace orbweaver {

// Why a sitemap brought less than it seemed to promise.
enum class sitemap_trouble : std::uint8_t { not_fetched, no_sitemap, cut, too_deep };

// One crawl: what it may fetch, what it has seen, how far it is. Pure: it keeps the books, the
// engine acts on them. At every moment discovered = queued + in flight + fetched + failed +
// skipped.
class job {
 public:
  job(crawl_id id, std::shared_ptr<const crawl_spec> spec, const std::string& service_agent,
      bool listed, wall_clock::time_point now, std::uint64_t number = 0, fetch_keeps keeps = {});

  const crawl_id id;
  const std::uint64_t number;  // in the order of creation, from 1; 0 in no list
  const bool listed;           // false: a single fetch, not shown among the crawls
  std::shared_ptr<const fetch_profile> profile;
  // For the robots.txt it is the first to ask for; made when there is one.
  std::shared_ptr<const fetch_profile> robots_profile;
  frontier::crawl_key key = 0;
  crawl_client client;
  bool interrupted = false;  // a fetch was given up for the next start to make: it is not over

  const crawl_spec& spec() const noexcept { return *profile->spec; }
  crawl_state state() const noexcept { return status_.state; }
  std::uint64_t queued() const noexcept { return status_.counts.queued; }
  crawl_status status(clock::time_point now) const;
  statistics_snapshot statistics() const { return statistics_.snapshot(); }
  // What the store is to keep of it.
  crawl_header header() const;
  // Whether that has changed without anybody's asking since this was asked last.
  bool take_changed() { return std::exchange(changed_, false); }
  // How long the crawl has run, milliseconds, over all starts of the service.
  std::uint64_t ran_ms(clock::time_point now) const;

  // Goes on where the store says that a crawl with this one's id and spec was: what was in flight
  // is queued. To be called before anything else; `run` time is counted from `now` on. How often
  // this machine lacked what an attempt takes is not remembered: that says nothing of now.
  void restore(const stored_crawl& kept, clock::time_point now);
  // Everything it has seen, in any order, before it goes on.
  void restore_seen(const seen_page& page);
  // Counts one of its URLs for the caps: all of them, in any order, before it goes on.
  void restore_caps(const known_url& known);
  // A URL that waits: the attempts that count for the caps, and what it was redirected to.
  void restore_waiting(const queued_url& waits);

  // Memory for what it has seen, bytes; without this call, as much as it takes. The store has to
  // be asked for what does not fit.
  void set_seen_capacity(std::size_t bytes);
  // What the store has to be asked before this page is booked; empty: nothing. Everything that the
  // job gave out before must have been committed.
  seen_query questions(const fetch_report& report);
  // From the question to the answer, or to giving it up.
  struct look_up {
    seen_cache::epoch urls = 0;
    seen_cache::epoch contents = 0;
  };
  look_up begin_look_up() { return {seen_.begin_look_up(), contents_.begin_look_up()}; }
  void end_look_up(const look_up& begun);
  void learn(const seen_answer& answer);
  std::uint32_t looking_up = 0;     // pages whose look-ups are under way
  bool going_on = false;            // restored, but what waits has not been asked for yet
  clock::time_point first_start{};  // no host is asked before

  // What a URL's discovery leads to: `queue` URLs are to be pushed, all are to be committed.
  struct discovery {
    url_id first = 0;
    std::vector<discovered_url> urls;
    std::vector<revived_url> revived;
  };
  discovery discover_seeds();
  // The links of the page `from`, found at `depth`. Known ones are passed over, unless they were
  // known by nofollow or too deep links only.
  discovery discover_links(const link_batch& links, url_id from, std::uint32_t depth);

  // True once for each place whose sitemaps are to be read, and for each sitemap, up to a limit.
  // `named`: a site says that it is there.
  bool takes_sitemaps_of(std::string_view origin);
  bool takes_sitemap(const std::string& address, bool named);
  bool names_sitemap(const std::string& address) const;
  void sitemap_done();
  // A restored crawl is not over before it is known what these places' robots.txt says of sitemaps.
  void await_place(const std::string& origin) { awaited_places_.insert(origin); }
  void place_settled(const std::string& origin) { awaited_places_.erase(origin); }
  bool awaits_places() const noexcept { return !awaited_places_.empty(); }
  // The places whose sitemaps have still to be asked for.
  const std::unordered_set<std::string>& sitemap_places() const noexcept { return seed_origins_; }

  // Where a redirect of `entry` leads.
  struct redirect_step {
    std::optional<outcome> end;  // the chain ends here; none: go on to `target`
    std::string detail;
    url_id known_as = no_url;  // redirect_to_known: the URL it leads to
    discovery target_row;      // the target's own line in the ledger
    bool widens_scope = false;
  };
  redirect_step redirect(const frontier_entry& entry, const std::string& target);
  // The ids under which targets were entered while `from` was being redirected.
  std::vector<url_id> passed_by(url_id from) const;
  void forget_passed(url_id from) { passed_.erase(from); }  // it has ended

  // The Cookie field's value for a request to `target`; empty if there are none.
  std::string cookies_for(const url& target, wall_clock::time_point now);
  // Takes the Set-Cookie fields of an answer from `target`.
  void take_cookies(const url& target, const std::vector<std::string>& fields,
                    wall_clock::time_point now);

  // Whether one more page of the entry's host may be fetched; counts it. What is skipped after all
  // is given back.
  bool takes_page(const frontier_entry& entry);
  void give_page_back(const frontier_entry& entry);

  // One URL's way through the crawl; each call moves it from one count to another.
  void started();
  void requeued();
  void ended(outcome code, const fetch_report* report);
  // The id of an earlier page with the same content, or no_url.
  url_id content_seen(std::uint64_t hash, url_id page);

  // Whether no further page may start, and why.
  finish_reason limit_reached(clock::time_point now) const;

  void run(wall_clock::time_point now, clock::time_point steady);
  void set_state(crawl_state state);
  // Ends the crawl; what is still queued or in flight is skipped as `leftover`.
  void finish(crawl_state state, finish_reason reason, outcome leftover, wall_clock::time_point now,
              clock::time_point steady);
  void add_wire_bytes(std::uint64_t bytes) { status_.counts.bytes_on_wire += bytes; }
  // Those of add_wire_bytes() since this was asked last.
  std::uint64_t take_wire_bytes();
  void add_stored_bytes(std::uint64_t bytes) { status_.counts.bytes_stored += bytes; }
  void warn(std::string text);
  // One warning for all of a kind: what the first would say, and how many more there are.
  void warn(sitemap_trouble kind, std::string text);
  // Once a second: what the rates are made from.
  void sample(clock::time_point now);

 private:
  struct rate_sample {
    clock::time_point time;
    std::uint64_t fetched = 0;
    std::uint64_t done = 0;
    std::uint64_t bytes = 0;
  };

  timeline_point sums(clock::time_point now) const;
  std::uint64_t pages_done() const noexcept {
    return status_.counts.fetched + status_.counts.failed;
  }
  void add(discovery& to, discovered_url found);
  void count(const discovered_url& found);
  void judge(discovered_url& found);
  void judge_seed(discovered_url& found);
  std::optional<outcome> redirect_refused(const frontier_entry& entry,
                                          const std::string& target) const;
  bool redirect_in_scope(const frontier_entry& entry, const url& asked, const std::string& target,
                         redirect_step& step);
  bool has_passed(const frontier_entry& entry, fingerprint print, url_id known);

  scope scope_;
  trap_guard traps_;
  seen_cache seen_;
  seen_cache contents_;                             // hash of a body → the page it came with
  std::unordered_set<std::string> seed_origins_;    // whose sitemaps have not been asked for
  std::unordered_map<std::string, bool> sitemaps_;  // asked for, and whether a site names it
  struct counted_warning {
    std::string first;
    std::size_t number = 0;
  };
  std::map<sitemap_trouble, counted_warning> sitemap_troubles_;
  cookie_jar cookies_;
  std::unordered_set<std::string> awaited_places_;
  std::size_t sitemaps_under_way_ = 0;
  bool sitemaps_read_ = false;
  std::unordered_map<url_id, std::vector<url_id>> passed_;  // of URLs that are redirected
  std::vector<std::pair<std::string, std::string>> followed_seeds_;
  outcome leftover_ = outcome::unknown;
  bool changed_ = false;
  std::uint64_t wire_bytes_taken_ = 0;
  std::uint64_t ran_before_ms_ = 0;  // in earlier starts of the service
  url_id next_id_ = 0;
  crawl_status status_;
  crawl_statistics statistics_;
  clock::time_point began_{};
  clock::time_point ended_{};
  std::deque<rate_sample> samples_;
  url parsed_;       // scratch
  std::string key_;  // scratch
};

}  // namespace orbweaver
