// The engine, and the life of a crawl in it: how it enters, what it shares, how it ends.
#include <algorithm>
#include <bit>

#include "crawler/engine_impl.hpp"

namespace orbweaver {
namespace {

// About what they cost in memory: an entry with its URL, and an origin with its queue, its least
// entries, its host's clock and the order for its robots.txt.
constexpr std::size_t entry_bytes = 256;
constexpr std::size_t origin_bytes = 4096;
// However many crawls share the memory.
constexpr std::size_t least_queues = 16;
constexpr std::size_t least_entries = 64;
constexpr std::size_t most_entries = 1024;  // of one queue: more would bring nothing

clock::duration to_clock(seconds_f time) {
  return std::chrono::duration_cast<clock::duration>(time);
}

}  // namespace

engine::impl::impl(asio::io_context& context, orbweaver::store& records, resolver& names,
                   deadline_service& deadlines, const address_policy& policy,
                   engine_settings settings)
    : strand_(asio::make_strand(context)),
      store_(records),
      settings_(std::move(settings)),
      tls_(settings_.ca_file),
      compute_(settings_.compute_threads),
      extraction_(settings_.compute_threads),
      services_{context,
                names,
                policy,
                tls_,
                deadlines,
                compute_,
                extraction_,
                settings_.budgets,
                2 * settings_.max_body_memory,
                [&records](crawl_id id, fingerprint page) { return records.earlier(id, page); }},
      // Each fetch in flight has a connection.
      frontier_(std::min(settings_.max_concurrency, settings_.max_connections), settings_.pace),
      starts_(std::min(settings_.max_concurrency, settings_.max_connections)),
      pool_(settings_.max_connections),
      // At the host of the crawl that asks, whose pace holds.
      robots_crawl_(frontier_.add_crawl({.per_host = 0xffffffff})),
      robots_hops_(frontier_.add_crawl(
          {.delay = to_clock(crawl_spec{}.delay), .per_host = crawl_spec{}.per_host_concurrency})),
      last_number_(records.last_number()),
      wake_(strand_),
      tick_(strand_),
      changed_(strand_, clock::time_point::max()),
      random_(std::random_device{}()),
      asking_(strand_) {
  leave_quiet_hosts_alone();
}

job* engine::impl::find(crawl_id id) const {
  const auto it = jobs_.find(id);
  return it == jobs_.end() ? nullptr : it->second.get();
}

job* engine::impl::find(frontier::crawl_key key) const {
  const auto it = running_.find(key);
  return it == running_.end() ? nullptr : it->second;
}

fetch_keeps engine::impl::kept_of(const crawl_spec& spec) const {
  return {.exchanges = spec.store_bodies.value_or(true) && store_.keeps_exchanges(),
          .pages = store_.is_durable(),
          .prints = store_.prints()};
}

job& engine::impl::enter(std::unique_ptr<job> made) {
  job& j = *made;
  if (j.spec().max_concurrency > settings_.max_concurrency)
    j.warn("maxConcurrency is held to the " + std::to_string(settings_.max_concurrency) +
           " of the whole service.");
  j.key = frontier_.add_crawl({.delay = to_clock(j.spec().delay),
                               .per_host = j.spec().per_host_concurrency,
                               .max_in_flight = j.spec().max_concurrency.value_or(0xffffffff)});
  jobs_.emplace(j.id, std::move(made));
  running_.emplace(j.key, &j);
  share_memory(&j);
  return j;
}

// In equal parts, as if the crawls were a power of two: most that come and go change nothing for
// the others.
void engine::impl::share_memory(job* added) {
  if (!store_.is_durable()) return;
  const std::size_t parts = std::bit_ceil(std::max<std::size_t>(running_.size(), 1));
  const std::size_t queues = settings_.queue_memory / parts;
  // Half for the queues with the least that each has, half for what goes beyond.
  const frontier_window window{
      .queues = std::max(queues / 2 / origin_bytes, least_queues),
      .entries = std::max(queues / 2 / entry_bytes, least_entries),
      .most = std::clamp(queues / 16 / entry_bytes, least_entries, most_entries)};
  const auto give = [&](job& j) {
    j.set_seen_capacity(settings_.seen_memory / parts);
    frontier_.set_window(j.key, window);
  };
  if (parts == std::exchange(memory_parts_, parts)) {
    if (added) give(*added);
  } else {
    for (const auto& [key, j] : running_) give(*j);
  }
}

void engine::impl::discover_seeds(job& j) {
  const job::discovery seeds = j.discover_seeds();
  enqueue_found(j, seeds);
  commit_discovery(j, seeds);
  record_refused_seeds(j, seeds);
}

// The crawl is over at once: its connections are told to stop, and whatever they still bring is
// dropped.
void engine::impl::stop(job& j) {
  abort_flights(j.key);
  frontier_.remove_crawl(j.key);
  running_.erase(j.key);
  share_memory(nullptr);
  forget_robots_of(j.key);
  changed_.cancel();
}

// What is queued or in flight is counted as `leftover` now.
void engine::impl::finish(job& j, crawl_state state, finish_reason reason, outcome leftover) {
  stop(j);
  j.finish(state, reason, leftover, wall_clock::now(), clock::now());
  store_.commit(commit_of(j));
  store_.finish_crawl(j.header(),
                      [this, id = j.id] { asio::post(strand_, [this, id] { jobs_.erase(id); }); });
}

// Called whenever one of the crawl's fetches has ended or its queue has changed.
void engine::impl::finish_if_done(job& j) {
  if (is_final(j.state()) || j.interrupted) return;
  const bool flying =
      frontier_.in_flight(j.key) != 0 || j.looking_up != 0 || j.going_on || j.awaits_places();
  const finish_reason limit = j.limit_reached(clock::now());
  if (limit != finish_reason::none) {
    frontier_.pause(j.key);
  } else if (j.state() == crawl_state::running && frontier_.is_paused(j.key)) {
    frontier_.resume(j.key);  // a page that was counted against the limit was skipped after all
  }
  if (limit == finish_reason::duration) {  // what is in flight has no longer than the crawl
    finish(j, crawl_state::completed, limit, outcome::over_duration);
    return;
  }
  if (flying) return;
  if (frontier_.queued(j.key) == 0 && !frontier_.has_stored(j.key)) {
    finish(j, crawl_state::completed, finish_reason::exhausted, outcome::unknown);
  } else if (limit == finish_reason::limit) {
    finish(j, crawl_state::completed, limit, outcome::over_page_limit);
  } else if (limit == finish_reason::bytes) {
    finish(j, crawl_state::completed, limit, outcome::over_bytes);
  } else if (j.state() == crawl_state::pausing) {
    j.set_state(crawl_state::paused);
    save_if_changed(j);
  }
}

void engine::impl::save_if_changed(job& j) {
  if (!is_final(j.state()) && j.take_changed()) store_.save_crawl(j.header());
}

task<> engine::impl::wait_finished(crawl_id id) {
  co_await asio::dispatch(asio::bind_executor(strand_, use_task));
  for (const job* j = find(id); j && !is_final(j->state()) && !stopped_; j = find(id))
    co_await changed_.async_wait(asio::bind_executor(strand_, as_ec));
  co_await asio::post(use_task);
}

task<> engine::impl::drain(clock::duration grace) {
  co_await asio::dispatch(asio::bind_executor(strand_, use_task));
  draining_ = true;
  const auto give_up = clock::now() + grace;
  timer patience(strand_, give_up);
  patience.async_wait([this](error_code) { changed_.cancel(); });
  while ((frontier_.in_flight() != 0 || looking_up_ != 0) && clock::now() < give_up)
    co_await changed_.async_wait(asio::bind_executor(strand_, as_ec));
  patience.cancel();
  for (const flight& f : flights_) abort(f);
  while (frontier_.in_flight() != 0)
    co_await changed_.async_wait(asio::bind_executor(strand_, as_ec));
  // With the time and the statistics of what came since they were saved last.
  for (const auto& [key, j] : running_) {
    store_.commit(commit_of(*j));
    store_.save_crawl(j->header());
  }
  stop_timers();
  co_await asking_.join();
  co_await asio::post(use_task);
}

void engine::impl::begin() { tick(); }

void engine::impl::tick() {
  if (stopped_) return;
  const auto now = clock::now();
  const store_health disk = store_.health();
  std::vector<job*> running;
  running.reserve(running_.size());
  for (const auto& [key, j] : running_) running.push_back(j);
  for (job* j : running) {
    j->sample(now);
    if (disk >= store_health::full)
      j->warn(
          "For want of space on the disk, or because it fails, nothing was fetched for a while.");
    save_if_changed(*j);
    // One that only waits has nothing else to commit, and its time must not begin anew with each
    // start of the service.
    if (j->spec().max_duration && disk == store_health::well) store_.commit(commit_of(*j));
    if (j->limit_reached(now) != finish_reason::none) finish_if_done(*j);
  }
  hold_overdrawn();
  pool_.expire(now - settings_.keep_alive);
  starts_.recover(now);
  frontier_.set_max_in_flight(starts_.most());
  pump();
  tick_.expires_after(std::chrono::seconds(1));
  tick_.async_wait([this](error_code ec) {
    if (!ec) tick();
  });
}

void engine::impl::stop_timers() {
  stopped_ = true;
  tick_.cancel();
  wake_.cancel();
  changed_.cancel();
}

}  // namespace orbweaver
