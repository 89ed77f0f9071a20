// Exchanges and their payloads: how archives are read, and how the payloads of removed crawls go.
#include <rocksdb/convenience.h>

#include "common/log.hpp"
#include "crawler/service_error.hpp"
#include "crawler/store/damaged_row.hpp"
#include "crawler/store/payload_writer.hpp"
#include "crawler/store/rocksdb_store.hpp"

namespace orbweaver {
namespace {

using schema::main_row;
using schema::table;

// Of a removed crawl, in one write.
constexpr std::size_t released_at_once = 1000;
// Less is not worth a table's being written anew, bytes.
constexpr std::uint64_t least_rows_worth_reclaiming = 1 << 20;
// Of all bodies, the least that is.
constexpr std::uint64_t part_worth_reclaiming = 16;

http_exchange exchange_in(schema::exchange_row& row) {
  return {.url = std::string(row.url),
          .request_head = std::string(row.request_head),
          .response_head = std::string(row.response_head),
          .address = std::string(row.address),
          .time = row.time,
          .cut = row.cut,
          .hash = row.hash,
          .payload_bytes = row.payload_bytes,
          .payload = nullptr,
          .unchanged = std::move(row.unchanged)};
}

}  // namespace

task<result<exchanges_page>> rocksdb_store::exchanges(crawl_id id, exchanges_query query) {
  auto work = [this, id, query] { return exchanges_now(id, query); };
  co_return co_await on_reader(std::move(work));
}

result<exchanges_page> rocksdb_store::exchanges_now(const crawl_id& id,
                                                    const exchanges_query& query) const {
  const auto found = counts_of(id);
  if (!found) return make_error_code(service_error::not_found);
  const auto& [number, tally] = *found;
  exchanges_page page{.next = query.after, .finished = tally.finished};
  std::size_t records = 0, bytes = 0;
  bool cut_short = false;
  std::vector<std::optional<schema::exchange_number>> same_as;
  const auto take = [&](std::string_view key, std::string_view value) {
    const auto which = schema::exchange_in_key(key);
    auto one = schema::decode_exchange(value);
    if (!which || !one) damaged("an exchange");
    if (which->seq > tally.last_seq) return false;  // written since
    if (which->seq != page.next) {
      cut_short = records == query.limit || (records != 0 && bytes >= query.max_bytes);
      if (cut_short) return false;
      ++records;
      page.next = which->seq;
    }
    bytes += value.size();
    same_as.push_back(one->same_as);
    page.exchanges.push_back({{id, which->seq, which->index}, exchange_in(*one), std::nullopt});
    return true;
  };
  row_writer begin;
  schema::exchange_key(begin, number, {.seq = query.after + 1});
  if (query.after < tally.last_seq)
    db_->scan(table::exchanges, begin.view(), schema::crawl_end(number), take);
  if (!cut_short) page.next = std::max(query.after, tally.last_seq);
  page.more = cut_short;
  for (std::size_t i = 0; i < same_as.size(); ++i)
    if (same_as[i]) page.exchanges[i].same_as = exchange_named(id, number, *same_as[i]);
  return page;
}

std::optional<earlier_exchange> rocksdb_store::exchange_named(const crawl_id& id,
                                                              std::uint64_t number,
                                                              schema::exchange_number which) const {
  row_writer key;
  schema::exchange_key(key, number, which);
  const auto bytes = db_->get(table::exchanges, key.view());
  const auto row = bytes ? schema::decode_exchange(*bytes) : std::nullopt;
  if (!row) damaged("an exchange");
  return earlier_exchange{
      .place = {id, which.seq, which.index}, .url = std::string(row->url), .time = row->time};
}

task<result<std::string>> rocksdb_store::payload_piece(fingerprint hash, std::size_t piece) {
  auto work = [this, hash, piece]() -> result<std::string> {
    row_writer key;
    schema::piece_key(key, hash, static_cast<std::uint32_t>(piece));
    const auto bytes = db_->get(table::bodies, key.view());
    if (!bytes) return make_error_code(service_error::no_body);
    const auto row = schema::decode_piece(*bytes);
    auto out = row ? unpack(*row) : std::nullopt;
    if (!out) damaged("a body");
    return std::move(*out);
  };
  co_return co_await on_reader(std::move(work));
}

// On the writing thread.
bool rocksdb_store::release_some(std::uint64_t number) try {
  rocksdb::WriteBatch batch;
  const bool more = payloads_->release(number, released_at_once, batch);
  if (!more) batch.Delete(slice(schema::main_key(main_row::removed, number)));
  require(db_->write_durably(batch));
  return more;
} catch (const std::runtime_error& failed) {  // the next start goes on with it
  log_warn("the store cannot give space back", {{"error", failed.what()}});
  return false;
}

void rocksdb_store::release_later(std::uint64_t number, std::uint64_t bytes) {
  asio::post(writer_, [this, number, bytes] {
    if (closing_.load()) return;
    if (release_some(number)) {
      release_later(number, bytes);
    } else {
      reclaim(number, bytes);
    }
  });
}

void rocksdb_store::reclaim(std::uint64_t number, std::uint64_t bytes) {
  asio::post(reclaimer_, [this, number, bytes] {
    try {
      const std::shared_lock open = keep_open();
      if (closing_.load()) return;
      reclaim_rows(number, bytes);
      reclaimable_ += bytes;
      const std::uint64_t kept =
          db_->number_of(table::bodies, rocksdb::DB::Properties::kTotalBlobFileSize);
      const bool is_much =
          reclaimable_ >= std::max(least_worth_reclaiming, kept / part_worth_reclaiming);
      if (is_much || !db_->has_space().ok()) reclaim_bodies();
    } catch (const std::runtime_error& failed) {  // what is left goes with the next crawl's
      log_warn("the store cannot give space back", {{"error", failed.what()}});
    }
  });
}

// Files that hold nothing but the crawl go at once, others are written anew without it.
void rocksdb_store::reclaim_rows(std::uint64_t number, std::uint64_t bytes) const {
  const std::string begin = schema::crawl_begin(number);
  const std::string end = schema::crawl_end(number);
  const rocksdb::Slice from = slice(begin), to = slice(end);
  for (const table which : schema::per_crawl_tables) {
    require(rocksdb::DeleteFilesInRange(db_->operator->(), db_->at(which), &from, &to, false));
    if (bytes >= least_rows_worth_reclaiming && !closing_.load())
      db_->compact(which, begin, end, database::compaction::rows).PermitUncheckedError();
  }
}

// A crawl's bodies lie in files of its time, which go when nothing in them is used any more. The
// rest of the garbage is collected when it is a quarter of everything, for that takes as much
// space as what stays.
void rocksdb_store::reclaim_bodies() {
  reclaimable_ = 0;
  for (const table which : {table::bodies, table::body_refs, table::body_uses})
    if (!closing_.load())
      db_->compact(which, {}, {}, database::compaction::rows).PermitUncheckedError();
  const auto number = [this](const std::string& property) {
    return db_->number_of(table::bodies, property);
  };
  const std::uint64_t garbage = number(rocksdb::DB::Properties::kLiveBlobFileGarbageSize);
  const std::uint64_t kept = number(rocksdb::DB::Properties::kLiveBlobFileSize) - garbage;
  if (garbage < kept / 3 || closing_.load() || !db_->has_space(kept).ok()) return;
  db_->compact(table::bodies, {}, {}, database::compaction::rows_and_values).PermitUncheckedError();
}

}  // namespace orbweaver
