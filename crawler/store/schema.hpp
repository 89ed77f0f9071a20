#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/frontier/seen_set.hpp"
#include "crawler/store/crawl_tally.hpp"
#include "crawler/store/row_bytes.hpp"
#include "crawler/store/store.hpp"

// The durable store's tables: what their keys and rows look like. But for bodies, every key begins
// with the number of its crawl, so that a crawl's rows lie together. Pure: no database here. A
// decoder answers nothing for bytes that no encoder wrote.
namespace orbweaver::schema {

// Of everything below. A store with another number is refused.
inline constexpr int layout_version = 3;

// The tables; `main` holds small things, told apart by their keys' first byte.
enum class table : std::uint8_t {
  main,
  urls,
  fates,
  seen,
  queue,
  records,
  contents,
  pages,
  exchanges,  // these four: schema_bodies.hpp
  bodies,
  body_refs,
  body_uses,
};
inline constexpr std::size_t table_count = 12;
// Those whose keys begin with a crawl's number.
inline constexpr std::array per_crawl_tables{table::urls,      table::fates,   table::seen,
                                             table::queue,     table::records, table::contents,
                                             table::exchanges, table::pages};
std::string_view name(table which) noexcept;

// main: crawl | number → header without spec; spec | number → spec; id | crawl_id → number;
// tally | number → tally; greatest → number of the last crawl opened; removed | number → what the
// crawl held, bytes at a guess, while bodies are still noted as those of a crawl that was removed;
// delivery | number → how far its webhook has been told; quiet | milliseconds | host → nothing,
// while the host is not to be asked before that time; secret → that of the store's fingerprints.
enum class main_row : std::uint8_t {
  crawl = 1,
  spec = 2,
  id = 3,
  tally = 4,
  greatest = 5,
  removed = 6,
  delivery = 8,
  quiet = 9,
  secret = 10
};
std::string main_key(main_row kind, std::uint64_t number);
std::string id_key(const crawl_id& id);
std::string greatest_key();
std::string secret_key();
std::string quiet_key(const quiet_host& host);
std::optional<quiet_host> quiet_in_key(std::string_view key);
// The first key of a host that is to be left alone at `now`.
std::string quiet_begin(wall_clock::time_point now);
std::string quiet_end();
std::uint64_t number_in_main_key(std::string_view key) noexcept;
std::string encode_number(std::uint64_t number);
std::optional<std::uint64_t> decode_number(std::string_view row) noexcept;

// The keys of most other tables: the crawl's number and what follows. The first key of a crawl, and
// the first one behind all of its keys.
std::string crawl_begin(std::uint64_t number);
std::string crawl_end(std::uint64_t number);

std::string tally_row(const crawl_tally& tally);
std::optional<crawl_tally> decode_tally(std::string_view row);

// urls: number | url_id → the URL as it was found. Never changes.
struct url_row {
  std::string_view url;
  std::string_view reason;
  url_id referrer = no_url;
  std::uint32_t depth = 0;
  std::optional<outcome> fate;
};
void url_key(row_writer& out, std::uint64_t number, url_id id);
std::optional<url_id> url_in_key(std::string_view key) noexcept;
void encode(row_writer& out, const url_row& row);
std::optional<url_row> decode_url(std::string_view row) noexcept;

// fates: number | url_id → how a queued URL ended.
struct fate_row {
  outcome fate = outcome::unknown;
  url_id duplicate_of = no_url;
  std::string_view reason;
};
void encode(row_writer& out, const fate_row& row);
std::optional<fate_row> decode_fate(std::string_view row) noexcept;

// seen: number | fingerprint → url_id.
void seen_key(row_writer& out, std::uint64_t number, const fingerprint& print);
std::optional<fingerprint> print_in_key(std::string_view key) noexcept;

// pages: number | fingerprint (see seen_key) → seq of the record that the URL's fetch brought. For
// later crawls, which compare with it.

// contents: number | hash of a body → the first url_id with it.
void content_key(row_writer& out, std::uint64_t number, std::uint64_t hash);
std::optional<std::uint64_t> hash_in_key(std::string_view key) noexcept;

// What is kept of a fingerprint.
struct seen_row {
  url_id id = no_url;
  std::optional<outcome> fate;
};
void encode(row_writer& out, const seen_row& row);
std::optional<seen_row> decode_seen(std::string_view row) noexcept;
void encode(row_writer& out, url_id id);
std::optional<url_id> decode_id(std::string_view row) noexcept;

// queue: number | origin | line | url_id → what is not in `urls`; empty for a URL not yet tried.
struct queue_row {
  std::uint16_t attempts = 0;
  std::optional<wall_clock::time_point> not_before;  // to the millisecond
  std::vector<url_id> passed;
};
struct queue_place_in_key {
  std::uint64_t origin = 0;
  queue_position at;
};
void queue_key(row_writer& out, std::uint64_t number, std::uint64_t origin, queue_position at);
// The first key of an origin's queue.
void queue_begin(row_writer& out, std::uint64_t number, std::uint64_t origin);
std::optional<queue_place_in_key> place_in_key(std::string_view key) noexcept;
void encode(row_writer& out, const queue_row& row);
std::optional<queue_row> decode_queue(std::string_view row);

// records: number | seq → the record's parts.
struct record_row {
  url_id url = no_url;
  url_id referrer = no_url;
  url_id duplicate_of = no_url;
  outcome_kind kind = outcome_kind::failed;
  std::string_view members;
};
void record_key(row_writer& out, std::uint64_t number, std::uint64_t seq);
std::optional<std::uint64_t> seq_in_key(std::string_view key) noexcept;
void encode(row_writer& out, const record_row& row);
// The members lie in `row` or in `room`.
std::optional<record_row> decode_record(std::string_view row, std::string& room);

}  // namespace orbweaver::schema
