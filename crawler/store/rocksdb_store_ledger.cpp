// The ledger: what the tables of URLs and of their fates say together.

#include "crawler/service_error.hpp"
#include "crawler/store/database.hpp"
#include "crawler/store/rocksdb_store.hpp"
#include "crawler/store/row_cursor.hpp"

namespace orbweaver {
namespace {

using schema::table;

// The rows of one crawl from an id on, in order.
class id_cursor {
 public:
  id_cursor(const database& db, table which, std::uint64_t number, url_id from)
      : rows_(db, which, schema::crawl_end(number)) {
    row_writer key;
    schema::url_key(key, number, from);
    rows_.seek(key.view());
  }

  std::optional<url_id> id() const {
    return rows_.valid() ? schema::url_in_key(rows_.key()) : std::nullopt;
  }
  std::string_view value() const { return rows_.value(); }
  void next() { rows_.next(); }

 private:
  row_cursor rows_;
};

}  // namespace

task<result<ledger_page>> rocksdb_store::urls(crawl_id id, ledger_query query) {
  auto work = [this, id, query = std::move(query)] { return urls_now(id, query); };
  co_return co_await on_reader(std::move(work));
}

result<ledger_page> rocksdb_store::urls_now(const crawl_id& id, const ledger_query& query) const {
  const auto number = number_of(id);
  const auto crawl = number ? load(*number) : std::nullopt;
  if (!crawl) return make_error_code(service_error::not_found);
  std::optional<outcome> leftover;
  if (crawl->tally.finished) leftover = crawl->header.leftover;
  ledger_page page{.next = query.after, .finished = crawl->tally.finished};
  if (query.after >= crawl->tally.next_url) return page;
  const auto first = static_cast<url_id>(query.after);
  id_cursor urls(*db_, table::urls, *number, first);
  id_cursor fates(*db_, table::fates, *number, first);
  std::vector<std::pair<url_id, url_id>> related;  // of each line: referrer, duplicate
  std::size_t looked_at = 0;
  for (auto at = urls.id(); at && *at < crawl->tally.next_url; at = urls.id()) {
    if (looked_at++ == max_ledger_scan || page.lines.size() == query.limit) break;
    const auto url = schema::decode_url(urls.value());
    if (!url) throw std::runtime_error("a damaged URL");
    page.next = std::uint64_t{*at} + 1;
    while (fates.id() && *fates.id() < *at) fates.next();
    schema::fate_row fate;
    std::optional<outcome> ended = url->fate ? url->fate : leftover;
    if (fates.id() == at) {
      const auto row = schema::decode_fate(fates.value());
      if (!row) throw std::runtime_error("a damaged fate");
      fate = *row;
      ended = row->fate;
    }
    if (matches(query, ended, url->url)) {
      const std::string_view reason = url->fate ? url->reason : fate.reason;
      page.lines.push_back({*at, std::string(url->url), url->depth, ended, std::string(reason)});
      related.emplace_back(url->referrer, fate.duplicate_of);
    }
    urls.next();
  }
  page.more = page.next < crawl->tally.next_url;

  std::vector<url_id> ids;
  for (const auto& [referrer, duplicate] : related) ids.insert(ids.end(), {referrer, duplicate});
  const url_names names = names_of(*number, std::move(ids));
  for (std::size_t i = 0; i < related.size(); ++i) {
    page.lines[i].referrer = names.of(related[i].first);
    page.lines[i].duplicate_of = names.of(related[i].second);
  }
  return page;
}

}  // namespace orbweaver
