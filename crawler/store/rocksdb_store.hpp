#pragma once

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

#include "crawler/store/leaving_crawls.hpp"
#include "crawler/store/read_trouble.hpp"
#include "crawler/store/row_bytes.hpp"
#include "crawler/store/schema.hpp"
#include "crawler/store/schema_bodies.hpp"
#include "crawler/store/store.hpp"

namespace orbweaver {

class payload_writer;
class database;
struct database_settings;

// Keeps everything on disk, in RocksDB. Commits are gathered into groups on a strand; each group
// is one synced write on a thread of its own, while the next one gathers. What a group holds is
// read, and those who wait for it are told, only when it is durable.
class rocksdb_store final : public store {
 public:
  // Throws store_refused (see database.hpp).
  rocksdb_store(asio::io_context& context, const database_settings& with);
  // What flush() has not seen durable is lost. No thread runs the context any more.
  ~rocksdb_store() override;

  void open_crawl(crawl_header header) override;
  void save_crawl(crawl_header header) override;
  void commit(page_commit commit) override;
  void finish_crawl(crawl_header header, std::function<void()> done) override;
  task<result<>> flush() override;
  task<result<>> remove_crawl(crawl_id id) override;
  void give_up() override;
  task<result<stored_crawl>> describe(crawl_id id) override;
  task<std::optional<crawl_tally>> durable_tally(crawl_id id) override;
  task<result<std::vector<stored_crawl>>> list(std::uint64_t before, std::size_t limit) override;
  store_health health() const noexcept override { return health_.load(); }
  task<store_activity> activity() override;
  std::string doubt() const override;
  const fingerprinter& prints() const noexcept override { return prints_; }
  bool is_durable() const noexcept override { return true; }
  bool keeps_exchanges() const noexcept override { return true; }
  task<result<exchanges_page>> exchanges(crawl_id id, exchanges_query query) override;
  task<result<std::string>> payload_piece(fingerprint hash, std::size_t piece) override;
  task<result<std::optional<earlier_page>>> earlier(crawl_id id, fingerprint page) override;
  std::uint64_t last_number() override { return last_number_; }
  task<std::vector<stored_crawl>> unfinished() override;
  task<result<std::vector<queue_part>>> queued(crawl_id id,
                                               std::vector<queue_range> ranges) override;
  task<result<origins_page>> queued_origins(crawl_id id, origins_query query) override;
  task<result<seen_answer>> look_up(crawl_id id, seen_query query) override;
  task<result<seen_page>> seen(crawl_id id, std::string from, std::size_t limit) override;
  task<result<known_page>> known_urls(crawl_id id, url_id from, std::size_t limit) override;
  void save_quiet(quiet_host host) override;
  std::vector<quiet_host> quiet_hosts() override { return quiet_; }
  void save_delivery(crawl_id id, std::string state) override;
  task<result<std::string>> delivery(crawl_id id) override;
  task<result<results_page>> read(crawl_id id, results_query query) override;
  task<result<ledger_page>> urls(crawl_id id, ledger_query query) override;
  task<> wait(crawl_id id, std::uint64_t after, clock::duration at_most) override;
  // Readers may come back for what they have read.
  void trim(crawl_id, std::uint64_t) override {}

 private:
  // A crawl that commits may come for.
  struct live_crawl {
    std::uint64_t number = 0;
    crawl_tally tally;     // with what is not yet durable
    crawl_tally durable;   // without
    bool changed = false;  // since the last group was handed over
    struct waiter {
      timer* patience;  // cancelled to wake it
      std::uint64_t after;
    };
    std::vector<waiter> waiting;

    void wake_reached() const;  // those whose record has come
    void wake_all() const;
  };
  struct group;  // store_group.hpp

