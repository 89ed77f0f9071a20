// What a crawl had of a page, for a later one.
#include "crawler/service_error.hpp"
#include "crawler/store/damaged_row.hpp"
#include "crawler/store/database.hpp"
#include "crawler/store/rocksdb_store.hpp"

namespace orbweaver {
namespace {

using schema::table;

}  // namespace

task<result<std::optional<earlier_page>>> rocksdb_store::earlier(crawl_id id, fingerprint page) {
  auto work = [this, id, page]() -> result<std::optional<earlier_page>> {
    const auto number = number_of(id);
    if (!number) return make_error_code(service_error::not_found);
    return earlier_now(id, *number, page);
  };
  co_return co_await on_reader(std::move(work));
}

std::optional<earlier_page> rocksdb_store::earlier_now(const crawl_id& id, std::uint64_t number,
                                                       const fingerprint& page) const {
  row_writer key;
  schema::seen_key(key, number, page);
  const auto place = db_->get(table::pages, key.view());
  if (!place) return std::nullopt;
  const auto seq = schema::decode_number(*place);
  if (!seq) damaged("a page");
  schema::record_key(key, number, *seq);
  const auto bytes = db_->get(table::records, key.view());
  std::string room;
  const auto record = bytes ? schema::decode_record(*bytes, room) : std::nullopt;
  auto out = record ? read_earlier_page(record->members) : std::nullopt;
  if (!out) damaged("a record");
  add_exchange(id, number, *seq, *out);
  return out;
}

// The one that brought the payload: the record's last, or what that in its turn has not changed
// since.
void rocksdb_store::add_exchange(const crawl_id& id, std::uint64_t number, std::uint64_t seq,
                                 earlier_page& to) const {
  row_writer begin, end;
  schema::exchange_key(begin, number, {.seq = seq});
  schema::exchange_key(end, number, {.seq = seq + 1});
  db_->scan(table::exchanges, begin.view(), end.view(),
            [&](std::string_view key, std::string_view value) {
              const auto which = schema::exchange_in_key(key);
              auto row = schema::decode_exchange(value);
              if (!which || !row) damaged("an exchange");
              to.exchange = earlier_exchange{.place = {id, which->seq, which->index},
                                             .url = std::string(row->url),
                                             .time = row->time};
              if (row->unchanged) to.exchange = std::move(row->unchanged);
              to.payload_hash = row->hash;
              to.payload_bytes = row->payload_bytes;
              return true;
            });
}

}  // namespace orbweaver
