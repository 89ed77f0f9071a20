#pragma once

#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "common/async/task.hpp"
#include "common/error.hpp"
#include "crawler/fetch/fetch_budgets.hpp"
#include "crawler/frontier/host_pace.hpp"
#include "crawler/model.hpp"
#include "crawler/service_error.hpp"
#include "crawler/statistics/engine_totals.hpp"

namespace orbweaver {

class connection;
class deadline_service;
class resolver;
class store;
class address_policy;
struct crawl_client;
struct stored_crawl;
class account_book;

struct engine_settings {
  std::string user_agent;
  std::uint32_t max_concurrency = 1000;  // fetches in flight over all crawls
  std::uint32_t max_connections = 4000;  // open connections, idle ones included
  std::uint32_t compute_threads = 1;     // for work off the loop; as many again for extraction
  std::uint32_t max_unfinished_crawls = 10'000;
  // For the bodies that are being read, bytes: beyond it fewer fetches are in flight for a while,
  // and beyond twice as much large bodies are put off.
  std::size_t max_body_memory = 256 << 20;
  // What running crawls may use together while the store remembers for them, bytes: for the URLs
  // and contents they have seen, and for their queues.
  std::size_t seen_memory = 64 << 20;
  std::size_t queue_memory = 64 << 20;
  std::uint32_t robots_retries = 2;  // further attempts at a robots.txt that fails
  clock::duration keep_alive = std::chrono::seconds(15);  // then an idle connection is closed
  host_pace::settings pace;
  std::string ca_file;               // empty: the system's certificate authorities
  account_book* accounts = nullptr;  // of crawls that run on one; none: nothing is booked
  fetch_budgets budgets;
};

struct label_query {
  std::string name;
  std::optional<std::string> value;  // none: whatever it is
};

struct list_query {
  std::optional<crawl_state> state;
  std::optional<label_query> label;
  std::size_t limit = 100;
  std::uint64_t before = 0;  // cursor: crawls created earlier than this one; 0: from the newest
};

struct list_page {
  std::vector<crawl_status> crawls;  // newest first
  std::uint64_t next = 0;            // pass as `before` to go on; 0: no more
};

// What the engine holds at one moment.
struct engine_load {
  std::size_t crawls = 0;                            // not yet over
  std::array<std::size_t, crawl_states> by_state{};  // these, by their state
  std::uint64_t queued = 0;                          // URLs
  std::size_t in_flight = 0;                         // fetches
  std::size_t hosts = 0;        // with URLs to fetch, or asked so lately that they must wait
  std::size_t connections = 0;  // open, idle ones included
  std::size_t idle_connections = 0;
};

// Decides: which URL is fetched next, on which connection, and what becomes of it. All its state
// lives on one strand; every call here may come from any strand.
class engine {
 public:
  engine(asio::io_context& context, store& store, resolver& resolver, deadline_service& deadlines,
         const address_policy& policy, engine_settings settings);
  ~engine();
  engine(const engine&) = delete;
  engine& operator=(const engine&) = delete;

  // Goes on with all crawls that the store knows as unfinished. To be called once, before any
  // other call; or take_up() for those of them that are to go on.
  task<> recover();
  task<> take_up(stored_crawl crawl);

  // The spec must be valid (server/api/crawl_request sees to it). Comes back when the crawl is
  // durable, as do the calls that change or remove one.
  task<result<crawl_status>> create(crawl_spec spec);
  // On a client's account. `answer` puts the new crawl into the words that the client is told;
  // they are kept with it (crawl_client::answer), and durable when it is.
  using answer_writer = std::function<std::string(const crawl_status&)>;
  task<result<crawl_status>> create(crawl_spec spec, crawl_client client, answer_writer answer);
  task<result<crawl_status>> status(crawl_id id);
  task<result<list_page>> list(list_query query);
  // While the disk takes nothing, a change holds at once all the same, and fails here: it is not
  // durable yet, and a crash before the disk is mended undoes it.
  task<result<crawl_status>> pause(crawl_id id);
  task<result<crawl_status>> resume(crawl_id id);
  task<result<crawl_status>> cancel(crawl_id id);
  // Stops the crawl if need be and forgets it with all its records. When this fails for want of
  // space it holds at once all the same: nobody is shown the crawl any more.
  task<result<>> remove(crawl_id id);
  // Fetches the spec's one URL now, under the same politeness as any crawl; answers its record,
  // one JSON object.
  task<result<std::string>> fetch_page(crawl_spec spec);
  // The same in two steps, between which, and during the second, remove() gives the fetch up.
  task<result<crawl_id>> begin_fetch(crawl_spec spec, std::string account = {});
  task<result<std::string>> finish_fetch(crawl_id id);

  // What is told by the answer of GET /v1/crawls/{id}/statistics, one JSON object.
  task<result<std::string>> statistics(crawl_id id);

  task<engine_load> load();
  task<engine_totals> totals();
  // The URLs of a crawl that are being fetched now.
  task<std::unordered_set<url_id>> in_flight(crawl_id id);

  // A connection of the caller's own, outside of all crawls: under the address policy and the
  // budgets, but under nobody's politeness. No longer than the engine.
  std::shared_ptr<connection> make_connection();

  // For further work that would hold up the event loop.
  asio::thread_pool& compute() noexcept;

  // Starts no further fetch, gives those in flight `grace` to end, then ends them. What has not
  // been fetched by then is still queued: a store that remembers takes it up at the next start.
  task<> drain(clock::duration grace);

 private:
  class impl;
  using impl_call = result<crawl_status> (impl::*)(crawl_id);
  task<result<crawl_status>> change(crawl_id id, impl_call call);

  std::unique_ptr<impl> impl_;
};

}  // namespace orbweaver
