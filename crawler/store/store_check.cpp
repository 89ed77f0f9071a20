#include "crawler/store/store_check.hpp"

#include <nlohmann/json.hpp>

#include "crawler/store/database.hpp"
#include "crawler/store/header_json.hpp"
#include "crawler/store/store_check_bodies.hpp"
#include "crawler/store/store_folder.hpp"

namespace orbweaver {
namespace {

using schema::main_row;
using schema::table;

// Of the answer that a record is about; 0: there was none. Nothing for what is no JSON.
std::optional<std::uint16_t> status_in(std::string_view members) {
  using nlohmann::json;
  const auto others_left_out = [](int depth, json::parse_event_t event, json& parsed) {
    return depth != 1 || event != json::parse_event_t::key || parsed == "status";
  };
  std::string text = "{";
  text.append(members).append("}");
  const json record = json::parse(text, others_left_out, false);
  if (!record.is_object()) return std::nullopt;
  const auto status = record.find("status");
  if (status == record.end()) return 0;
  if (!status->is_number_unsigned()) return std::nullopt;
  return status->get<std::uint16_t>();
}

// One crawl, counted anew, but for what stands in no row: its bytes on the wire and how long it has
// run.
class recount {
 public:
  recount(const database& db, std::uint64_t number, const crawl_tally& kept,
          std::vector<std::string>& problems)
      : db_(db), number_(number), kept_(kept), problems_(problems) {}

  void run() {
    const auto header_row = db_.get(table::main, schema::main_key(main_row::crawl, number_));
    const auto spec_row = db_.get(table::main, schema::main_key(main_row::spec, number_));
    const auto header = header_row ? header_from_json(*header_row) : std::nullopt;
    if (!header || !spec_row || !spec_from_json(*spec_row)) return wrong("its request is damaged");
    count_urls();
    count_fates();
    count_queue();
    count_records();
    check_pages();
    now_.next_url = kept_.next_url;
    now_.bytes_on_wire = kept_.bytes_on_wire;
    now_.bytes_stored += count_exchanges(db_, number_, problems_);
    now_.ran_ms = kept_.ran_ms;
    if (!kept_.finished && now_.pending() != queued_)
      wrong(std::to_string(now_.pending()) + " URLs have not ended, but " +
            std::to_string(queued_) + " are queued");
    if (kept_.finished) now_.finish(header->leftover);
    if (now_.discovered != kept_.next_url)
      wrong(std::to_string(kept_.next_url) + " URLs were discovered, but " +
            std::to_string(now_.discovered) + " are there");
    if (now_ != kept_) wrong("its counts are not those of its rows");
  }

 private:
  void wrong(const std::string& what) {
    problems_.push_back("crawl " + std::to_string(number_) + ": " + what);
  }
  template <class F>
  void each(table which, F row) {
    db_.scan(which, schema::crawl_begin(number_), schema::crawl_end(number_), row);
  }
  void count(outcome fate) {
    switch (kind(fate)) {
      case outcome_kind::fetched: ++now_.fetched; break;
      case outcome_kind::failed: ++now_.failed; break;
      case outcome_kind::skipped: ++now_.skipped; break;
    }
    ++now_.by_outcome[fate];
  }

