#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "crawler/store/database.hpp"

namespace orbweaver {

// Goes through a table's rows before `end`, of one moment.
class row_cursor {
 public:
  row_cursor(const database& db, schema::table which, std::string end)
      : end_(std::move(end)), upper_(slice(end_)) {
    rocksdb::ReadOptions options;
    options.iterate_upper_bound = &upper_;
    it_.reset(db->NewIterator(options, db.at(which)));
  }
  row_cursor(const row_cursor&) = delete;
  row_cursor& operator=(const row_cursor&) = delete;

  // To the first row from `key` on.
  void seek(std::string_view key) { it_->Seek(slice(key)); }
  // Throws std::runtime_error when the row cannot be read.
  bool valid() const {
    if (it_->Valid()) return true;
    require(it_->status());
    return false;
  }
  // Preconditions: valid().
  std::string_view key() const { return view(it_->key()); }
  std::string_view value() const { return view(it_->value()); }
  void next() { it_->Next(); }

 private:
  std::string end_;
  rocksdb::Slice upper_;
  std::unique_ptr<rocksdb::Iterator> it_;
};

}  // namespace orbweaver
