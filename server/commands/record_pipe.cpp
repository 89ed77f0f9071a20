#include "server/commands/record_pipe.hpp"

namespace orbweaver {
namespace {

// Records come in batches: waking up for each would cost more than fetching it.
constexpr std::size_t records_per_batch = 1000;
constexpr std::chrono::milliseconds batch_time{100};

std::size_t bytes_of(const record_pipe::batch& b) {
  std::size_t out = 0;
  for (const record_line& record : b.records) out += record.json.size();
  for (const stored_exchange& one : b.exchanges)
    out += one.what.request_head.size() + one.what.response_head.size() +
           (one.what.payload ? one.what.payload->view().size() : 0);
  return out;
}

}  // namespace

record_pipe::record_pipe(crawl_runtime& runtime, crawl_id id, std::size_t max_unwritten,
                         bool with_exchanges)
    : runtime_(runtime),
      id_(id),
      max_unwritten_(max_unwritten),
      with_exchanges_(with_exchanges),
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
      taken_bytes_ = bytes_of(out);
      waiting_bytes_ -= taken_bytes_;
    }
  }
  wake();
  return out;
}

task<> record_pipe::bring() {
  results_query query{.limit = records_per_batch};
  for (bool more = false;;) {
    batch found = co_await bring_batch(query, more);
    const bool last = found.last;
    push(std::move(found));
    if (last) co_return;
    runtime_.records().trim(id_, query.after);
    if (is_over(max_unwritten_)) {
      co_await hold_back();
    } else if (!more) {
      co_await runtime_.records().wait(id_, query.after + records_per_batch, batch_time);
    }
    const std::scoped_lock lock(mutex_);
    if (closed_) co_return;
  }
}

// What follows `query`, which then goes on behind it. Of what cannot be read whole, nothing.
task<record_pipe::batch> record_pipe::bring_batch(results_query& query, bool& more) {
  batch out;
  result<results_page> page = co_await runtime_.records().read(id_, query);
  if (!page) {
    out.failed = page.error();
  } else if (with_exchanges_) {
    out.failed = co_await bring_exchanges(query.after, page->next, out);
  }
  if (out.failed) {
    out.exchanges.clear();
    out.last = true;
    co_return out;
  }
  out.records = std::move(page->records);
  out.last = page->finished && !page->more;
  query.after = page->next;
  more = page->more;
  co_return out;
}

// Those of the records after `after` and up to `up_to`.
task<error_code> record_pipe::bring_exchanges(std::uint64_t after, std::uint64_t up_to, batch& to) {
  while (after < up_to) {
    const exchanges_query query{.after = after, .limit = static_cast<std::size_t>(up_to - after)};
    result<exchanges_page> page = co_await runtime_.records().exchanges(id_, query);
    if (!page) co_return page.error();
    after = page->next;
    for (stored_exchange& one : page->exchanges)
      if (one.place.seq <= up_to) to.exchanges.push_back(std::move(one));
  }
  co_return error_code();
}

task<> record_pipe::hold_back() {
  const bool paused = (co_await runtime_.crawls().pause(id_)).has_value();
  while (is_over(max_unwritten_ / 2)) co_await room_.async_wait(as_ec);
  if (paused) co_await runtime_.crawls().resume(id_);
}

void record_pipe::push(batch b) {
  const std::scoped_lock lock(mutex_);
  if (b.records.empty() && !b.last) return;
  waiting_bytes_ += bytes_of(b);
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
