// What a crawl reads back that does not keep everything in memory, or goes on after a restart.
#include <algorithm>

#include "crawler/service_error.hpp"
#include "crawler/store/damaged_row.hpp"
#include "crawler/store/database.hpp"
#include "crawler/store/rocksdb_store.hpp"
#include "crawler/store/row_cursor.hpp"

namespace orbweaver {
namespace {

using schema::table;

// Without what stands in the table of URLs.
queued_url queued_from(queue_position at, std::string_view value) {
  auto row = schema::decode_queue(value);
  if (!row) damaged("a queued URL");
  queued_url out;
  out.id = at.id;
  out.line = at.line;
  out.attempts = row->attempts;
  out.not_before = row->not_before;
  out.passed = std::move(row->passed);
  return out;
}

// The queue's rows of one crawl, from one place to another.
class queue_cursor {
 public:
  queue_cursor(const database& db, std::uint64_t number)
      : number_(number), rows_(db, table::queue, schema::crawl_end(number)) {}

  void seek(std::uint64_t origin) {
    schema::queue_begin(key_, number_, origin);
    rows_.seek(key_.view());
  }
  void seek_behind(std::uint64_t origin, queue_position at) {
    schema::queue_key(key_, number_, origin, at);
    rows_.seek(key_.view());
    if (rows_.valid() && rows_.key() == key_.view()) rows_.next();
  }
  // nullopt behind the crawl's last row.
  std::optional<schema::queue_place_in_key> place() {
    if (!rows_.valid()) return std::nullopt;
    const auto out = schema::place_in_key(rows_.key());
    if (!out) damaged("a queued URL");
    return out;
  }
  // At most `limit` URLs of the origin from here on.
  queue_part take(std::uint64_t origin, std::size_t limit) {
    queue_part out;
    for (auto at = place(); at && at->origin == origin; at = place()) {
      out.more = out.urls.size() == limit;
      if (out.more) break;
      out.urls.push_back(queued_from(at->at, rows_.value()));
      rows_.next();
    }
    return out;
  }

 private:
  std::uint64_t number_;
  row_writer key_;
  row_cursor rows_;
};

}  // namespace

task<result<std::vector<queue_part>>> rocksdb_store::queued(crawl_id id,
                                                            std::vector<queue_range> ranges) {
  auto work = [this, id, ranges = std::move(ranges)]() -> result<std::vector<queue_part>> {
    const auto number = number_of(id);
    if (!number) return make_error_code(service_error::not_found);
    std::vector<queue_part> out;
    out.reserve(ranges.size());
    for (const queue_range& range : ranges) out.push_back(queue_now(*number, range));
    add_url_rows(*number, out);
    return out;
  };
  co_return co_await on_reader_after_commits(std::move(work));
}

queue_part rocksdb_store::queue_now(std::uint64_t number, const queue_range& range) const {
  queue_cursor rows(*db_, number);
  if (range.after) {
    rows.seek_behind(range.origin, *range.after);
  } else {
    rows.seek(range.origin);
  }
  return rows.take(range.origin, range.limit);
}

task<result<origins_page>> rocksdb_store::queued_origins(crawl_id id, origins_query query) {
  auto work = [this, id, query = std::move(query)]() -> result<origins_page> {
    const auto number = number_of(id);
    if (!number) return make_error_code(service_error::not_found);
    return origins_now(*number, query);
  };
  co_return co_await on_reader_after_commits(std::move(work));
}

origins_page rocksdb_store::origins_now(std::uint64_t number, const origins_query& query) const {
  origins_page out;
  queue_cursor rows(*db_, number);
  rows.seek(query.from);
  for (auto at = rows.place(); at; at = rows.place()) {
    const std::uint64_t origin = at->origin;
    if (out.origins.size() == query.limit) {
      out.next = origin;
      break;
    }
    bool skip_rest = true;
    if (!std::ranges::binary_search(query.without, origin)) {
      out.origins.push_back(rows.take(origin, query.urls_each));
      skip_rest = out.origins.back().more;
    }
    if (skip_rest && origin == ~std::uint64_t{0}) break;
    if (skip_rest) rows.seek(origin + 1);
  }
  add_url_rows(number, out.origins);
  return out;
}

void rocksdb_store::add_url_rows(std::uint64_t number, std::vector<queue_part>& parts) const {
  std::vector<url_id> ids;
  for (const queue_part& part : parts)
    for (const queued_url& url : part.urls) ids.push_back(url.id);
  const auto rows = url_rows(number, ids);
  auto row = rows.begin();
  for (queue_part& part : parts) {
    for (queued_url& url : part.urls) {
      const auto known = schema::decode_url(*row++);
      if (!known) damaged("a URL");
      url.url = known->url;
      url.referrer = known->referrer;
      url.depth = known->depth;
    }
  }
}

task<result<seen_answer>> rocksdb_store::look_up(crawl_id id, seen_query query) {
  auto work = [this, id, query = std::move(query)]() -> result<seen_answer> {
    const auto number = number_of(id);
    if (!number) return make_error_code(service_error::not_found);
    return look_up_now(*number, query);
  };
  co_return co_await on_reader_after_commits(std::move(work));
}

seen_answer rocksdb_store::look_up_now(std::uint64_t number, const seen_query& query) const {
  seen_answer out;
  std::vector<std::string> keys;
  row_writer key;
  for (const fingerprint& print : query.prints) {
    schema::seen_key(key, number, print);
    keys.emplace_back(key.view());
  }
  auto rows = rows_of(table::seen, keys);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].empty()) continue;
    const auto known = schema::decode_seen(rows[i]);
    if (!known) damaged("a fingerprint");
    out.urls.push_back({query.prints[i], known->id, known->fate});
  }
  keys.clear();
  for (const std::uint64_t hash : query.contents) {
    schema::content_key(key, number, hash);
    keys.emplace_back(key.view());
  }
  rows = rows_of(table::contents, keys);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].empty()) continue;
    const auto url = schema::decode_id(rows[i]);
    if (!url) damaged("a content's hash");
    out.contents.push_back({query.contents[i], *url});
  }
  return out;
}

