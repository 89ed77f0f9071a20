// Exchanges in memory: on their way to a reader that trims what it has taken.
#include "crawler/service_error.hpp"
#include "crawler/store/memory_store.hpp"

namespace orbweaver {

std::vector<stored_exchange> memory_store::take_exchanges(crawl_data& data, page_commit& commit) {
  std::vector<stored_exchange> out;
  exchange_place place{.crawl = commit.crawl, .seq = data.last_seq() + 1};
  for (http_exchange& one : commit.exchanges) {
    std::optional<earlier_exchange> same_as;
    if (one.payload) {
      const auto [it, fresh] = data.payloads.try_emplace(
          one.hash.low, earlier_exchange{.place = place, .url = one.url, .time = one.time});
      if (!fresh) same_as = it->second;
    }
    out.push_back({place, std::move(one), std::move(same_as)});
    ++place.index;
  }
  return out;
}

task<result<exchanges_page>> memory_store::exchanges(crawl_id id, exchanges_query query) {
  auto work = [this, id, query] { return exchanges_now(id, query); };
  co_return co_await run_on(strand_, std::move(work));
}

result<exchanges_page> memory_store::exchanges_now(crawl_id id,
                                                   const exchanges_query& query) const {
  const auto it = crawls_.find(id);
  if (it == crawls_.end()) return make_error_code(service_error::not_found);
  const crawl_data& data = it->second;
  exchanges_page page;
  std::uint64_t seq = std::max(query.after, data.trimmed);
  std::size_t bytes = 0;
  for (std::size_t n = 0; seq < data.last_seq() && n < query.limit && bytes < query.max_bytes;
       ++n) {
    const auto& of_record = data.records[seq++ - data.trimmed].exchanges;
    page.exchanges.insert(page.exchanges.end(), of_record.begin(), of_record.end());
    for (const stored_exchange& one : of_record) bytes += stored_bytes(one.what);
  }
  page.next = seq;
  page.more = seq < data.last_seq();
  page.finished = data.tally.finished;
  return page;
}

// They come with their exchanges.
task<result<std::string>> memory_store::payload_piece(fingerprint, std::size_t) {
  co_return make_error_code(service_error::no_body);
}

// A trial has no earlier crawls.
task<result<std::optional<earlier_page>>> memory_store::earlier(crawl_id, fingerprint) {
  co_return std::optional<earlier_page>();
}

}  // namespace orbweaver
