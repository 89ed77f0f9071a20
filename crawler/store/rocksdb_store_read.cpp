// What is read, on threads that may block. Readers see what is durable, and nothing else: RocksDB
// shows a group's rows when it has synced them.
#include <algorithm>

#include "common/log.hpp"
#include "crawler/service_error.hpp"
#include "crawler/store/damaged_row.hpp"
#include "crawler/store/database.hpp"
#include "crawler/store/header_json.hpp"
#include "crawler/store/render_record.hpp"
#include "crawler/store/rocksdb_store.hpp"

namespace orbweaver {
namespace {

using schema::main_row;
using schema::table;

}  // namespace

error_code rocksdb_store::unreadable(const std::exception& why) {
  if (const auto times = unread_.failed(clock::now()))
    log_error("the store cannot be read", {{"error", why.what()}, {"times", *times}});
  return make_error_code(service_error::storage_failed);
}

std::string rocksdb_store::doubt() const {
  std::string out = db_->doubt().value_or("");
  if (!unread_.is_recent(clock::now())) return out;
  if (!out.empty()) out += '\n';
  return out + "something in the store cannot be read: the log of the service says what";
}

std::optional<std::uint64_t> rocksdb_store::number_of(const crawl_id& id) const {
  return leaving_.contains(id) ? std::nullopt : stored_number_of(id);
}

std::optional<std::uint64_t> rocksdb_store::stored_number_of(const crawl_id& id) const {
  const auto row = db_->get(table::main, schema::id_key(id));
  if (!row) return std::nullopt;
  const auto number = schema::decode_number(*row);
  if (!number) damaged("a crawl's number");
  return number;
}

std::optional<std::pair<std::uint64_t, crawl_tally>> rocksdb_store::counts_of(
    const crawl_id& id) const {
  return leaving_.contains(id) ? std::nullopt : stored_counts_of(id);
}

std::optional<std::pair<std::uint64_t, crawl_tally>> rocksdb_store::stored_counts_of(
    const crawl_id& id) const {
  const auto number = stored_number_of(id);
  const auto row =
      number ? db_->get(table::main, schema::main_key(main_row::tally, *number)) : std::nullopt;
  if (!row) return std::nullopt;
  const auto tally = schema::decode_tally(*row);
  if (!tally) damaged("a crawl's counts");
  return std::pair(*number, *tally);
}

std::optional<stored_crawl> rocksdb_store::load(std::uint64_t number) const {
  const auto header_row = db_->get(table::main, schema::main_key(main_row::crawl, number));
  const auto spec_row = db_->get(table::main, schema::main_key(main_row::spec, number));
  const auto tally_row = db_->get(table::main, schema::main_key(main_row::tally, number));
  if (!header_row || !spec_row || !tally_row) return std::nullopt;
  auto header = header_from_json(*header_row);
  const auto tally = schema::decode_tally(*tally_row);
  auto spec = spec_from_json(*spec_row);
  if (!header || !tally || !spec) damaged("a crawl");
  header->spec = std::move(spec);
  return stored_crawl{std::move(*header), *tally};
}

task<result<stored_crawl>> rocksdb_store::describe(crawl_id id) {
  auto work = [this, id]() -> result<stored_crawl> {
    const auto number = number_of(id);
    auto crawl = number ? load(*number) : std::nullopt;
    if (!crawl) return make_error_code(service_error::not_found);
    return std::move(*crawl);
  };
  co_return co_await on_reader(std::move(work));
}

task<std::optional<crawl_tally>> rocksdb_store::durable_tally(crawl_id id) {
  auto work = [this, id]() -> std::optional<crawl_tally> {
    const live_crawl* crawl = find(id);
    if (!crawl) return std::nullopt;
    return crawl->durable;
  };
  co_return co_await run_on(strand_, std::move(work));
}

task<result<std::string>> rocksdb_store::delivery(crawl_id id) {
  auto work = [this, id]() -> result<std::string> {
    const auto number = number_of(id);
    if (!number) return make_error_code(service_error::not_found);
    return db_->get(table::main, schema::main_key(main_row::delivery, *number)).value_or("");
  };
  co_return co_await on_reader(std::move(work));
}

task<result<std::vector<stored_crawl>>> rocksdb_store::list(std::uint64_t before,
                                                            std::size_t limit) {
  auto work = [this, before, limit] {
    return result<std::vector<stored_crawl>>(list_now(before, limit));
  };
  co_return co_await on_reader(std::move(work));
}

std::vector<stored_crawl> rocksdb_store::list_now(std::uint64_t before, std::size_t limit) const {
  std::vector<stored_crawl> out;
  if (before == 0) before = ~std::uint64_t{0};
  const std::string first = schema::main_key(main_row::crawl, 0);
  const rocksdb::Slice lower = slice(first);
  rocksdb::ReadOptions options;
  options.iterate_lower_bound = &lower;
  const std::unique_ptr<rocksdb::Iterator> it((*db_)->NewIterator(options, db_->at(table::main)));
  it->SeekForPrev(slice(schema::main_key(main_row::crawl, before - 1)));
  for (; it->Valid() && out.size() < limit; it->Prev()) {
    auto crawl = load(schema::number_in_main_key(view(it->key())));
    if (crawl && crawl->header.listed && !leaving_.contains(crawl->header.id))
      out.push_back(std::move(*crawl));
  }
  require(it->status());
  return out;
}

task<std::vector<stored_crawl>> rocksdb_store::unfinished() {
  auto work = [this] { return std::move(recovered_); };
  co_return co_await run_on(strand_, std::move(work));
}

std::vector<std::string> rocksdb_store::url_rows(std::uint64_t number,
                                                 const std::vector<url_id>& ids) const {
  std::vector<std::string> keys;
  keys.reserve(ids.size());
  row_writer key;
  for (const url_id id : ids) {
    schema::url_key(key, number, id);
    keys.emplace_back(key.view());
  }
  return rows_of(table::urls, keys);
}

std::vector<std::string> rocksdb_store::rows_of(table which,
                                                const std::vector<std::string>& keys) const {
  const std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  (*db_)->MultiGet(rocksdb::ReadOptions(), db_->at(which), keys.size(), slices.data(),
                   values.data(), statuses.data());
  std::vector<std::string> out(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].IsNotFound()) continue;
    require(statuses[i]);
    out[i] = values[i].ToString();
  }
  return out;
}