task<result<seen_page>> rocksdb_store::seen(crawl_id id, std::string from, std::size_t limit) {
  auto work = [this, id, from = std::move(from), limit]() -> result<seen_page> {
    const auto number = number_of(id);
    if (!number) return make_error_code(service_error::not_found);
    return seen_now(*number, from, limit);
  };
  co_return co_await on_reader_after_commits(std::move(work));
}

// First one table, then the other; `from` is the key where to go on, behind the table's number.
seen_page rocksdb_store::seen_now(std::uint64_t number, const std::string& from,
                                  std::size_t limit) const {
  seen_page out;
  std::size_t left = limit;
  for (const table which : {table::seen, table::contents}) {
    const char name = static_cast<char>(which);
    if (!from.empty() && from[0] > name) continue;
    row_cursor rows(*db_, which, schema::crawl_end(number));
    rows.seek(!from.empty() && from[0] == name ? from.substr(1) : schema::crawl_begin(number));
    for (; rows.valid(); rows.next(), --left) {
      if (left == 0) {
        out.next = name + std::string(rows.key());
        return out;
      }
      if (which == table::seen) {
        const auto print = schema::print_in_key(rows.key());
        if (!print) damaged("a fingerprint");
        out.prints.push_back(*print);
      } else {
        const auto hash = schema::hash_in_key(rows.key());
        if (!hash) damaged("a content's hash");
        out.contents.push_back(*hash);
      }
    }
  }
  return out;
}

task<result<known_page>> rocksdb_store::known_urls(crawl_id id, url_id from, std::size_t limit) {
  auto work = [this, id, from, limit]() -> result<known_page> {
    const auto number = number_of(id);
    if (!number) return make_error_code(service_error::not_found);
    return known_now(*number, from, limit);
  };
  co_return co_await on_reader_after_commits(std::move(work));
}

known_page rocksdb_store::known_now(std::uint64_t number, url_id from, std::size_t limit) const {
  known_page out;
  const std::string end = schema::crawl_end(number);
  row_cursor urls(*db_, table::urls, end), fates(*db_, table::fates, end);
  row_writer key;
  schema::url_key(key, number, from);
  urls.seek(key.view());
  fates.seek(key.view());
  for (; urls.valid(); urls.next()) {
    const auto id = schema::url_in_key(urls.key());
    const auto row = schema::decode_url(urls.value());
    if (!id || !row) damaged("a URL");
    if (out.urls.size() == limit) {
      out.next = *id;
      break;
    }
    known_url& url = out.urls.emplace_back();
    url.url = row->url;
    url.found = row->fate;
    while (fates.valid() && fates.key() < urls.key()) fates.next();
    if (!fates.valid() || fates.key() != urls.key()) continue;
    const auto fate = schema::decode_fate(fates.value());
    if (!fate) damaged("what became of a URL");
    url.ended = fate->fate;
  }
  return out;
}

}  // namespace orbweaver
