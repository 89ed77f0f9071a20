// The ledger: what the tables of URLs and of their fates say together.

#include "crawler/service_error.hpp"
#include "crawler/store/damaged_row.hpp"
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

// Both tables, URL by URL.
class ledger_cursor {
 public:
  struct row {
    schema::url_row url;
    schema::fate_row fate = {};    // of what was queued and has ended
    std::optional<outcome> ended;  // none: it is queued, or being fetched
  };

  // `leftover`: what has not ended by itself ends as this.
  ledger_cursor(const database& db, std::uint64_t number, url_id from,
                std::optional<outcome> leftover)
      : urls_(db, table::urls, number, from),
        fates_(db, table::fates, number, from),
        leftover_(leftover) {}

  std::optional<url_id> id() const { return urls_.id(); }
  // Precondition: id(). Valid until next().
  row read() {
    const auto url = schema::decode_url(urls_.value());
    if (!url) damaged("a URL");
    row out{.url = *url, .ended = url->fate ? url->fate : leftover_};
    while (fates_.id() && *fates_.id() < *id()) fates_.next();
    if (fates_.id() != id()) return out;
    const auto fate = schema::decode_fate(fates_.value());
    if (!fate) damaged("what became of a URL");
    out.fate = *fate;
    out.ended = fate->fate;
    return out;
  }
  void next() { urls_.next(); }

 private:
  id_cursor urls_, fates_;
  std::optional<outcome> leftover_;
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
  ledger_cursor rows(*db_, *number, static_cast<url_id>(query.after), leftover);
  std::vector<std::pair<url_id, url_id>> related;  // of each line: referrer, duplicate
  std::size_t looked_at = 0;
  for (auto at = rows.id(); at && *at < crawl->tally.next_url; rows.next(), at = rows.id()) {
    if (looked_at++ == max_ledger_scan || page.lines.size() == query.limit) break;
    const auto [url, fate, ended] = rows.read();
    page.next = std::uint64_t{*at} + 1;
    if (!matches(query, ended, url.url)) continue;
    const std::string_view reason = url.fate ? url.reason : fate.reason;
    page.lines.push_back({*at, std::string(url.url), url.depth, ended, std::string(reason)});
    related.emplace_back(url.referrer, fate.duplicate_of);
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