rocksdb_store::url_names rocksdb_store::names_of(std::uint64_t number,
                                                 std::vector<url_id> ids) const {
  std::erase(ids, no_url);
  std::ranges::sort(ids);
  ids.erase(std::ranges::unique(ids).begin(), ids.end());
  auto rows = url_rows(number, ids);
  return {std::move(ids), std::move(rows)};
}

std::optional<std::string_view> rocksdb_store::url_names::of(url_id id) const {
  if (id == no_url) return std::nullopt;
  const auto at = std::ranges::lower_bound(ids, id) - ids.begin();
  const auto url = schema::decode_url(rows[static_cast<std::size_t>(at)]);
  if (!url) damaged("a URL");
  return url->url;
}

task<result<results_page>> rocksdb_store::read(crawl_id id, results_query query) {
  auto work = [this, id, query] { return read_now(id, query); };
  co_return co_await on_reader(std::move(work));
}

result<results_page> rocksdb_store::read_now(const crawl_id& id, const results_query& query) const {
  const auto found = counts_of(id);
  if (!found) return make_error_code(service_error::not_found);
  const auto& [number, tally] = *found;
  results_page page{.next = query.after};
  struct part {
    std::uint64_t seq;
    url_id referrer, duplicate_of;
    std::string members;
  };
  std::vector<part> parts;
  std::size_t bytes = 0, looked_at = 0;
  std::string room;
  row_writer begin;
  schema::record_key(begin, number, query.after + 1);
  const auto take = [&](std::string_view key, std::string_view value) {
    const auto seq = schema::seq_in_key(key);
    const auto record = schema::decode_record(value, room);
    if (!seq || !record) damaged("a record");
    if (*seq > tally.last_seq) return false;  // written since
    page.next = *seq;
    const bool go_on = ++looked_at < max_results_scan;
    if (query.kind && *query.kind != record->kind) return go_on;
    bytes += record->members.size();
    parts.push_back({*seq, record->referrer, record->duplicate_of, std::string(record->members)});
    return go_on && parts.size() < query.limit && bytes < query.max_bytes;
  };
  if (query.after < tally.last_seq && query.limit != 0)
    db_->scan(table::records, begin.view(), schema::crawl_end(number), take);
  page.more = page.next < tally.last_seq;
  page.finished = tally.finished;

  std::vector<url_id> ids;
  for (const part& p : parts) ids.insert(ids.end(), {p.referrer, p.duplicate_of});
  const url_names names = names_of(number, std::move(ids));
  for (const part& p : parts)
    page.records.push_back(
        {p.seq, render_record(p.seq, names.of(p.referrer), names.of(p.duplicate_of), p.members)});
  return page;
}

}  // namespace orbweaver