  live_crawl* find(const crawl_id& id);
  void recover();
  void recover_prints();
  void recover_quiet();
  void put_header(const crawl_header& header);
  void put_tally(live_crawl& crawl);
  void apply(page_commit& commit);
  void put_found(std::uint64_t number, const page_commit& commit);
  void put_url(std::uint64_t number, url_id id, const discovered_url& found, url_id line);
  void put_end(live_crawl& crawl, const page_commit& commit);
  void put_waiting(std::uint64_t number, const waiting_url& waits);
  void delete_crawl(const crawl_id& id, std::uint64_t number, std::uint64_t bytes);
  void put_removal(const crawl_id& id, std::uint64_t number, std::uint64_t bytes);
  void release_when_durable(std::uint64_t number, std::uint64_t bytes);
  void remove_unlisted();
  void gathered();
  void hand_over();
  void write(std::shared_ptr<group> full);
  void look_for_space(group& full) const;
  void get_well();
  void await_space();
  // As flush(), but goes on while attempts fail, so many of them.
  task<result<>> flush_despite(std::uint64_t failures);
  std::uint64_t last_gathered() const;
  void put(group& full);
  void written(std::shared_ptr<group> full);
  void try_again(std::shared_ptr<group> full);
  void mend(const std::shared_ptr<group>& full);
  void reopen(const std::shared_ptr<group>& full);
  // Runs `work` on strand_, after all that was given here before and while the database is open.
  template <class F>
  void in_order(F work);
  bool in_trouble() const noexcept { return health_ >= store_health::full; }
  void watch_congestion();
  // Of a removed crawl's payloads some; whether there are more.
  bool release_some(std::uint64_t number);
  void release_later(std::uint64_t number, std::uint64_t bytes);
  // Less of bodies is not worth their tables' being written anew, bytes.
  static constexpr std::uint64_t least_worth_reclaiming = 32 << 20;
  // Gives back to the disk, some time, what a removed crawl has held: so many bytes, at a guess.
  void reclaim(std::uint64_t number, std::uint64_t bytes);
  void reclaim_rows(std::uint64_t number, std::uint64_t bytes) const;
  void reclaim_bodies();

  // Runs `work` where it may block, and brings back what it answers; `storage_failed` when it
  // throws because something cannot be read.
  template <class F>
  task<std::invoke_result_t<F&>> on_reader(F work);
  std::shared_lock<std::shared_mutex> keep_open();
  error_code unreadable(const std::exception& why);
  // nullopt of a crawl that is being removed, as of one that is not there.
  std::optional<std::uint64_t> number_of(const crawl_id& id) const;
  std::optional<std::uint64_t> stored_number_of(const crawl_id& id) const;
  std::optional<stored_crawl> load(std::uint64_t number) const;
  // A crawl's number, and its counts as they are durable.
  std::optional<std::pair<std::uint64_t, crawl_tally>> counts_of(const crawl_id& id) const;
  std::optional<std::pair<std::uint64_t, crawl_tally>> stored_counts_of(const crawl_id& id) const;
  std::vector<stored_crawl> list_now(std::uint64_t before, std::size_t limit) const;
  // The same, when all that was asked for before is durable.
  template <class F>
  task<std::invoke_result_t<F&>> on_reader_after_commits(F work);
  queue_part queue_now(std::uint64_t number, const queue_range& range) const;
  origins_page origins_now(std::uint64_t number, const origins_query& query) const;
  void add_url_rows(std::uint64_t number, std::vector<queue_part>& parts) const;
  seen_answer look_up_now(std::uint64_t number, const seen_query& query) const;
  seen_page seen_now(std::uint64_t number, const std::string& from, std::size_t limit) const;
  known_page known_now(std::uint64_t number, url_id from, std::size_t limit) const;
  result<results_page> read_now(const crawl_id& id, const results_query& query) const;
  result<exchanges_page> exchanges_now(const crawl_id& id, const exchanges_query& query) const;
  std::optional<earlier_exchange> exchange_named(const crawl_id& id, std::uint64_t number,
                                                 schema::exchange_number which) const;
  std::optional<earlier_page> earlier_now(const crawl_id& id, std::uint64_t number,
                                          const fingerprint& page) const;
  void add_exchange(const crawl_id& id, std::uint64_t number, std::uint64_t seq,
                    earlier_page& to) const;
  result<ledger_page> urls_now(const crawl_id& id, const ledger_query& query) const;
  // The URLs behind ids, read together.
  struct url_names {
    std::vector<url_id> ids;  // sorted
    std::vector<std::string> rows;
    // nullopt for no_url.
    std::optional<std::string_view> of(url_id id) const;
  };
  url_names names_of(std::uint64_t number, std::vector<url_id> ids) const;
  // The rows of these URLs in the table of URLs, empty for those that are not there.
  std::vector<std::string> url_rows(std::uint64_t number, const std::vector<url_id>& ids) const;
  // The rows with these keys, empty for those that are not there.
  std::vector<std::string> rows_of(schema::table which, const std::vector<std::string>& keys) const;

