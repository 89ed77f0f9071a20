#pragma once

#include <deque>
#include <unordered_map>

#include "crawler/store/store.hpp"

namespace orbweaver {

// Keeps everything in memory, on a strand of its own: for trials, tests and the `crawl` command.
class memory_store final : public store {
 public:
  explicit memory_store(asio::io_context& context);

  void open_crawl(crawl_id id) override;
  void commit(page_commit commit) override;
  void finish_crawl(crawl_id id, outcome leftover) override;
  task<> remove_crawl(crawl_id id) override;
  task<result<results_page>> read(crawl_id id, results_query query) override;
  task<> wait(crawl_id id, std::uint64_t after, clock::duration at_most) override;
  void trim(crawl_id id, std::uint64_t seq) override;

 private:
  struct ledger_row {
    std::string url;
    std::string reason;
    url_id referrer = no_url;
    std::optional<outcome> fate;  // none while queued or in flight
  };
  struct stored_record {
    url_id url = no_url;
    url_id duplicate_of = no_url;
    outcome_kind kind = outcome_kind::failed;
    std::string members;
  };
  struct waiter {
    timer* patience;  // cancelled to wake it
    std::uint64_t after;
  };
  struct crawl_data {
    std::vector<ledger_row> ledger;     // by url_id
    std::deque<stored_record> records;  // the first one has seq trimmed + 1
    std::uint64_t trimmed = 0;
    bool finished = false;
    std::vector<waiter> waiting;

    std::uint64_t last_seq() const noexcept { return trimmed + records.size(); }
    void wake_reached() const;  // those whose record has come
    void wake_all() const;
  };

  void apply(page_commit& commit);
  result<results_page> read_now(crawl_id id, const results_query& query) const;
  static std::string render(const crawl_data& data, std::uint64_t seq, const stored_record& record);

  strand strand_;
  std::unordered_map<crawl_id, crawl_data, crawl_id_hash> crawls_;  // on strand_
};

}  // namespace orbweaver
