#pragma once

#include <deque>
#include <map>
#include <unordered_map>

#include "crawler/store/store.hpp"

namespace orbweaver {

// Keeps everything in memory, on a strand of its own: for trials, tests and the `crawl` command.
// What is asked for is as durable as it will ever be once it is applied.
class memory_store final : public store {
 public:
  // `keep_exchanges`: until they are trimmed, for a reader that takes them as they come.
  explicit memory_store(asio::io_context& context, bool keep_exchanges = false);

  void open_crawl(crawl_header header) override;
  void save_crawl(crawl_header header) override;
  void commit(page_commit commit) override;
  void finish_crawl(crawl_header header, std::function<void()> done) override;
  task<result<>> flush() override;
  task<result<>> remove_crawl(crawl_id id) override;
  task<result<stored_crawl>> describe(crawl_id id) override;
  task<std::optional<crawl_tally>> durable_tally(crawl_id) override { co_return std::nullopt; }
  task<result<std::vector<stored_crawl>>> list(std::uint64_t before, std::size_t limit) override;
  task<store_activity> activity() override { co_return store_activity{}; }
  const fingerprinter& prints() const noexcept override { return prints_; }
  bool keeps_exchanges() const noexcept override { return keep_exchanges_; }
  task<result<exchanges_page>> exchanges(crawl_id id, exchanges_query query) override;
  task<result<std::string>> payload_piece(fingerprint hash, std::size_t piece) override;
  task<result<std::optional<earlier_page>>> earlier(crawl_id id, fingerprint page) override;
  std::uint64_t last_number() override { return 0; }
  task<std::vector<stored_crawl>> unfinished() override;
  task<result<std::vector<queue_part>>> queued(crawl_id id,
                                               std::vector<queue_range> ranges) override;
  task<result<origins_page>> queued_origins(crawl_id id, origins_query query) override;
  task<result<seen_answer>> look_up(crawl_id id, seen_query query) override;
  task<result<seen_page>> seen(crawl_id id, std::string from, std::size_t limit) override;
  task<result<known_page>> known_urls(crawl_id id, url_id from, std::size_t limit) override;
  void save_quiet(quiet_host) override {}
  std::vector<quiet_host> quiet_hosts() override { return {}; }
  void save_delivery(crawl_id id, std::string state) override;
  task<result<std::string>> delivery(crawl_id id) override;
  task<result<results_page>> read(crawl_id id, results_query query) override;
  task<result<ledger_page>> urls(crawl_id id, ledger_query query) override;
  task<> wait(crawl_id id, std::uint64_t after, clock::duration at_most) override;
  void trim(crawl_id id, std::uint64_t seq) override;

 private:
  struct ledger_row {
    std::string url;
    std::string reason;
    url_id referrer = no_url;
    url_id duplicate_of = no_url;
    std::uint32_t depth = 0;
    std::optional<outcome> fate;  // none while queued or in flight
  };
  struct stored_record {
    url_id referrer = no_url;
    url_id duplicate_of = no_url;
    outcome_kind kind = outcome_kind::failed;
    std::string members;
    std::vector<stored_exchange> exchanges;
  };
  struct waiter {
    timer* patience;  // cancelled to wake it
    std::uint64_t after;
  };
  struct crawl_data {
    crawl_header header;
    crawl_tally tally;
    std::string delivery;
    std::deque<ledger_row> ledger;      // by url_id
    std::deque<stored_record> records;  // the first one has seq trimmed + 1
    std::uint64_t trimmed = 0;
    std::vector<waiter> waiting;
    std::unordered_map<std::uint64_t, earlier_exchange> payloads;  // by half of their hashes

    std::uint64_t last_seq() const noexcept { return trimmed + records.size(); }
    void wake_reached() const;  // those whose record has come
    void wake_all() const;
  };

  void apply(page_commit& commit);
  static std::vector<stored_exchange> take_exchanges(crawl_data& data, page_commit& commit);
  result<exchanges_page> exchanges_now(crawl_id id, const exchanges_query& query) const;
  result<ledger_page> urls_now(crawl_id id, const ledger_query& query) const;
  result<results_page> read_now(crawl_id id, const results_query& query) const;
  static std::string render(const crawl_data& data, std::uint64_t seq, const stored_record& record);
  std::vector<stored_crawl> list_now(std::uint64_t before, std::size_t limit) const;

  const bool keep_exchanges_;
  const fingerprinter prints_ = fingerprinter::random();
  strand strand_;
  std::unordered_map<crawl_id, crawl_data, crawl_id_hash> crawls_;  // on strand_
  std::map<std::uint64_t, crawl_id> by_number_;                     // on strand_, listed ones
};

}  // namespace orbweaver
