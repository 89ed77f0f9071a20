#include "crawler/engine.hpp"

#include "crawler/engine_impl.hpp"
#include "crawler/export/statistics_json.hpp"

namespace orbweaver {
namespace {

constexpr std::size_t crawls_per_read = 100;

bool matches(const crawl_status& s, const list_query& query) {
  if (query.state && s.state != *query.state) return false;
  if (!query.label) return true;
  const auto it = s.request->labels.find(query.label->name);
  return it != s.request->labels.end() &&
         (!query.label->value || it->second == *query.label->value);
}

// What is told of a crawl is there after any crash as well: its counts are those of the store. What
// has been fetched but is not durable yet is in flight: after a crash it is fetched again. What was
// skipped without being asked for is not, and may be much: everything that a cancel has left.
void count_durable_only(crawl_status& s, const crawl_tally& durable) {
  const auto asked_for = [](const crawl_counts& n) { return n.fetched + n.failed; };
  crawl_counts now = counts_of(durable);
  const std::uint64_t not_yet = asked_for(s.counts) - std::min(asked_for(s.counts), asked_for(now));
  now.in_flight = std::min(s.counts.in_flight + not_yet, now.queued);
  now.queued -= now.in_flight;
  s.counts = now;
  s.by_status = durable.by_status;
  s.by_outcome = durable.by_outcome;
}

// Whoever is told that a crawl is over finds all its records, today and after any crash. So while
// its end cannot be made durable it is not over.
void not_over_yet(crawl_status& s) {
  s.state = crawl_state::running;
  s.reason = finish_reason::none;
  s.finished_at.reset();
  s.warnings.emplace_back("The crawl has ended, but the disk has not taken its end yet.");
}

}  // namespace

engine::engine(asio::io_context& context, store& store, resolver& names,
               deadline_service& deadlines, const address_policy& policy, engine_settings settings)
    : impl_(std::make_unique<impl>(context, store, names, deadlines, policy, std::move(settings))) {
  asio::post(impl_->executor(), [this] { impl_->begin(); });
}

engine::~engine() = default;

task<result<crawl_status>> engine::create(crawl_spec spec) {
  crawl_client nobody;
  co_return co_await create(std::move(spec), std::move(nobody), nullptr);
}

task<result<crawl_status>> engine::create(crawl_spec spec, crawl_client client,
                                          answer_writer answer) {
  auto work = [this, spec = std::move(spec), client = std::move(client),
               answer = std::move(answer)]() mutable {
    return impl_->create(std::move(spec), std::move(client), answer);
  };
  const result<crawl_status> made = co_await run_on(impl_->executor(), std::move(work));
  if (!made) co_return made;
  const result<> durable = co_await impl_->records().flush();
  if (durable) co_return made;
  co_await remove(made->id);
  co_return durable.error();
}

task<> engine::recover() {
  std::vector<stored_crawl> unfinished = co_await impl_->records().unfinished();
  for (stored_crawl& crawl : unfinished) co_await take_up(std::move(crawl));
}

task<> engine::take_up(stored_crawl crawl) {
  auto work = [&, this] { impl_->adopt(crawl); };
  co_await run_on(impl_->executor(), std::move(work));
}

task<result<crawl_status>> engine::status(crawl_id id) {
  auto work = [this, id] { return impl_->status(id); };
  result<crawl_status> live = co_await run_on(impl_->executor(), std::move(work));
  if (live) {
    const bool is_over = is_final(live->state);
    // Nothing is in flight of a paused crawl: what it had fetched is waited for.
    result<> flushed;
    if (is_over || live->state == crawl_state::paused) flushed = co_await impl_->records().flush();
    if (is_over && flushed) co_return live;
    if (is_over) not_over_yet(*live);
    const auto durable = co_await impl_->records().durable_tally(id);
    if (durable) count_durable_only(*live, *durable);
    co_return live;
  }
  if (live.error() != service_error::not_found) co_return live;
  const result<stored_crawl> stored = co_await impl_->records().describe(id);
  if (!stored) co_return stored.error();
  co_return status_of(*stored);
}

// The store knows all crawls, the engine knows better of those that are not over.
task<result<list_page>> engine::list(list_query query) {
  list_page page;
  std::uint64_t before = query.before;
  for (;;) {
    const std::size_t wanted = std::min(query.limit + 1, crawls_per_read);
    const result<std::vector<stored_crawl>> read = co_await impl_->records().list(before, wanted);
    if (!read) co_return read.error();
    const std::vector<stored_crawl>& rows = *read;
    auto work = [this, &rows] { return impl_->live_status(rows); };
    std::vector<crawl_status> statuses = co_await run_on(impl_->executor(), std::move(work));
    const auto over = [](const crawl_status& s) { return is_final(s.state); };
    if (std::ranges::any_of(statuses, over)) {
      const result<> durable = co_await impl_->records().flush();
      for (std::size_t i = 0; i < rows.size() && !durable; ++i)
        if (over(statuses[i]) && !is_final(rows[i].header.state)) not_over_yet(statuses[i]);
    }
    for (std::size_t i = 0; i < rows.size() && impl_->records().is_durable(); ++i)
      if (!is_final(statuses[i].state)) count_durable_only(statuses[i], rows[i].tally);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (page.crawls.size() == query.limit) {
        page.next = before;
        co_return page;
      }
      before = rows[i].header.number;
      if (matches(statuses[i], query)) page.crawls.push_back(std::move(statuses[i]));
    }
    if (rows.size() < wanted) co_return page;
  }
}

