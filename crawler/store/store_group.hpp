#pragma once

#include <cstdint>
#include <functional>
#include <rocksdb/write_batch.h>
#include <utility>
#include <vector>

#include "crawler/store/payload_writer.hpp"
#include "crawler/store/rocksdb_store.hpp"

namespace orbweaver {

// What is written together.
struct rocksdb_store::group {
  std::uint64_t number = 0;
  rocksdb::WriteBatch batch;
  std::vector<kept_exchanges> exchanges;  // become rows when the group is written
  std::size_t payload_bytes = 0;          // of these
  clock::time_point handed_over;
  rocksdb::Status status;
  bool is_tight = false;         // written although there was no space for it, for a removal's sake
  bool needs_reopening = false;  // the database, after a write that failed
  std::vector<std::pair<crawl_id, crawl_tally>> grown;  // crawls and their counts with this group
  std::vector<crawl_id> finished;
  std::vector<std::function<void()>> done;

  std::size_t size() const { return batch.GetDataSize() + payload_bytes; }
  // Becomes as good as new, in the memory it has.
  void clear() {
    number = 0;
    batch.Clear();
    exchanges.clear();
    payload_bytes = 0;
    status = rocksdb::Status::OK();
    is_tight = needs_reopening = false;
    grown.clear();
    finished.clear();
    done.clear();
  }
};

}  // namespace orbweaver
