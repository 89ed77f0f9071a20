#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

#include "common/async/task_scope.hpp"
#include "server/crawl_runtime.hpp"

namespace orbweaver {

// Brings a crawl's records from the store to the thread that writes them, which may block for as
// long as it likes: the crawl is paused while too much waits to be written.
class record_pipe {
 public:
  // `max_unwritten`: bytes of records; what is in flight when the crawl is paused comes on top.
  // `with_exchanges`: batches bring what archives hold as well.
  record_pipe(crawl_runtime& runtime, crawl_id id, std::size_t max_unwritten,
              bool with_exchanges = false);
  // Not on a thread of the runtime. The crawl may go on; nobody takes its records any more.
  ~record_pipe();
  record_pipe(const record_pipe&) = delete;
  record_pipe& operator=(const record_pipe&) = delete;

  struct batch {
    std::vector<record_line> records;        // perhaps none
    std::vector<stored_exchange> exchanges;  // of these
    bool last = false;                       // nothing follows: the crawl is over, unless it failed
    error_code failed;  // why nothing more can be read, though there may be more
  };
  // The next records, as soon as there are any; without, after `at_most`. The ones before count as
  // written.
  batch next(clock::duration at_most);

 private:
  task<> bring();
  task<batch> bring_batch(results_query& query, bool& more);
  task<error_code> bring_exchanges(std::uint64_t after, std::uint64_t up_to, batch& to);
  task<> hold_back();
  void push(batch b);
  bool is_over(std::size_t bytes);
  void wake();

  crawl_runtime& runtime_;
  const crawl_id id_;
  const std::size_t max_unwritten_;
  const bool with_exchanges_;
  strand strand_;
  timer room_;  // never expires: cancelling it wakes hold_back()

  std::mutex mutex_;  // guards what follows
  std::condition_variable came_;
  std::deque<batch> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::size_t taken_bytes_ = 0;  // being written
  bool closed_ = false;
  task_scope scope_;
};

}  // namespace orbweaver