// A crawl that the engine does not know may be over: that is a state, too. One that is over for the
// engine alone is not over yet, see not_over_yet().
task<result<crawl_status>> engine::change(crawl_id id, impl_call call) {
  auto work = [this, id, call] { return (*impl_.*call)(id); };
  const result<crawl_status> changed = co_await run_on(impl_->executor(), std::move(work));
  if (changed || changed.error() == service_error::wrong_state) {
    const result<> durable = co_await impl_->records().flush();
    if (!durable) co_return durable.error();
    co_return changed;
  }
  if (changed.error() != service_error::not_found) co_return changed;
  const result<stored_crawl> stored = co_await impl_->records().describe(id);
  if (!stored) co_return stored.error();
  co_return make_error_code(service_error::wrong_state);
}

task<result<crawl_status>> engine::pause(crawl_id id) { return change(id, &impl::pause); }
task<result<crawl_status>> engine::resume(crawl_id id) { return change(id, &impl::resume); }
task<result<crawl_status>> engine::cancel(crawl_id id) { return change(id, &impl::cancel); }

task<result<>> engine::remove(crawl_id id) {
  auto work = [this, id] { impl_->remove(id); };
  co_await run_on(impl_->executor(), std::move(work));
  co_return co_await impl_->records().remove_crawl(id);
}

task<result<std::string>> engine::fetch_page(crawl_spec spec) {
  const result<crawl_id> id = co_await begin_fetch(std::move(spec));
  if (!id) co_return id.error();
  co_return co_await finish_fetch(*id);
}

task<result<crawl_id>> engine::begin_fetch(crawl_spec spec, std::string account) {
  auto work = [this, spec = std::move(spec), account = std::move(account)]() mutable {
    return impl_->create_fetch(std::move(spec), std::move(account));
  };
  co_return co_await run_on(impl_->executor(), std::move(work));
}

task<result<std::string>> engine::finish_fetch(crawl_id id) {
  co_await impl_->wait_finished(id);
  co_await impl_->records().flush();
  const results_query first{.limit = 1};
  const result<results_page> page = co_await impl_->records().read(id, first);
  const result<> removed = co_await remove(id);
  if (!page) co_return page.error();
  if (!removed) co_return removed.error();
  if (page->records.empty()) co_return make_error_code(service_error::no_record);
  co_return page->records.front().json;
}

task<result<std::string>> engine::statistics(crawl_id id) {
  auto work = [this, id] { return impl_->statistics(id); };
  const std::optional<statistics_snapshot> live =
      co_await run_on(impl_->executor(), std::move(work));
  if (live) co_return statistics_as_json(*live);
  const result<stored_crawl> stored = co_await impl_->records().describe(id);
  if (!stored) co_return stored.error();
  if (!stored->header.statistics.empty()) co_return stored->header.statistics;
  const statistics_snapshot none;
  co_return statistics_as_json(none);
}

task<engine_load> engine::load() {
  auto work = [this] { return impl_->load(); };
  co_return co_await run_on(impl_->executor(), std::move(work));
}

std::shared_ptr<connection> engine::make_connection() { return impl_->make_connection(); }

task<engine_totals> engine::totals() {
  auto work = [this] { return impl_->totals(); };
  co_return co_await run_on(impl_->executor(), std::move(work));
}

asio::thread_pool& engine::compute() noexcept { return impl_->compute(); }

task<std::unordered_set<url_id>> engine::in_flight(crawl_id id) {
  auto work = [this, id] { return impl_->in_flight(id); };
  co_return co_await run_on(impl_->executor(), std::move(work));
}

task<> engine::drain(clock::duration grace) { co_await impl_->drain(grace); }

}  // namespace orbweaver