  void count_urls() {
    each(table::urls, [&](std::string_view key, std::string_view value) {
      const auto url = schema::decode_url(value);
      if (!url || schema::url_in_key(key) != now_.discovered) {
        wrong("a URL is damaged or missing before number " + std::to_string(now_.discovered));
        return false;
      }
      ++now_.discovered;
      if (url->fate) count(*url->fate);
      return true;
    });
  }
  void count_fates() {
    each(table::fates, [&](std::string_view key, std::string_view value) {
      const auto id = schema::url_in_key(key);
      const auto fate = schema::decode_fate(value);
      if (!id || !fate) {
        wrong("what became of a URL is damaged");
        return false;
      }
      if (*id >= kept_.next_url) wrong("a URL has ended that was never discovered");
      count(fate->fate);
      return true;
    });
  }
  void count_queue() {
    each(table::queue, [&](std::string_view key, std::string_view value) {
      const auto place = schema::place_in_key(key);
      if (!place || !schema::decode_queue(value)) {
        wrong("a queued URL is damaged");
        return false;
      }
      row_writer row;
      schema::url_key(row, number_, place->at.id);
      if (db_.get(table::fates, row.view()))
        wrong("the URL " + std::to_string(place->at.id) + " has ended, and is queued");
      ++queued_;
      return true;
    });
  }
  void count_records() {
    std::string room;
    each(table::records, [&](std::string_view key, std::string_view value) {
      const auto record = schema::decode_record(value, room);
      const auto status = record ? status_in(record->members) : std::nullopt;
      if (!status || schema::seq_in_key(key) != now_.last_seq + 1) {
        wrong("the record " + std::to_string(now_.last_seq + 1) + " is damaged or missing");
        return false;
      }
      ++now_.last_seq;
      now_.bytes_stored += record->members.size();
      if (*status != 0) ++now_.by_status[*status];
      if (record->kind == outcome_kind::fetched && record->duplicate_of != no_url)
        ++now_.duplicates;
      return true;
    });
  }

  void check_pages() {
    each(table::pages, [&](std::string_view key, std::string_view value) {
      const auto seq = schema::decode_number(value);
      if (schema::print_in_key(key) && seq && *seq <= now_.last_seq) return true;
      wrong("a page's record is damaged or missing");
      return false;
    });
  }

  const database& db_;
  std::uint64_t number_;
  const crawl_tally& kept_;
  std::vector<std::string>& problems_;
  crawl_tally now_;
  std::uint64_t queued_ = 0;
};

database_settings existing(const std::filesystem::path& directory) {
  return {.directory = directory, .create = false};
}

void each_tally(const database& db,
                const std::function<void(std::uint64_t, std::optional<crawl_tally>)>& visit) {
  db.scan(table::main, schema::main_key(main_row::tally, 0),
          schema::main_key(main_row::tally, ~std::uint64_t{0}),
          [&](std::string_view key, std::string_view row) {
            visit(schema::number_in_main_key(key), schema::decode_tally(row));
            return true;
          });
}

}  // namespace

std::vector<std::string> check_store(const std::filesystem::path& directory) {
  std::vector<std::string> problems;
  const database db(existing(directory));
  if (db.doubt()) problems.push_back(*db.doubt());
  const rocksdb::Status sound = (*db).VerifyChecksum(rocksdb::ReadOptions());
  if (!sound.ok()) problems.push_back("a file is damaged: " + sound.ToString());
  try {
    each_tally(db, [&](std::uint64_t number, const std::optional<crawl_tally>& tally) {
      if (tally) {
        recount(db, number, *tally, problems).run();
      } else {
        problems.push_back("crawl " + std::to_string(number) + ": its counts are damaged");
      }
    });
    check_bodies(db, problems);
  } catch (const std::runtime_error& unreadable) {
    problems.emplace_back(unreadable.what());
  }
  return problems;
}

std::string accept_losses(const std::filesystem::path& directory) {
  const database db(existing(directory));  // nobody else has it open
  if (db.doubt()) forget_doubt(directory);
  return db.doubt().value_or("");
}

store_statistics measure_store(const std::filesystem::path& directory) {
  const database db(existing(directory));
  store_statistics out{.doubt = db.doubt().value_or("")};
  each_tally(db, [&](std::uint64_t, const std::optional<crawl_tally>& tally) {
    if (!tally) return;
    ++out.crawls;
    if (!tally->finished) ++out.unfinished;
    out.urls += tally->discovered;
    out.records += tally->last_seq;
  });
  out.table_bytes = db.sum_of({rocksdb::DB::Properties::kTotalSstFilesSize});
  out.blob_bytes = db.sum_of({rocksdb::DB::Properties::kTotalBlobFileSize});
  return out;
}

void compact_store(const std::filesystem::path& directory) {
  const database db(existing(directory));
  for (std::size_t i = 0; i < schema::table_count; ++i)
    require(db.compact(static_cast<table>(i), {}, {}, database::compaction::rows_and_values));
}

}  // namespace orbweaver
