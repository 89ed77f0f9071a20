// How crawls are removed: at somebody's request, and single fetches that a crash has left.
#include "crawler/service_error.hpp"
#include "crawler/store/database.hpp"
#include "crawler/store/header_json.hpp"
#include "crawler/store/rocksdb_store.hpp"
#include "crawler/store/store_group.hpp"

namespace orbweaver {
namespace {

using schema::main_row;
using schema::table;

// What the rows of a URL take, at a guess, beside records and bodies.
constexpr std::uint64_t bytes_of_url = 150;

std::uint64_t bytes_of(const crawl_tally& tally) {
  return tally.bytes_stored + tally.discovered * bytes_of_url;
}

}  // namespace

// On a full disk, what waits is written after all, for what is removed frees more. What is not
// durable yet is removed behind that, whether or not the disk takes it now: it comes and goes at
// once. A removal that is refused comes about when the disk is well again.
task<result<>> rocksdb_store::remove_crawl(crawl_id id) {
  struct counted {
    explicit counted(std::atomic<int>& n) : count(n) { ++count; }
    ~counted() { --count; }
    counted(const counted&) = delete;
    counted& operator=(const counted&) = delete;
    std::atomic<int>& count;
  };
  const counted removal(removals_);
  leaving_.ask(id);
  using counts = std::optional<std::pair<std::uint64_t, crawl_tally>>;
  auto look_up = [this, id]() -> result<counts> { return stored_counts_of(id); };
  result<counts> stored = co_await on_reader(std::move(look_up));
  struct order {
    counts found;             // its number, and what it holds
    bool is_another = false;  // an earlier call removes it already
  };
  const auto given = std::make_shared<order>();
  if (stored) given->found = std::move(*stored);
  in_order([this, id, given] {
    if (const live_crawl* crawl = find(id)) given->found.emplace(crawl->number, crawl->tally);
    given->is_another = leaving_.has_begun(id);
    if (given->is_another) return;
    if (!given->found) return leaving_.give_up(id);
    delete_crawl(id, given->found->first, bytes_of(given->found->second));
  });
  // What waits already was refused for want of space, which this may use.
  const result<> removed = co_await flush_despite(2);
  if (!removed) {
    in_order([this, given] {
      if (!given->found || given->is_another) return;
      release_when_durable(given->found->first, bytes_of(given->found->second));
      gathered();
    });
    co_return removed;
  }
  if (given->is_another) co_return removed;
  if (!given->found) co_return stored ? make_error_code(service_error::not_found) : stored.error();
  const auto& [number, tally] = *given->found;
  const auto release = [this, number = number] { return release_some(number); };
  bool more = true;
  while (more) more = co_await run_on(writer_.get_executor(), release);
  reclaim(number, bytes_of(tally));
  co_return removed;
}

void rocksdb_store::delete_crawl(const crawl_id& id, std::uint64_t number, std::uint64_t bytes) {
  if (const live_crawl* crawl = find(id)) crawl->wake_all();
  live_.erase(id);
  put_removal(id, number, bytes);
  gathered();
}

void rocksdb_store::put_removal(const crawl_id& id, std::uint64_t number, std::uint64_t bytes) {
  leaving_.begin(id);
  auto& batch = gathering_->batch;
  batch.Delete(slice(schema::id_key(id)));
  batch.Put(slice(schema::main_key(main_row::removed, number)),
            slice(schema::encode_number(bytes)));
  for (const main_row kind : {main_row::crawl, main_row::spec, main_row::tally, main_row::delivery})
    batch.Delete(slice(schema::main_key(kind, number)));
  const std::string begin = schema::crawl_begin(number);
  const std::string end = schema::crawl_end(number);
  for (const table which : schema::per_crawl_tables)
    batch.DeleteRange(db_->at(which), slice(begin), slice(end));
  gathering_->done.emplace_back([this, id] { leaving_.end(id); });
}

void rocksdb_store::release_when_durable(std::uint64_t number, std::uint64_t bytes) {
  gathering_->done.emplace_back([this, number, bytes] { release_later(number, bytes); });
}

// Single fetches of an earlier start are nobody's any more, and no list shows them: those that had
// come to their end would stay for ever.
void rocksdb_store::remove_unlisted() {
  db_->scan(table::main, schema::main_key(main_row::crawl, 0),
            schema::main_key(main_row::crawl, ~std::uint64_t{0}),
            [&](std::string_view key, std::string_view row) {
              if (!says_unlisted(row)) return true;
              const std::uint64_t number = schema::number_in_main_key(key);
              const auto crawl = load(number);
              if (!crawl) throw std::runtime_error("a crawl's request cannot be read");
              const std::uint64_t bytes = bytes_of(crawl->tally);
              put_removal(crawl->header.id, number, bytes);
              release_when_durable(number, bytes);
              return true;
            });
}

}  // namespace orbweaver
