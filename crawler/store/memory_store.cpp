#include "crawler/store/memory_store.hpp"

#include "crawler/export/json_text.hpp"
#include "crawler/service_error.hpp"

namespace orbweaver {

memory_store::memory_store(asio::io_context& context) : strand_(asio::make_strand(context)) {}

void memory_store::crawl_data::wake_reached() const {
  for (const waiter& w : waiting)
    if (last_seq() > w.after) w.patience->cancel();
}

void memory_store::crawl_data::wake_all() const {
  for (const waiter& w : waiting) w.patience->cancel();
}

void memory_store::open_crawl(crawl_id id) {
  asio::post(strand_, [this, id] { crawls_[id]; });
}

void memory_store::commit(page_commit commit) {
  asio::post(strand_, [this, commit = std::move(commit)]() mutable { apply(commit); });
}

void memory_store::apply(page_commit& commit) {
  const auto it = crawls_.find(commit.crawl);
  if (it == crawls_.end()) return;  // removed meanwhile
  crawl_data& data = it->second;
  if (!commit.found.empty() && data.ledger.size() < commit.first_found + commit.found.size())
    data.ledger.resize(commit.first_found + commit.found.size());
  const auto write_row = [&](url_id id, discovered_url& found) {
    data.ledger[id] = {std::move(found.url), std::move(found.reason), found.referrer, found.fate};
  };
  for (std::size_t i = 0; i < commit.found.size(); ++i)
    write_row(commit.first_found + static_cast<url_id>(i), commit.found[i]);
  for (revived_url& one : commit.revived) write_row(one.id, one.found);
  if (commit.url == no_url) return;
  data.ledger[commit.url].fate = commit.fate;
  data.ledger[commit.url].reason = std::move(commit.reason);
  if (!commit.record) return;
  data.records.push_back({commit.url, commit.record->duplicate_of, kind(commit.fate),
                          std::move(commit.record->members)});
  data.wake_reached();
}

void memory_store::finish_crawl(crawl_id id, outcome leftover) {
  asio::post(strand_, [this, id, leftover] {
    const auto it = crawls_.find(id);
    if (it == crawls_.end()) return;
    for (ledger_row& row : it->second.ledger)
      if (!row.fate) row.fate = leftover;
    it->second.finished = true;
    it->second.wake_all();
  });
}

task<> memory_store::remove_crawl(crawl_id id) {
  auto work = [this, id] {
    const auto it = crawls_.find(id);
    if (it == crawls_.end()) return;
    it->second.wake_all();
    crawls_.erase(it);
  };
  co_await run_on(strand_, std::move(work));
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
  std::size_t bytes = 0;
  while (seq < data.last_seq() && page.records.size() < query.limit && bytes < query.max_bytes) {
    ++seq;
    const stored_record& record = data.records[seq - data.trimmed - 1];
    if (query.kind && *query.kind != record.kind) continue;
    page.records.push_back({seq, render(data, seq, record)});
    bytes += page.records.back().json.size();
  }
  page.next = seq;
  page.more = seq < data.last_seq();
  page.finished = data.finished;
  return page;
}

std::string memory_store::render(const crawl_data& data, std::uint64_t seq,
                                 const stored_record& record) {
  std::string out;
  out.reserve(record.members.size() + 160);
  out += "{\"seq\":";
  append_json_number(out, seq);
  const auto append_url = [&](std::string_view member, url_id id) {
    if (id == no_url) return;
    out += member;
    append_json_string(out, data.ledger[id].url);
  };
  append_url(",\"referrer\":", data.ledger[record.url].referrer);
  append_url(",\"duplicateOf\":", record.duplicate_of);
  out += ',';
  out += record.members;
  out += '}';
  return out;
}

task<> memory_store::wait(crawl_id id, std::uint64_t after, clock::duration at_most) {
  co_await asio::dispatch(asio::bind_executor(strand_, use_task));
  const auto it = crawls_.find(id);
  if (it != crawls_.end() && !it->second.finished && it->second.last_seq() <= after) {
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
