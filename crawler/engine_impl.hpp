#pragma once

#include <memory>
#include <random>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "common/async/task_scope.hpp"
#include "common/net/tls.hpp"
#include "crawler/engine.hpp"
#include "crawler/fetch/connection.hpp"
#include "crawler/fetch/connection_pool.hpp"
#include "crawler/frontier/frontier.hpp"
#include "crawler/frontier/start_limit.hpp"
#include "crawler/job/job.hpp"
#include "crawler/robots/robots_book.hpp"
#include "crawler/store/store.hpp"

namespace orbweaver {

// Everything here runs on the engine's strand. It holds the pure parts together: the frontier
// says what comes next, a connection does it, the job books what came, the store remembers it.
class engine::impl {
 public:
  impl(asio::io_context& context, orbweaver::store& store, resolver& names,
       deadline_service& deadlines, const address_policy& policy, engine_settings settings);

  const strand& executor() const noexcept { return strand_; }
  orbweaver::store& records() noexcept { return store_; }
  asio::thread_pool& compute() noexcept { return compute_; }

  // Calls of users (engine_calls.cpp).
  result<crawl_status> create(crawl_spec spec, crawl_client client, const answer_writer& answer);
  result<crawl_status> status(crawl_id id) const;
  // With a warning while the store is in trouble.
  crawl_status status_of_live(const job& j) const;
  // Of each of these crawls: as the engine knows it, or else as it was stored.
  std::vector<crawl_status> live_status(const std::vector<stored_crawl>& crawls) const;
  result<crawl_status> pause(crawl_id id);
  result<crawl_status> resume(crawl_id id);
  result<crawl_status> cancel(crawl_id id);
  void remove(crawl_id id);
  // A crawl of one page that no list shows.
  result<crawl_id> create_fetch(crawl_spec spec, std::string account);
  // Goes on with a crawl of an earlier start (engine_recovery.cpp).
  void adopt(const stored_crawl& kept);
  engine_load load() const;
  const engine_totals& totals() const noexcept { return totals_; }
  std::unordered_set<url_id> in_flight(crawl_id id) const;
  std::optional<statistics_snapshot> statistics(crawl_id id) const;

  // Coroutines of their callers, entered on any strand.
  task<> wait_finished(crawl_id id);
  task<> drain(clock::duration grace);

  void begin();

  // From any strand.
  std::shared_ptr<connection> make_connection() const {
    return std::make_shared<connection>(services_);
  }

 private:
  // One order on its way.
  struct flight {
    std::uint64_t ticket = 0;  // 0: free
    frontier::crawl_key crawl = 0;
    frontier::lease held;
    entry_kind kind = entry_kind::page;
    url_id url = no_url;  // of a page
    url_id robots_order = no_url;
    connection_place place;
    std::shared_ptr<connection> through;
    std::shared_ptr<const fetch_profile> profile;
  };

  // A server may ask for patience, but not for ever.
  static constexpr std::chrono::seconds longest_patience{3600};
  // Until a store that could not answer is asked again.
  static constexpr std::chrono::milliseconds asking_pause{100};
  static constexpr std::string_view no_longer_tried =
      "No attempt to reach the host has succeeded for a while.";

  // A robots.txt that is asked for; its frontier entry's id names it.
  struct robots_order {
    robots_book::file which;
    std::shared_ptr<const fetch_profile> profile;
  };

  result<job*> admit(crawl_spec spec, crawl_client client, bool listed);

  // A crawl's life (engine_jobs.cpp).
  fetch_keeps kept_of(const crawl_spec& spec) const;
  job& enter(std::unique_ptr<job> made);
  void discover_seeds(job& j);
  void share_memory(job* added);
  job* find(crawl_id id) const;
  job* find(frontier::crawl_key key) const;
  void finish(job& j, crawl_state state, finish_reason reason, outcome leftover);
  void stop(job& j);
  void finish_if_done(job& j);
  void save_if_changed(job& j);

  // Accounts, see crawl_client::account (engine_accounts.cpp).
  std::optional<service_error> over_quota(const std::string& account, bool one_more) const;
  void charge(const job& j, std::uint64_t pages, std::uint64_t bytes);
  void hold_overdrawn();

  // Fetches (engine_fetches.cpp).
  void pump();
  void pump_soon();
  void heed_shortage(clock::time_point now);
  void start(frontier::start begun);
  void start_robots(frontier::start begun);
  void fly(frontier::start begun, std::shared_ptr<const fetch_profile> profile,
           std::string cookies);
  void host_given_up(job& j, frontier_entry& entry);
  void refused_by_robots(job& j, frontier_entry& entry, std::string reason);
  void end_unasked_sitemap(job& j, const frontier_entry& entry, std::string_view why,
                           std::string_view detail = {});
  void end_unasked(job& j, frontier_entry& entry, outcome why, std::string detail);
  void launch(std::size_t slot, fetch_order order, bool tell_sent);
  std::size_t free_slot();
  void enqueue_found(job& j, const job::discovery& found);
  void enqueue(job& j, frontier_entry entry, turn when);
  void enqueue_new(job& j, url_id id, url_id line, const discovered_url& found);
  void abort(const flight& f);
  void abort_flights(frontier::crawl_key crawl);

  // What becomes of them (engine_landings.cpp).
  void landed(std::size_t slot, std::unique_ptr<fetch_report> report);
  void page_landed(job& j, std::unique_ptr<fetch_report> report);
  void book(job& j, fetch_report& report);
  void redirected(job& j, fetch_report& report);
  bool retry(job& j, fetch_report& report);
  // Makes the report's entry the next hop of a file that is no page; false at the end of the chain.
  static bool follow_redirect(fetch_report& report, std::size_t most);
  static void lengthen_chain(fetch_report& report, std::string target);
  bool postpone(const fetch_report& report);
  clock::duration pause_after(const fetch_report& report);
  void leave_alone(std::string_view host, clock::duration time);
  // Those that an earlier start was asked to leave alone.
  void leave_quiet_hosts_alone();
  clock::duration backoff(unsigned attempts);

