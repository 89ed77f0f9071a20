// What is written: the rows of commits.
#include "crawler/store/rocksdb_store.hpp"

#include "common/log.hpp"
#include "crawler/store/database.hpp"
#include "crawler/store/header_json.hpp"
#include "crawler/store/payload_writer.hpp"
#include "crawler/store/store_group.hpp"

namespace orbweaver {
namespace {

using schema::main_row;
using schema::table;

constexpr std::size_t reader_threads = 2;

// Rows of hosts that may be asked again go together.
constexpr std::chrono::minutes between_sweeps{1};

}  // namespace

void rocksdb_store::live_crawl::wake_reached() const {
  for (const waiter& w : waiting)
    if (durable.last_seq > w.after) w.patience->cancel();
}

void rocksdb_store::live_crawl::wake_all() const {
  for (const waiter& w : waiting) w.patience->cancel();
}

rocksdb_store::rocksdb_store(asio::io_context& context, const database_settings& with)
    : strand_(asio::make_strand(context)),
      db_(std::make_unique<database>(with)),
      payloads_(std::make_unique<payload_writer>(*db_)),
      retry_time_(with.retry_time),
      gathering_(std::make_shared<group>()),
      gather_(strand_),
      retry_(strand_),
      readers_(reader_threads),
      writer_(1),
      reclaimer_(1) {
  gathering_->number = ++last_group_;
  try {
    recover();
  } catch (const std::runtime_error& damage) {
    throw store_refused("the store " + with.directory.string() + " is damaged: " + damage.what());
  }
}

rocksdb_store::~rocksdb_store() {
  closing_ = true;
  writer_.join();  // it may be opening the database anew
  db_->stop_compacting();
  reclaimer_.join();
  readers_.join();
}

// Reads back which crawls are not finished.
void rocksdb_store::recover() {
  if (const auto row = db_->get(table::main, schema::greatest_key()))
    last_number_ = schema::decode_number(*row).value_or(0);
  recover_prints();
  recover_quiet();
  remove_unlisted();
  std::vector<std::uint64_t> unfinished;
  db_->scan(table::main, schema::main_key(main_row::tally, 0),
            schema::main_key(main_row::tally, ~std::uint64_t{0}),
            [&](std::string_view key, std::string_view row) {
              const auto tally = schema::decode_tally(row);
              if (!tally) throw std::runtime_error("a crawl's counts cannot be read");
              if (!tally->finished) unfinished.push_back(schema::number_in_main_key(key));
              return true;
            });
  for (const std::uint64_t number : unfinished) {
    auto crawl = load(number);
    if (!crawl) throw std::runtime_error("a crawl's request cannot be read");
    if (!crawl->header.listed) continue;
    live_crawl& live = live_[crawl->header.id];
    live.number = number;
    live.tally = crawl->tally;
    live.durable = crawl->tally;
    recovered_.push_back(std::move(*crawl));
  }
  db_->scan(table::main, schema::main_key(main_row::removed, 0),
            schema::main_key(main_row::removed, ~std::uint64_t{0}),
            [&](std::string_view key, std::string_view row) {
              release_later(schema::number_in_main_key(key),
                            schema::decode_number(row).value_or(least_worth_reclaiming));
              return true;
            });
  if (gathering_->batch.Count() != 0) asio::post(strand_, [this] { gathered(); });
  if (!db_->has_space().ok()) reclaim(0, least_worth_reclaiming);
}

// A new store's secret is durable with the first that is written at all. One that has crawls and no
// secret is of an earlier version.
void rocksdb_store::recover_prints() {
  const auto row = db_->get(table::main, schema::secret_key());
  if (row) {
    if (row->size() != fingerprinter::secret_bytes)
      throw std::runtime_error("the secret of its fingerprints cannot be read");
    prints_ = fingerprinter(*row);
  } else if (last_number_ == 0) {
    prints_ = fingerprinter::random();
    gathering_->batch.Put(slice(schema::secret_key()), slice(prints_.secret()));
  }
}

void rocksdb_store::recover_quiet() {
  db_->scan(table::main, schema::quiet_begin(wall_clock::now()), schema::quiet_end(),
            [&](std::string_view key, std::string_view) {
              auto host = schema::quiet_in_key(key);
              if (!host) throw std::runtime_error("which hosts to leave alone cannot be read");
              quiet_.push_back(std::move(*host));
              return true;
            });
}

rocksdb_store::live_crawl* rocksdb_store::find(const crawl_id& id) {
  const auto it = live_.find(id);
  return it == live_.end() ? nullptr : &it->second;
}

void rocksdb_store::open_crawl(crawl_header header) {
  in_order([this, header = std::move(header)] {
    live_crawl& crawl = live_[header.id];
    crawl.number = header.number;
    const std::string number = schema::encode_number(header.number);
    auto& batch = gathering_->batch;
    batch.Put(slice(schema::main_key(main_row::spec, header.number)),
              slice(spec_as_json(*header.spec)));
    batch.Put(slice(schema::id_key(header.id)), slice(number));
    batch.Put(slice(schema::greatest_key()), slice(number));
    put_header(header);
    crawl.changed = true;
    gathered();
  });
}

void rocksdb_store::put_header(const crawl_header& header) {
  gathering_->batch.Put(slice(schema::main_key(main_row::crawl, header.number)),
                        slice(header_as_json(header)));
}

void rocksdb_store::put_tally(live_crawl& crawl) {
  crawl.changed = false;
  gathering_->batch.Put(slice(schema::main_key(main_row::tally, crawl.number)),
                        slice(schema::tally_row(crawl.tally)));
}

void rocksdb_store::save_crawl(crawl_header header) {
  in_order([this, header = std::move(header)] {
    if (!find(header.id)) return;
    put_header(header);
    gathered();
  });
}

void rocksdb_store::save_quiet(quiet_host host) {
  in_order([this, host = std::move(host)] {
    auto& batch = gathering_->batch;
    const auto now = wall_clock::now();
    if (now - quiet_swept_ >= between_sweeps) {
      quiet_swept_ = now;
      batch.DeleteRange(slice(schema::quiet_begin({})), slice(schema::quiet_begin(now)));
    }
    batch.Put(slice(schema::quiet_key(host)), rocksdb::Slice());
    gathered();
  });
}

// Of crawls that are over as well. What belongs to a crawl that is being removed goes with it.
void rocksdb_store::save_delivery(crawl_id id, std::string state) {
  in_order([this, id, state = std::move(state)] {
    const live_crawl* live = find(id);
    const auto number = live ? live->number : number_of(id);
    if (!number) return;
    gathering_->batch.Put(slice(schema::main_key(main_row::delivery, *number)), slice(state));
    gathered();
  });
}

void rocksdb_store::commit(page_commit commit) {
  in_order([this, commit = std::move(commit)]() mutable { apply(commit); });
}

void rocksdb_store::apply(page_commit& commit) {
  live_crawl* crawl = find(commit.crawl);
  if (!crawl) return;  // removed meanwhile
  crawl->tally.apply(commit);
  put_found(crawl->number, commit);
  if (commit.url != no_url) put_end(*crawl, commit);
  if (commit.waits) put_waiting(crawl->number, *commit.waits);
  if (!commit.exchanges.empty()) {
    for (const http_exchange& one : commit.exchanges)
      if (one.payload) gathering_->payload_bytes += one.payload_bytes;
    gathering_->exchanges.push_back(
        {crawl->number, crawl->tally.last_seq, std::move(commit.exchanges)});
  }
  crawl->changed = true;
  gathered();
}

void rocksdb_store::put_found(std::uint64_t number, const page_commit& commit) {
  url_id id = commit.first_found;
  for (const discovered_url& found : commit.found) {
    put_url(number, id, found, id);
    ++id;
  }
  for (const revived_url& one : commit.revived) put_url(number, one.id, one.found, one.line);
}

void rocksdb_store::put_url(std::uint64_t number, url_id id, const discovered_url& found,
                            url_id line) {
  auto& batch = gathering_->batch;
  schema::url_key(key_, number, id);
  schema::encode(row_, schema::url_row{.url = found.url,
                                       .reason = found.reason,
                                       .referrer = found.referrer,
                                       .depth = found.depth,
                                       .fate = found.fate});
  batch.Put(db_->at(table::urls), slice(key_.view()), slice(row_.view()));
  schema::seen_key(key_, number, found.print);
  schema::encode(row_, schema::seen_row{.id = id, .fate = found.fate});
  batch.Put(db_->at(table::seen), slice(key_.view()), slice(row_.view()));
  if (found.fate) return;
  schema::queue_key(key_, number, origin_key(found.url), {line, id});
  batch.Put(db_->at(table::queue), slice(key_.view()), rocksdb::Slice());
}

void rocksdb_store::put_end(live_crawl& crawl, const page_commit& commit) {
  auto& batch = gathering_->batch;
  schema::queue_key(key_, crawl.number, commit.origin, position_of(commit.url, commit.line));
  batch.Delete(db_->at(table::queue), slice(key_.view()));
  schema::url_key(key_, crawl.number, commit.url);
  schema::encode(
      row_, schema::fate_row{.fate = commit.fate,
                             .duplicate_of = commit.record ? commit.record->duplicate_of : no_url,
                             .reason = commit.reason});
  batch.Put(db_->at(table::fates), slice(key_.view()), slice(row_.view()));
  if (commit.content_hash != 0) {
    schema::content_key(key_, crawl.number, commit.content_hash);
    schema::encode(row_, commit.url);
    batch.Put(db_->at(table::contents), slice(key_.view()), slice(row_.view()));
  }
  if (!commit.record) return;
  schema::record_key(key_, crawl.number, crawl.tally.last_seq);
  schema::encode(row_, schema::record_row{.url = commit.url,
                                          .referrer = commit.record->referrer,
                                          .duplicate_of = commit.record->duplicate_of,
                                          .kind = kind(commit.fate),
                                          .members = commit.record->members});
  batch.Put(db_->at(table::records), slice(key_.view()), slice(row_.view()));
  if (!commit.page) return;
  schema::seen_key(key_, crawl.number, *commit.page);
  const std::string seq = schema::encode_number(crawl.tally.last_seq);
  batch.Put(db_->at(table::pages), slice(key_.view()), slice(seq));
}

void rocksdb_store::put_waiting(std::uint64_t number, const waiting_url& waits) {
  schema::queue_key(key_, number, waits.origin, position_of(waits.url, waits.line));
  schema::encode(row_, schema::queue_row{.attempts = waits.attempts,
                                         .not_before = waits.not_before,
                                         .passed = waits.passed});
  gathering_->batch.Put(db_->at(table::queue), slice(key_.view()), slice(row_.view()));
}

// What a finished crawl knew for going on is of no more use.
void rocksdb_store::finish_crawl(crawl_header header, std::function<void()> done) {
  in_order([this, header = std::move(header), done = std::move(done)]() mutable {
    if (live_crawl* crawl = find(header.id)) {
      crawl->tally.finish(header.leftover);
      crawl->changed = true;
      put_header(header);
      const std::string begin = schema::crawl_begin(crawl->number);
      const std::string end = schema::crawl_end(crawl->number);
      for (const table which : {table::queue, table::seen, table::contents})
        gathering_->batch.DeleteRange(db_->at(which), slice(begin), slice(end));
      gathering_->finished.push_back(header.id);
    }
    if (done) gathering_->done.push_back(std::move(done));
    gathered();
  });
}

task<> rocksdb_store::wait(crawl_id id, std::uint64_t after, clock::duration at_most) {
  co_await asio::dispatch(asio::bind_executor(strand_, use_task));
  live_crawl* crawl = find(id);
  if (crawl && crawl->durable.last_seq <= after) {
    timer waiting(strand_, at_most);
    crawl->waiting.push_back({&waiting, after});
    co_await waiting.async_wait(asio::bind_executor(strand_, as_ec));
    if (live_crawl* still = find(id))
      std::erase_if(still->waiting,
                    [&](const live_crawl::waiter& w) { return w.patience == &waiting; });
  }
  co_await asio::post(use_task);
}

}  // namespace orbweaver
