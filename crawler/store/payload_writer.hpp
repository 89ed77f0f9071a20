#pragma once

#include <cstdint>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>
#include <vector>

#include "crawler/store/body_pieces.hpp"
#include "crawler/store/database.hpp"

namespace orbweaver {

// The exchanges of one record.
struct kept_exchanges {
  std::uint64_t number = 0;  // of the crawl
  std::uint64_t seq = 0;
  std::vector<http_exchange> exchanges;
};

// Writes exchanges, and each payload once, however many crawls have brought it. All on the store's
// one writing thread: what is there decides about what is written, and nobody else writes.
class payload_writer {
 public:
  explicit payload_writer(const database& db) : db_(db) {}

  // Appends the rows of these records to `batch`, which is to be written next.
  void put(const std::vector<kept_exchanges>& records, rocksdb::WriteBatch& batch);
  // Appends to `batch` that a removed crawl needs the next `limit` of its payloads no more; those
  // that nobody else needs go. False when it needed none any more.
  bool release(std::uint64_t number, std::size_t limit, rocksdb::WriteBatch& batch);

 private:
  class known_bodies;

  // Notes that the crawl needs the exchange's payload, and sees to it that it is there.
  void refer(std::uint64_t number, const http_exchange& one, schema::exchange_row& row,
             schema::exchange_number which, known_bodies& known, rocksdb::WriteBatch& batch);
  void put_payload(const http_exchange& one, rocksdb::WriteBatch& batch);

  const database& db_;
  piece_packer packer_;
  row_writer key_, row_;  // scratch
};

}  // namespace orbweaver
