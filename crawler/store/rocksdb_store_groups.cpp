// How groups of commits are written, and what happens when the disk does not take them.
#include "common/log.hpp"
#include "crawler/service_error.hpp"
#include "crawler/store/database.hpp"
#include "crawler/store/store_group.hpp"

namespace orbweaver {
namespace {

using std::chrono::milliseconds;

// A commit waits so long for others to be synced with it, and less when a group is large. That also
// holds where a group has just been written: small ones cost as much to write and sync.
constexpr milliseconds gathering_time{5};
constexpr std::size_t large_group_bytes = 1 << 20;
// The memory of a group is used again, unless that is more: fresh memory costs as much as what is
// done with it.
constexpr std::size_t kept_group_bytes = 4 << 20;
// More than this waiting to be written is congestion.
constexpr std::size_t congestion_bytes = 16 << 20;

}  // namespace

// Something was put into the group that gathers.
void rocksdb_store::gathered() {
  watch_congestion();
  if (writing_) return;  // see written()
  if (gathering_->size() >= large_group_bytes) {
    hand_over();
  } else if (gather_.expiry() == clock::time_point{}) {
    gather_.expires_after(gathering_time);
    gather_.async_wait([this](error_code ec) {
      if (!ec && !writing_) hand_over();
    });
  }
}

void rocksdb_store::watch_congestion() {
  if (in_trouble()) return;
  const bool congested = gathering_->size() >= congestion_bytes;
  health_ = congested ? store_health::congested : store_health::well;
}

void rocksdb_store::hand_over() {
  gather_.expires_at({});
  writing_ = true;
  for (auto& [id, crawl] : live_) {
    if (!crawl.changed) continue;
    put_tally(crawl);
    gathering_->grown.emplace_back(id, crawl.tally);
  }
  if (!spare_) spare_ = std::make_shared<group>();
  auto full = std::exchange(gathering_, std::move(spare_));
  gathering_->number = ++last_group_;
  full->handed_over = clock::now();
  write(std::move(full));
}

void rocksdb_store::write(std::shared_ptr<group> full) {
  asio::post(writer_, [this, full = std::move(full)]() mutable {
    look_for_space(*full);
    if (full->status.ok()) {
      put(*full);
      full->needs_reopening = !full->status.ok();
    }
    asio::post(strand_, [this, full = std::move(full)]() mutable { written(std::move(full)); });
  });
}

void rocksdb_store::look_for_space(group& full) const {
  full.status = db_->has_space(full.size());
  if (!full.status.ok()) {
    db_->shorten_log();
    full.status = db_->has_space(full.size());
  }
  full.is_tight = !full.status.ok() && removals_.load() != 0;
  if (full.is_tight) full.status = rocksdb::Status::OK();
}

// Which payloads are written is decided anew for each attempt: between two of them, some may go.
void rocksdb_store::put(group& full) {
  full.batch.SetSavePoint();
  try {
    payloads_->put(full.exchanges, full.batch);
    full.status = db_->write_durably(full.batch);
  } catch (const std::runtime_error& unreadable) {
    full.status = rocksdb::Status::IOError(unreadable.what());
  }
  if (full.status.ok()) {
    full.exchanges.clear();  // large, and here nobody waits
  } else {
    full.batch.RollbackToSavePoint();
  }
}

void rocksdb_store::written(std::shared_ptr<group> full) {
  if (!full->status.ok()) {
    try_again(std::move(full));
    return;
  }
  if (full->is_tight) {
    if (!in_trouble()) log_error("the store has no space left but for removals");
    health_ = store_health::full;  // nothing further is to be fetched
  } else {
    get_well();
  }
  writing_ = false;
  durable_group_ = full->number;
  ++activity_.groups;
  activity_.bytes_written += full->size();
  activity_.write_time.add(std::chrono::duration<double>(clock::now() - full->handed_over).count());
  for (auto& [id, tally] : full->grown) {
    live_crawl* crawl = find(id);
    if (!crawl) continue;
    crawl->durable = std::move(tally);
    crawl->wake_reached();
  }
  for (const crawl_id& id : full->finished) {
    if (const live_crawl* crawl = find(id)) crawl->wake_all();
    live_.erase(id);
  }
  for (const auto& done : full->done) done();
  for (timer* t : flushing_) t->cancel();
  const bool was_tight = full->is_tight;
  if (full->batch.Data().capacity() <= kept_group_bytes) {
    full->clear();
    spare_ = std::move(full);
  }
  if (gathering_->batch.Count() != 0 || !gathering_->done.empty()) gathered();
  if (!writing_ && was_tight) await_space();
  watch_congestion();
}

void rocksdb_store::get_well() {
  if (in_trouble()) log_info("the store is well again");
  health_ = store_health::well;
}

// While the disk is full nothing is fetched, so nothing is written that would show that there is
// space again.
void rocksdb_store::await_space() {
  if (given_up_) return;
  retry_.expires_after(retry_time_);
  retry_.async_wait([this](error_code ec) {
    if (ec || writing_) return;
    asio::post(writer_, [this] {
      const bool has_space = db_->has_space().ok();
      asio::post(strand_, [this, has_space] {
        if (writing_) return;
        if (has_space) {
          get_well();
        } else {
          await_space();
        }
      });
    });
  });
}

// The group is kept as it is: nothing that was asked for is lost, only late.
void rocksdb_store::try_again(std::shared_ptr<group> full) {
  if (!in_trouble()) log_error("the store cannot write", {{"error", full->status.ToString()}});
  health_ = full->status.IsNoSpace() ? store_health::full : store_health::failing;
  ++failures_;
  full->status = rocksdb::Status::OK();
  for (timer* t : flushing_) t->cancel();
  if (given_up_) return;
  retry_.expires_after(retry_time_);
  retry_.async_wait([this, full = std::move(full)](error_code ec) {
    if (!ec) asio::post(writer_, [this, full] { mend(full); });
  });
}

// On the writer's thread. After a write that failed RocksDB's Resume() is of no use: it may say
// that all is well, and go on with the log that could not be written.
void rocksdb_store::mend(const std::shared_ptr<group>& full) {
  const bool may_write = removals_.load() != 0 || db_->has_space().ok();
  asio::post(strand_, [this, full, may_write] {
    if (!full->needs_reopening) {
      write(full);
    } else if (!may_write) {
      full->status = rocksdb::Status::NoSpace();
      try_again(full);
    } else {
      closed_ = true;  // no row is put into a group any more: that takes an open database
      asio::post(writer_, [this, full] { reopen(full); });
    }
  });
}

// A shared_mutex alone may let readers pass for ever while there is always one of them.
std::shared_lock<std::shared_mutex> rocksdb_store::keep_open() {
  const std::lock_guard in_turn(turn_);
  return std::shared_lock(opening_);
}

// On the writer's thread. Whoever reads waits, or reads what is there until it can be written.
void rocksdb_store::reopen(const std::shared_ptr<group>& full) {
  rocksdb::Status opened;
  {
    db_->stop_compacting();
    const std::lock_guard before_further_readers(turn_);
    const std::unique_lock nobody_reads(opening_);
    opened = db_->reopen();
  }
  asio::post(strand_, [this, full, opened] {
    if (opened.ok()) {
      closed_ = full->needs_reopening = false;
      for (auto& work : std::exchange(deferred_, {})) work();
      write(full);
      return;
    }
    log_error("the store cannot be opened anew", {{"error", opened.ToString()}});
    ++failures_;  // whoever waits for a write has waited for this
    for (timer* t : flushing_) t->cancel();
    if (given_up_) return;
    retry_.expires_after(retry_time_);
    retry_.async_wait([this, full](error_code ec) {
      if (!ec) asio::post(writer_, [this, full] { reopen(full); });
    });
  });
}

void rocksdb_store::give_up() {
  asio::post(strand_, [this] {
    given_up_ = true;
    retry_.cancel();
    for (timer* t : flushing_) t->cancel();
  });
}

// The group that holds the last of what has been asked for.
std::uint64_t rocksdb_store::last_gathered() const {
  const bool pending = gathering_->batch.Count() != 0 || !gathering_->done.empty();
  return pending ? last_group_ : last_group_ - 1;
}

task<result<>> rocksdb_store::flush() { co_return co_await flush_despite(0); }

task<result<>> rocksdb_store::flush_despite(std::uint64_t failures) {
  co_await asio::dispatch(asio::bind_executor(strand_, use_task));
  const std::uint64_t last_failure = failures_ + failures;
  const auto may_hope = [&] { return !in_trouble() || (failures_ < last_failure && !given_up_); };
  // What is deferred is in no group yet.
  std::optional<std::uint64_t> wanted;
  for (;;) {
    if (!wanted && deferred_.empty()) wanted = last_gathered();
    if ((wanted && durable_group_ >= *wanted) || !may_hope()) break;
    timer waiting(strand_, clock::time_point::max());
    flushing_.push_back(&waiting);
    co_await waiting.async_wait(asio::bind_executor(strand_, as_ec));
    std::erase(flushing_, &waiting);
  }
  const bool durable = wanted && durable_group_ >= *wanted;
  const bool is_full = health() == store_health::full;
  co_await asio::post(use_task);
  if (durable) co_return result<>{};
  if (is_full) co_return make_error_code(service_error::storage_full);
  co_return make_error_code(service_error::storage_failed);
}

task<store_activity> rocksdb_store::activity() {
  auto here = [this] {
    store_activity out = activity_;
    out.bytes_waiting = gathering_->size();
    return out;
  };
  store_activity out = co_await run_on(strand_, std::move(here));
  using sizes = std::pair<std::uint64_t, std::uint64_t>;
  auto there = [this]() -> result<sizes> {
    return sizes(db_->sum_of({rocksdb::DB::Properties::kTotalSstFilesSize,
                              rocksdb::DB::Properties::kTotalBlobFileSize}),
                 db_->sum_of({rocksdb::DB::Properties::kSizeAllMemTables}) + db_->cached_bytes());
  };
  const result<sizes> found = co_await on_reader(std::move(there));
  if (found) std::tie(out.disk_bytes, out.memory_bytes) = *found;
  co_return out;
}

}  // namespace orbweaver
