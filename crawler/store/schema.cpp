#include "crawler/store/schema.hpp"

#include <algorithm>
#include <array>
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace orbweaver {

std::string origin_in(std::string_view href) {
  const std::size_t slashes = href.find("//");
  const std::size_t host = slashes == std::string_view::npos ? 0 : slashes + 2;
  const std::size_t end = std::min(href.find_first_of("/?#", host), href.size());
  const std::size_t at = href.substr(0, end).rfind('@');
  const std::size_t begin = at != std::string_view::npos && at >= host ? at + 1 : host;
  return std::string(href.substr(0, host)).append(href.substr(begin, end - begin));
}

std::uint64_t origin_key(std::string_view href) {
  const std::string origin = origin_in(href);
  return XXH3_64bits(origin.data(), origin.size());
}

namespace schema {
namespace {

constexpr std::array<std::string_view, table_count> table_names{
    "default",  "urls",  "fates",     "seen",   "queue",     "records",
    "contents", "pages", "exchanges", "bodies", "body_refs", "body_uses"};

constexpr std::size_t number_bytes = 8;

// What follows the crawl's number, if it is `bytes` long.
std::optional<row_reader> after_number(std::string_view key, std::size_t bytes) noexcept {
  if (key.size() != number_bytes + bytes) return std::nullopt;
  return row_reader(key.substr(number_bytes));
}

// "No URL" is the commonest value and becomes the shortest one.
std::uint64_t shifted(url_id id) noexcept { return id == no_url ? 0 : std::uint64_t{id} + 1; }
url_id unshifted(std::uint64_t value) noexcept {
  return value == 0 ? no_url : static_cast<url_id>(value - 1);
}

// A number of the outcome table, or nothing.
std::optional<outcome> outcome_of(std::uint64_t value) noexcept {
  if (value > 0xff) return std::nullopt;
  const auto code = static_cast<outcome>(value);
  if (info(code).code != code) return std::nullopt;
  return code;
}

// The fate of a URL's discovery: "none", which is commonest, becomes 0.
std::uint64_t shifted(std::optional<outcome> fate) noexcept {
  return fate ? 1U + static_cast<std::uint8_t>(*fate) : 0U;
}
// False if no outcome has this number.
bool unshift(std::uint64_t value, std::optional<outcome>& fate) noexcept {
  if (value != 0) fate = outcome_of(value - 1);
  return value == 0 || fate;
}

std::uint64_t milliseconds(wall_clock::time_point time) {
  using std::chrono::milliseconds;
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<milliseconds>(time.time_since_epoch()).count());
}

}  // namespace

std::string_view name(table which) noexcept { return table_names[static_cast<std::size_t>(which)]; }

std::string main_key(main_row kind, std::uint64_t number) {
  return row_writer().fixed8(static_cast<std::uint8_t>(kind)).fixed64(number).take();
}

std::string id_key(const crawl_id& id) {
  const std::string_view bytes(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
  return row_writer().fixed8(static_cast<std::uint8_t>(main_row::id)).rest(bytes).take();
}

std::string greatest_key() { return main_key(main_row::greatest, 0); }
std::string secret_key() { return main_key(main_row::secret, 0); }

std::string quiet_key(const quiet_host& host) {
  return main_key(main_row::quiet, milliseconds(host.until)) + host.host;
}

std::optional<quiet_host> quiet_in_key(std::string_view key) {
  row_reader in(key);
  in.fixed8();
  const std::chrono::milliseconds until(in.fixed64());
  const std::string_view host = in.rest();
  if (!in.done() || host.empty()) return std::nullopt;
  return quiet_host{std::string(host), wall_clock::time_point(until)};
}

std::string quiet_begin(wall_clock::time_point now) {
  return main_key(main_row::quiet, milliseconds(now));
}
std::string quiet_end() { return main_key(main_row::quiet, ~std::uint64_t{0}); }

std::uint64_t number_in_main_key(std::string_view key) noexcept {
  row_reader in(key);
  in.fixed8();
  return in.fixed64();
}

std::string encode_number(std::uint64_t number) { return row_writer().number(number).take(); }

std::optional<std::uint64_t> decode_number(std::string_view row) noexcept {
  row_reader in(row);
  const std::uint64_t out = in.number();
  if (!in.done()) return std::nullopt;
  return out;
}

std::string crawl_begin(std::uint64_t number) { return row_writer().fixed64(number).take(); }
std::string crawl_end(std::uint64_t number) { return crawl_begin(number + 1); }

std::string tally_row(const crawl_tally& t) {
  row_writer out;
  for (const std::uint64_t n :
       {std::uint64_t{t.next_url}, t.last_seq, t.discovered, t.fetched, t.failed, t.skipped,
        t.duplicates, t.bytes_on_wire, t.bytes_stored, t.ran_ms, std::uint64_t{t.finished}})
    out.number(n);
  out.number(t.by_status.size());
  for (const auto& [status, n] : t.by_status) out.number(status).number(n);
  out.number(t.by_outcome.size());
  for (const auto& [code, n] : t.by_outcome) out.number(static_cast<std::uint8_t>(code)).number(n);
  return out.take();
}

std::optional<crawl_tally> decode_tally(std::string_view row) {
  row_reader in(row);
  crawl_tally t;
  t.next_url = in.number32();
  for (std::uint64_t* n : {&t.last_seq, &t.discovered, &t.fetched, &t.failed, &t.skipped,
                           &t.duplicates, &t.bytes_on_wire, &t.bytes_stored, &t.ran_ms})
    *n = in.number();
  t.finished = in.number() != 0;
  for (std::uint64_t left = in.number(); left != 0 && in.good(); --left) {
    const std::uint64_t status = in.number();
    t.by_status[static_cast<std::uint16_t>(status)] = in.number();
  }
  for (std::uint64_t left = in.number(); left != 0 && in.good(); --left) {
    const auto code = outcome_of(in.number());
    if (!code) return std::nullopt;
    t.by_outcome[*code] = in.number();
  }
  if (!in.done()) return std::nullopt;
  return t;
}

void url_key(row_writer& out, std::uint64_t number, url_id id) {
  out.clear();
  out.fixed64(number).fixed32(id);
}

std::optional<url_id> url_in_key(std::string_view key) noexcept {
  auto in = after_number(key, 4);
  if (!in) return std::nullopt;
  return in->fixed32();
}

void encode(row_writer& out, const url_row& row) {
  out.clear();
  out.number(shifted(row.referrer)).number(row.depth);
  out.number(shifted(row.fate));
  out.text(row.url).rest(row.reason);
}

std::optional<url_row> decode_url(std::string_view bytes) noexcept {
  row_reader in(bytes);
  url_row row;
  row.referrer = unshifted(in.number());
  row.depth = in.number32();
  const std::uint64_t fate = in.number();
  row.url = in.text();
  row.reason = in.rest();
  if (!unshift(fate, row.fate) || !in.done()) return std::nullopt;
  return row;
}

void encode(row_writer& out, const fate_row& row) {
  out.clear();
  out.fixed8(static_cast<std::uint8_t>(row.fate))
      .number(shifted(row.duplicate_of))
      .rest(row.reason);
}

std::optional<fate_row> decode_fate(std::string_view bytes) noexcept {
  row_reader in(bytes);
  const auto fate = outcome_of(in.fixed8());
  fate_row row;
  row.duplicate_of = unshifted(in.number());
  row.reason = in.rest();
  if (!in.done() || !fate) return std::nullopt;
  row.fate = *fate;
  return row;
}

void seen_key(row_writer& out, std::uint64_t number, const fingerprint& print) {
  out.clear();
  out.fixed64(number).fixed64(print.low).fixed64(print.high);
}

std::optional<fingerprint> print_in_key(std::string_view key) noexcept {
  auto in = after_number(key, 16);
  if (!in) return std::nullopt;
  fingerprint out;
  out.low = in->fixed64();
  out.high = in->fixed64();
  return out;
}

void content_key(row_writer& out, std::uint64_t number, std::uint64_t hash) {
  out.clear();
  out.fixed64(number).fixed64(hash);
}

std::optional<std::uint64_t> hash_in_key(std::string_view key) noexcept {
  auto in = after_number(key, 8);
  if (!in) return std::nullopt;
  return in->fixed64();
}

void encode(row_writer& out, const seen_row& row) {
  out.clear();
  out.number(row.id).number(shifted(row.fate));
}

std::optional<seen_row> decode_seen(std::string_view bytes) noexcept {
  row_reader in(bytes);
  seen_row row;
  row.id = in.number32();
  if (!unshift(in.number(), row.fate) || !in.done()) return std::nullopt;
  return row;
}

void encode(row_writer& out, url_id id) {
  out.clear();
  out.number(id);
}

std::optional<url_id> decode_id(std::string_view row) noexcept {
  row_reader in(row);
  const url_id out = in.number32();
  if (!in.done()) return std::nullopt;
  return out;
}

void queue_key(row_writer& out, std::uint64_t number, std::uint64_t origin, queue_position at) {
  out.clear();
  out.fixed64(number).fixed64(origin).fixed32(at.line).fixed32(at.id);
}

void queue_begin(row_writer& out, std::uint64_t number, std::uint64_t origin) {
  out.clear();
  out.fixed64(number).fixed64(origin);
}

std::optional<queue_place_in_key> place_in_key(std::string_view key) noexcept {
  auto in = after_number(key, 16);
  if (!in) return std::nullopt;
  queue_place_in_key out;
  out.origin = in->fixed64();
  out.at.line = in->fixed32();
  out.at.id = in->fixed32();
  return out;
}

void encode(row_writer& out, const queue_row& row) {
  out.clear();
  if (row.attempts == 0 && !row.not_before && row.passed.empty()) return;
  out.number(row.attempts).number(row.not_before ? milliseconds(*row.not_before) : 0);
  out.number(row.passed.size());
  for (const url_id id : row.passed) out.number(id);
}

std::optional<queue_row> decode_queue(std::string_view bytes) {
  queue_row row;
  if (bytes.empty()) return row;
  row_reader in(bytes);
  row.attempts = static_cast<std::uint16_t>(in.number());
  if (const std::uint64_t time = in.number())
    row.not_before = wall_clock::time_point(std::chrono::milliseconds(time));
  for (std::uint64_t left = in.number(); left != 0 && in.good(); --left)
    row.passed.push_back(in.number32());
  if (!in.done()) return std::nullopt;
  return row;
}

void record_key(row_writer& out, std::uint64_t number, std::uint64_t seq) {
  out.clear();
  out.fixed64(number).fixed64(seq);
}

std::optional<std::uint64_t> seq_in_key(std::string_view key) noexcept { return hash_in_key(key); }

void encode(row_writer& out, const record_row& row) {
  out.clear();
  out.fixed8(static_cast<std::uint8_t>(row.kind));
  out.number(shifted(row.url)).number(shifted(row.referrer)).number(shifted(row.duplicate_of));
  out.packed(row.members);
}

std::optional<record_row> decode_record(std::string_view bytes, std::string& room) {
  row_reader in(bytes);
  const std::uint8_t kind = in.fixed8();
  record_row row;
  row.url = unshifted(in.number());
  row.referrer = unshifted(in.number());
  row.duplicate_of = unshifted(in.number());
  row.members = in.packed(room);
  if (!in.done() || kind > static_cast<std::uint8_t>(outcome_kind::skipped)) return std::nullopt;
  row.kind = static_cast<outcome_kind>(kind);
  return row;
}

}  // namespace schema
}  // namespace orbweaver
