#include "crawler/store/memory_store.hpp"

#include "crawler/service_error.hpp"
#include "crawler/store/render_record.hpp"

namespace orbweaver {

memory_store::memory_store(asio::io_context& context, bool keep_exchanges)
    : keep_exchanges_(keep_exchanges), strand_(asio::make_strand(context)) {}

void memory_store::crawl_data::wake_reached() const {
  for (const waiter& w : waiting)
    if (last_seq() > w.after) w.patience->cancel();
}

void memory_store::crawl_data::wake_all() const {
  for (const waiter& w : waiting) w.patience->cancel();
}

void memory_store::open_crawl(crawl_header header) {
  asio::post(strand_, [this, header = std::move(header)]() mutable {
    if (header.listed) by_number_.emplace(header.number, header.id);
    crawls_[header.id].header = std::move(header);
  });
}

void memory_store::save_crawl(crawl_header header) {
  asio::post(strand_, [this, header = std::move(header)]() mutable {
    const auto it = crawls_.find(header.id);
    if (it != crawls_.end()) it->second.header = std::move(header);
  });
}

void memory_store::save_delivery(crawl_id id, std::string state) {
  asio::post(strand_, [this, id, state = std::move(state)]() mutable {
    const auto it = crawls_.find(id);
    if (it != crawls_.end()) it->second.delivery = std::move(state);
  });
}

task<result<std::string>> memory_store::delivery(crawl_id id) {
  auto work = [this, id]() -> result<std::string> {
    const auto it = crawls_.find(id);
    if (it == crawls_.end()) return make_error_code(service_error::not_found);
    return it->second.delivery;
  };
  co_return co_await run_on(strand_, std::move(work));
}

void memory_store::commit(page_commit commit) {
  asio::post(strand_, [this, commit = std::move(commit)]() mutable { apply(commit); });
}

void memory_store::apply(page_commit& commit) {
  const auto it = crawls_.find(commit.crawl);
  if (it == crawls_.end()) return;  // removed meanwhile
  crawl_data& data = it->second;
  data.tally.apply(commit);
  if (!commit.found.empty() && data.ledger.size() < commit.first_found + commit.found.size())
    data.ledger.resize(commit.first_found + commit.found.size());
  const auto write_row = [&](url_id id, discovered_url& found) {
    data.ledger[id] = {std::move(found.url), std::move(found.reason),
                       found.referrer,       no_url,
                       found.depth,          found.fate};
  };
  for (std::size_t i = 0; i < commit.found.size(); ++i)
    write_row(commit.first_found + static_cast<url_id>(i), commit.found[i]);
  for (revived_url& one : commit.revived) write_row(one.id, one.found);
  if (commit.url == no_url) return;
  data.ledger[commit.url].fate = commit.fate;
  data.ledger[commit.url].reason = std::move(commit.reason);
  if (!commit.record) return;
  data.ledger[commit.url].duplicate_of = commit.record->duplicate_of;
  commit.record->members.shrink_to_fit();  // it has grown bit by bit, and stays for long
  data.records.push_back({commit.record->referrer, commit.record->duplicate_of, kind(commit.fate),
                          std::move(commit.record->members), take_exchanges(data, commit)});
  data.wake_reached();
}

void memory_store::finish_crawl(crawl_header header, std::function<void()> done) {
  asio::post(strand_, [this, header = std::move(header), done = std::move(done)]() mutable {
    const auto it = crawls_.find(header.id);
    if (it != crawls_.end()) {
      crawl_data& data = it->second;
      for (ledger_row& row : data.ledger)
        if (!row.fate) row.fate = header.leftover;
      data.tally.finish(header.leftover);
      data.payloads.clear();
      data.header = std::move(header);
      data.wake_all();
    }
    if (done) done();
  });
}

task<result<>> memory_store::flush() {
  const auto nothing = [] { return result<>{}; };
  co_return co_await run_on(strand_, nothing);
}

task<result<>> memory_store::remove_crawl(crawl_id id) {
  auto work = [this, id]() -> result<> {
    const auto it = crawls_.find(id);
    if (it == crawls_.end()) return make_error_code(service_error::not_found);
    it->second.wake_all();
    by_number_.erase(it->second.header.number);
    crawls_.erase(it);
    return {};
  };
  co_return co_await run_on(strand_, std::move(work));
}

task<result<stored_crawl>> memory_store::describe(crawl_id id) {
  auto work = [this, id]() -> result<stored_crawl> {
    const auto it = crawls_.find(id);
    if (it == crawls_.end()) return make_error_code(service_error::not_found);
    return stored_crawl{it->second.header, it->second.tally};
  };
  co_return co_await run_on(strand_, std::move(work));
}

task<result<std::vector<stored_crawl>>> memory_store::list(std::uint64_t before,
                                                           std::size_t limit) {
  auto work = [this, before, limit] {
    return result<std::vector<stored_crawl>>(list_now(before, limit));
  };
  co_return co_await run_on(strand_, std::move(work));
}

std::vector<stored_crawl> memory_store::list_now(std::uint64_t before, std::size_t limit) const {
  std::vector<stored_crawl> out;
  auto it = before == 0 ? by_number_.end() : by_number_.lower_bound(before);
  while (it != by_number_.begin() && out.size() < limit) {
    const crawl_data& data = crawls_.at((--it)->second);
    out.push_back({data.header, data.tally});
  }
  return out;
}

// Nothing outlives the process.
task<std::vector<stored_crawl>> memory_store::unfinished() {
  co_return std::vector<stored_crawl>();
}
task<result<std::vector<queue_part>>> memory_store::queued(crawl_id, std::vector<queue_range>) {
  co_return std::vector<queue_part>();
}
task<result<origins_page>> memory_store::queued_origins(crawl_id, origins_query) {
  co_return origins_page();
}
task<result<seen_answer>> memory_store::look_up(crawl_id, seen_query) { co_return seen_answer(); }
task<result<seen_page>> memory_store::seen(crawl_id, std::string, std::size_t) {
  co_return seen_page();
}
task<result<known_page>> memory_store::known_urls(crawl_id, url_id, std::size_t) {
  co_return known_page();
}

task<result<results_page>> memory_store::read(crawl_id id, results_query query) {
  auto work = [this, id, query] { return read_now(id, query); };
  co_return co_await run_on(strand_, std::move(work));
}

result<results_page> memory_store::read_now(crawl_id id, const results_query& query) const {
  const auto it = crawls_.find(id);
  if (it == crawls_.end()) return make_error_code(service_error::not_found);
  const crawl_data& data = it->second;
  results_page page;
  std::uint64_t seq = std::max(query.after, data.trimmed);
  const std::uint64_t end = std::min(data.last_seq(), seq + max_results_scan);
  std::size_t bytes = 0;
  while (seq < end && page.records.size() < query.limit && bytes < query.max_bytes) {
    ++seq;
    const stored_record& record = data.records[seq - data.trimmed - 1];
    if (query.kind && *query.kind != record.kind) continue;
    page.records.push_back({seq, render(data, seq, record)});
    bytes += page.records.back().json.size();
  }
  page.next = seq;
  page.more = seq < data.last_seq();
  page.finished = data.tally.finished;
  return page;
}

std::string memory_store::render(const crawl_data& data, std::uint64_t seq,
                                 const stored_record& record) {
  const auto url_of = [&data](url_id id) -> std::optional<std::string_view> {
    if (id == no_url) return std::nullopt;
    return data.ledger[id].url;
  };
  return render_record(seq, url_of(record.referrer), url_of(record.duplicate_of), record.members);
}

task<result<ledger_page>> memory_store::urls(crawl_id id, ledger_query query) {
  auto work = [this, id, query = std::move(query)] { return urls_now(id, query); };
  co_return co_await run_on(strand_, std::move(work));
}

result<ledger_page> memory_store::urls_now(crawl_id id, const ledger_query& query) const {
  const auto it = crawls_.find(id);
  if (it == crawls_.end()) return make_error_code(service_error::not_found);
  const auto& ledger = it->second.ledger;
  const auto url_of = [&ledger](url_id of) -> std::optional<std::string> {
    if (of == no_url) return std::nullopt;
    return ledger[of].url;
  };
  ledger_page page;
  std::size_t at = static_cast<std::size_t>(query.after);
  const std::size_t end = std::min(ledger.size(), at + max_ledger_scan);
  for (; at < end && page.lines.size() < query.limit; ++at) {
    const ledger_row& row = ledger[at];
    if (!matches(query, row.fate, row.url)) continue;
    page.lines.push_back({static_cast<url_id>(at), row.url, row.depth, row.fate, row.reason,
                          url_of(row.referrer), url_of(row.duplicate_of)});
  }
  page.next = at;
  page.more = at < ledger.size();
  page.finished = it->second.tally.finished;
  return page;
}

task<> memory_store::wait(crawl_id id, std::uint64_t after, clock::duration at_most) {
  co_await asio::dispatch(asio::bind_executor(strand_, use_task));
  const auto it = crawls_.find(id);
  if (it != crawls_.end() && !it->second.tally.finished && it->second.last_seq() <= after) {
    timer patience(strand_, at_most);
    it->second.waiting.push_back({&patience, after});
    co_await patience.async_wait(asio::bind_executor(strand_, as_ec));
    const auto still = crawls_.find(id);
    if (still != crawls_.end())
      std::erase_if(still->second.waiting,
                    [&](const waiter& w) { return w.patience == &patience; });
  }
  co_await asio::post(use_task);
}

void memory_store::trim(crawl_id id, std::uint64_t seq) {
  asio::post(strand_, [this, id, seq] {
    const auto it = crawls_.find(id);
    if (it == crawls_.end()) return;
    crawl_data& data = it->second;
    while (data.trimmed < seq && !data.records.empty()) {
      data.records.pop_front();
      ++data.trimmed;
    }
  });
}

}  // namespace orbweaver