  strand strand_;
  std::unique_ptr<database> db_;
  std::unique_ptr<payload_writer> payloads_;  // of the writing thread
  std::shared_mutex opening_;                 // held by who reads, and alone by who opens it anew
  std::mutex turn_;  // of those who are about to take opening_: readers give way to who opens it
  std::uint64_t last_number_ = 0;  // at the start
  fingerprinter prints_;
  std::vector<quiet_host> quiet_;                                 // likewise
  std::unordered_map<crawl_id, live_crawl, crawl_id_hash> live_;  // on strand_, as all below
  std::vector<stored_crawl> recovered_;
  wall_clock::time_point quiet_swept_;  // when rows of hosts that may be asked again went
  std::chrono::milliseconds retry_time_;
  std::shared_ptr<group> gathering_;
  std::shared_ptr<group> spare_;  // an empty one; may be null
  bool given_up_ = false;
  bool closed_ = false;                          // it is being opened anew
  std::vector<std::function<void()>> deferred_;  // until it is open
  std::uint64_t last_group_ = 0;                 // number of the last one begun
  std::uint64_t durable_group_ = 0;
  std::uint64_t failures_ = 0;  // attempts to write that have failed
  bool writing_ = false;
  store_activity activity_;                               // but for what RocksDB knows
  std::atomic<store_health> health_{store_health::well};  // set on strand_
  read_trouble unread_;
  leaving_crawls leaving_;
  std::atomic<int> removals_{0};  // under way: they may use the last of the disk to free more
  std::atomic<bool> closing_{false};
  std::vector<timer*> flushing_;
  timer gather_;
  timer retry_;
  row_writer key_, row_;  // scratch
  asio::thread_pool readers_;
  asio::thread_pool writer_;
  asio::thread_pool reclaimer_;
  std::uint64_t reclaimable_ = 0;  // bytes of bodies, at a guess; on reclaimer_
};

template <class F>
void rocksdb_store::in_order(F work) {
  asio::post(strand_, [this, work = std::move(work)]() mutable {
    if (closed_) {
      deferred_.emplace_back(std::move(work));
    } else {
      work();
    }
  });
}

template <class F>
task<std::invoke_result_t<F&>> rocksdb_store::on_reader(F work) {
  co_await asio::post(asio::bind_executor(readers_, use_task));
  std::optional<std::invoke_result_t<F&>> out;
  try {
    const std::shared_lock open = keep_open();
    out.emplace(work());
  } catch (const std::runtime_error& why) {
    out.emplace(unreadable(why));
  }
  co_await asio::post(use_task);
  co_return std::move(*out);
}

template <class F>
task<std::invoke_result_t<F&>> rocksdb_store::on_reader_after_commits(F work) {
  const result<> durable = co_await flush();
  if (!durable) co_return durable.error();
  co_return co_await on_reader(std::move(work));
}

}  // namespace orbweaver