  // What the store is told (engine_commits.cpp).
  void end_url(job& j, frontier_entry& entry, outcome code, std::string detail,
               fetch_report* report, url_id duplicate_of = no_url);
  // What every commit of this crawl says.
  static page_commit commit_of(job& j);
  void commit_discovery(job& j, job::discovery found);
  void record_refused_seeds(job& j, const job::discovery& seeds);
  void commit_waiting(job& j, const frontier_entry& entry, job::discovery found,
                      std::optional<clock::duration> pause);

  // robots.txt (engine_robots.cpp).
  enum class robots_judgement : std::uint8_t { go_on, ask_first, refused };  // refused: refusal_
  static robots_book::file file_of(const fetch_profile& profile, std::string_view origin);
  robots_judgement judge_by_robots(job& j, const url& target, std::string& reason);
  void await_robots(job& j, const url& target);
  void apply_crawl_delay(job& j, std::string_view origin, const robots_book::standing& known);
  void fetch_robots(const robots_book::file& which, job& asker);
  // `not_before`: the epoch means now.
  void push_robots(frontier_entry entry, clock::time_point not_before);
  void robots_landed(fetch_report& report);
  void forget_robots_of(frontier::crawl_key gone);
  void settle_robots(url_id order, robots_book::standing result);

  // Sitemaps (engine_sitemaps.cpp).
  void fetch_sitemaps(job& j, std::string_view origin, const robots_rules* rules);
  void fetch_sitemap(job& j, std::string address, std::uint32_t level, bool named);
  void sitemap_landed(job& j, std::unique_ptr<fetch_report> report);
  void read_sitemap(job& j, const fetch_report& report);
  void sitemap_failed(job& j, const frontier_entry& entry, std::string_view why,
                      std::string_view detail = {});

  // What the store is asked (engine_stored.cpp). Each comes back when it is answered, the crawl is
  // over or the engine stops.
  bool ask_first(job& j, std::unique_ptr<fetch_report>& report);
  void ask_for_entries();
  task<> look_up(frontier::crawl_key crawl, crawl_id id, std::unique_ptr<fetch_report> report,
                 seen_query query, job::look_up under_way);
  task<> refill(frontier::crawl_key crawl, crawl_id id, std::vector<frontier::refill> low);
  task<> scan_origins(crawl_id id, frontier::scan scan);
  // What `ask` brings, a result, once it succeeds. Its failure when the crawl is over or the engine
  // has stopped before.
  template <class F>
  auto ask_store(frontier::crawl_key crawl, F ask) -> decltype(ask());
  std::vector<stored_entry> entries_of(job& j, std::vector<queued_url> urls);
  void welcome(job& j, const std::string& origin);
  // The clock's epoch for what has passed.
  static clock::time_point steady_time(wall_clock::time_point time);

  // Crawls of an earlier start (engine_recovery.cpp).
  task<> go_on(frontier::crawl_key crawl, crawl_id id);
  void adopt_places(job& j);

  void wake_at(clock::time_point time);
  void tick();
  void stop_timers();

  strand strand_;
  orbweaver::store& store_;
  engine_settings settings_;
  tls_client tls_;
  asio::thread_pool compute_;
  asio::thread_pool extraction_;
  fetch_services services_;
  frontier frontier_;
  start_limit starts_;
  connection_pool pool_;
  robots_book robots_;
  std::unordered_map<url_id, robots_order> robots_orders_;
  url_id last_robots_order_ = 0;
  frontier::crawl_key robots_crawl_;  // owns the frontier's robots entries
  frontier::crawl_key robots_hops_;   // and those that a redirect has led on, to hosts of any crawl
  std::unordered_map<crawl_id, std::unique_ptr<job>, crawl_id_hash> jobs_;
  std::uint64_t last_number_;  // of a crawl
  std::unordered_map<frontier::crawl_key, job*> running_;
  std::unordered_set<std::string> overdrawn_;  // accounts whose crawls are to be paused
  std::vector<flight> flights_;
  std::vector<std::size_t> free_flights_;
  std::uint64_t last_ticket_ = 0;
  engine_totals totals_;
  timer wake_;
  clock::time_point wake_time_ = clock::time_point::max();
  timer tick_;
  timer changed_;  // never expires: cancelling it wakes wait_finished() and drain()
  bool pumping_ = false;
  bool pump_due_ = false;  // it has been posted
  bool draining_ = false;
  bool stopped_ = false;
  std::size_t looking_up_ = 0;        // reports whose look-ups are under way
  std::size_t looking_up_bytes_ = 0;  // and what they hold
  std::size_t memory_parts_ = 0;      // into which it is divided
  std::minstd_rand random_;
  outcome refusal_ = outcome::unknown;  // of the last refused robots_judgement
  url parsed_;                          // scratch
  task_scope asking_;                   // coroutines that wait for the store
};

template <class F>
auto engine::impl::ask_store(frontier::crawl_key crawl, F ask) -> decltype(ask()) {
  for (;;) {
    auto answer = co_await ask();
    job* const j = find(crawl);
    if (answer || !j || stopped_) co_return answer;
    if (store_.health() == store_health::well)
      j->warn("The store could not be read: it is asked again until it can.");
    timer pause(strand_, asking_pause);
    co_await pause.async_wait(as_ec);
  }
}

}  // namespace orbweaver
