#include "crawler/store/payload_writer.hpp"

#include <algorithm>
#include <unordered_map>

#include "crawler/store/store.hpp"

namespace orbweaver {
namespace {

using schema::body_hash;
using schema::table;

// Of a table whose keys begin with hashes: rows of other hashes than the sought one are none.
std::unique_ptr<rocksdb::Iterator> hash_iterator(const database& db) {
  rocksdb::ReadOptions options;
  options.prefix_same_as_start = true;
  return std::unique_ptr<rocksdb::Iterator>(db->NewIterator(options, db.at(table::body_refs)));
}

struct hash_of_hash {
  std::size_t operator()(const body_hash& h) const noexcept { return h.low; }
};

}  // namespace

// Which payloads are in the store or in the batch that is being made.
class payload_writer::known_bodies {
 public:
  explicit known_bodies(const database& db) : rows_(hash_iterator(db)) {}

  struct standing {
    bool there = false;
    std::optional<schema::exchange_number> first;  // of the crawl that was asked about
  };
  standing look_up(const body_hash& hash, std::uint64_t number) {
    standing out = stored(hash, number);
    const auto it = fresh_.find(hash);
    if (it == fresh_.end()) return out;
    out.there = true;
    for (const auto& [who, first] : it->second)
      if (who == number) out.first = first;
    return out;
  }
  void add(const body_hash& hash, std::uint64_t number, schema::exchange_number first) {
    fresh_[hash].emplace_back(number, first);
  }

 private:
  // Most bodies are new: for them one look is enough.
  standing stored(const body_hash& hash, std::uint64_t number) {
    schema::ref_key(key_, hash, 0);
    rows_->Seek(slice(key_.view()));
    standing out{.there = rows_->Valid()};
    if (out.there) {
      schema::ref_key(key_, hash, number);
      rows_->Seek(slice(key_.view()));
      if (rows_->Valid() && view(rows_->key()) == key_.view()) {
        const auto row = schema::decode_ref(view(rows_->value()));
        if (!row) throw std::runtime_error("the store holds a damaged row: a body's use");
        out.first = row->first;
      }
    }
    require(rows_->status());
    return out;
  }

  std::unique_ptr<rocksdb::Iterator> rows_;
  row_writer key_;
  std::unordered_map<body_hash, std::vector<std::pair<std::uint64_t, schema::exchange_number>>,
                     hash_of_hash>
      fresh_;
};

void payload_writer::put(const std::vector<kept_exchanges>& records, rocksdb::WriteBatch& batch) {
  if (records.empty()) return;
  known_bodies known(db_);
  for (const kept_exchanges& record : records) {
    schema::exchange_number which{.seq = record.seq};
    for (const http_exchange& one : record.exchanges) {
      schema::exchange_row row{.time = one.time,
                               .cut = one.cut,
                               .same_as = std::nullopt,
                               .unchanged = one.unchanged,
                               .url = one.url,
                               .address = one.address,
                               .request_head = one.request_head,
                               .response_head = one.response_head};
      if (one.payload_bytes != 0) refer(record.number, one, row, which, known, batch);
      schema::exchange_key(key_, record.number, which);
      schema::encode(row_, row);
      batch.Put(db_.at(table::exchanges), slice(key_.view()), slice(row_.view()));
      ++which.index;
    }
  }
}

// A payload that has not changed since an earlier crawl may have gone with that.
void payload_writer::refer(std::uint64_t number, const http_exchange& one,
                           schema::exchange_row& row, schema::exchange_number which,
                           known_bodies& known, rocksdb::WriteBatch& batch) {
  const auto standing = known.look_up(one.hash, number);
  if (!standing.there && !one.payload) return;
  row.payload_bytes = one.payload_bytes;
  row.hash = one.hash;
  if (standing.first) {
    if (!one.unchanged) row.same_as = standing.first;
    return;
  }
  if (!standing.there) put_payload(one, batch);
  schema::ref_key(key_, one.hash, number);
  schema::encode(row_, schema::ref_row{.first = which, .payload_bytes = one.payload_bytes});
  batch.Put(db_.at(table::body_refs), slice(key_.view()), slice(row_.view()));
  schema::use_key(key_, number, one.hash);
  batch.Put(db_.at(table::body_uses), slice(key_.view()), rocksdb::Slice());
  known.add(one.hash, number, which);
}

void payload_writer::put_payload(const http_exchange& one, rocksdb::WriteBatch& batch) {
  std::string_view left = one.payload->view();
  for (std::uint32_t piece = 0; !left.empty(); ++piece) {
    const std::string_view bytes = left.substr(0, payload_piece_bytes);
    left.remove_prefix(bytes.size());
    schema::piece_key(key_, one.hash, piece);
    schema::encode(row_, packer_.pack(bytes, one.packed));
    batch.Put(db_.at(table::bodies), slice(key_.view()), slice(row_.view()));
  }
}

bool payload_writer::release(std::uint64_t number, std::size_t limit, rocksdb::WriteBatch& batch) {
  const auto refs = hash_iterator(db_);
  std::size_t released = 0;
  const auto let_go = [&](std::string_view key, std::string_view) {
    const auto use = schema::use_in_key(key);
    if (!use) throw std::runtime_error("the store holds a damaged row: a crawl's body");
    std::uint64_t payload_bytes = 0;
    bool others = false;
    schema::ref_key(key_, use->hash, 0);
    for (refs->Seek(slice(key_.view())); refs->Valid() && !others; refs->Next()) {
      const auto whose = schema::ref_in_key(view(refs->key()));
      const auto row = schema::decode_ref(view(refs->value()));
      if (!whose || !row) throw std::runtime_error("the store holds a damaged row: a body's use");
      if (whose->number == number) payload_bytes = row->payload_bytes;
      others = whose->number != number;
    }
    require(refs->status());
    for (std::uint32_t piece = 0; !others && piece < payload_pieces(payload_bytes); ++piece) {
      schema::piece_key(key_, use->hash, piece);
      batch.Delete(db_.at(table::bodies), slice(key_.view()));
    }
    schema::ref_key(key_, use->hash, number);
    batch.Delete(db_.at(table::body_refs), slice(key_.view()));
    batch.Delete(db_.at(table::body_uses), slice(key));
    return ++released < limit;
  };
  db_.scan(table::body_uses, schema::crawl_begin(number), schema::crawl_end(number), let_go);
  return released == limit;
}

}  // namespace orbweaver
