#include "server/commands/record_pipe.hpp"

#include <numeric>

namespace orbweaver {
namespace {

// Records come in batches: waking up for each would cost more than fetching it.
constexpr std::size_t records_per_batch = 1000;
constexpr std::chrono::milliseconds batch_time{100};

std::size_t bytes_of(const std::vector<record_line>& records) {
  return std::accumulate(
      records.begin(), records.end(), std::size_t{0},
      [](std::size_t sum, const record_line& record) { return sum + record.json.size(); });
}

}  // namespace

record_pipe::record_pipe(crawl_runtime& runtime, crawl_id id, std::size_t max_unwritten)
    : runtime_(runtime),
      id_(id),
      max_unwritten_(max_unwritten),
      strand_(asio::make_strand(runtime.context())),
      room_(strand_, clock::time_point::max()),
      scope_(strand_) {
  scope_.spawn(strand_, bring(), "record pipe");
}

record_pipe::~record_pipe() {
  {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
  }
  wake();
  runtime_.call(scope_.join());
}

record_pipe::batch record_pipe::next(clock::duration at_most) {
  batch out;
  {
    std::unique_lock lock(mutex_);
    taken_bytes_ = 0;
    came_.wait_for(lock, at_most, [this] { return !waiting_.empty(); });
    if (!waiting_.empty()) {
      out = std::move(waiting_.front());
      waiting_.pop_front();
      taken_bytes_ = bytes_of(out.records);
      waiting_bytes_ -= taken_bytes_;
    }
  }
  wake();
  return out;
}

task<> record_pipe::bring() {
  results_query query{.limit = records_per_batch};
  for (;;) {
    result<results_page> page = co_await runtime_.records().read(id_, query);
    const bool last = !page || (page->finished && !page->more);
    batch found;
    found.last = last;
    if (page) found.records = std::move(page->records);
    push(std::move(found));
    if (last) co_return;
    query.after = page->next;
    runtime_.records().trim(id_, query.after);
    if (is_over(max_unwritten_)) {
      co_await hold_back();
    } else if (!page->more) {
      co_await runtime_.records().wait(id_, query.after + records_per_batch, batch_time);
    }
    const std::scoped_lock lock(mutex_);
    if (closed_) co_return;
  }
}

task<> record_pipe::hold_back() {
  const bool paused = (co_await runtime_.crawls().pause(id_)).has_value();
  while (is_over(max_unwritten_ / 2)) co_await room_.async_wait(as_ec);
  if (paused) co_await runtime_.crawls().resume(id_);
}

void record_pipe::push(batch b) {
  const std::scoped_lock lock(mutex_);
  if (b.records.empty() && !b.last) return;
  waiting_bytes_ += bytes_of(b.records);
  waiting_.push_back(std::move(b));
  came_.notify_one();
}

bool record_pipe::is_over(std::size_t bytes) {
  const std::scoped_lock lock(mutex_);
  return !closed_ && waiting_bytes_ + taken_bytes_ > bytes;
}

void record_pipe::wake() {
  asio::post(strand_, [this] { room_.cancel(); });
}

}  // namespace orbweaver
