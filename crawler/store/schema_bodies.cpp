#include "crawler/store/schema_bodies.hpp"

#include "crawler/store/schema.hpp"

namespace orbweaver::schema {
namespace {

constexpr std::size_t exchange_key_bytes = 8 + 8 + 4;
constexpr std::size_t ref_key_bytes = hash_bytes + 8;

// What an exchange's payload is the same as.
enum class relation : std::uint8_t { none = 0, same_as = 1, unchanged = 2 };

std::uint64_t microseconds(wall_clock::time_point time) {
  using std::chrono::microseconds;
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<microseconds>(time.time_since_epoch()).count());
}
wall_clock::time_point time_of(std::uint64_t microseconds) {
  return wall_clock::time_point(std::chrono::microseconds(microseconds));
}

void put_hash(row_writer& out, const body_hash& hash) { out.fixed64(hash.high).fixed64(hash.low); }
body_hash hash_in(row_reader& in) noexcept {
  body_hash out;
  out.high = in.fixed64();
  out.low = in.fixed64();
  return out;
}

void put_relation(row_writer& out, const exchange_row& row) {
  if (row.unchanged) {
    const earlier_exchange& e = *row.unchanged;
    const auto& id = e.place.crawl.bytes;
    out.fixed8(static_cast<std::uint8_t>(relation::unchanged));
    out.text({reinterpret_cast<const char*>(id.data()), id.size()});
    out.number(e.place.seq).number(e.place.index).text(e.url).number(microseconds(e.time));
  } else if (row.same_as) {
    out.fixed8(static_cast<std::uint8_t>(relation::same_as));
    out.number(row.same_as->seq).number(row.same_as->index);
  } else {
    out.fixed8(static_cast<std::uint8_t>(relation::none));
  }
}

// False if no encoder wrote it.
bool read_relation(row_reader& in, exchange_row& row) {
  switch (static_cast<relation>(in.fixed8())) {
    case relation::none: return true;
    case relation::same_as: {
      exchange_number& same = row.same_as.emplace();
      same.seq = in.number();
      same.index = in.number32();
      return true;
    }
    case relation::unchanged: {
      earlier_exchange& e = row.unchanged.emplace();
      const std::string_view id = in.text();
      if (id.size() != e.place.crawl.bytes.size()) return false;
      id.copy(reinterpret_cast<char*>(e.place.crawl.bytes.data()), id.size());
      e.place.seq = in.number();
      e.place.index = in.number32();
      e.url = std::string(in.text());
      e.time = time_of(in.number());
      return true;
    }
  }
  return false;
}

}  // namespace

void exchange_key(row_writer& out, std::uint64_t number, const exchange_number& which) {
  out.clear();
  out.fixed64(number).fixed64(which.seq).fixed32(which.index);
}

std::optional<exchange_number> exchange_in_key(std::string_view key) noexcept {
  if (key.size() != exchange_key_bytes) return std::nullopt;
  row_reader in(key);
  in.fixed64();
  exchange_number out;
  out.seq = in.fixed64();
  out.index = in.fixed32();
  return out;
}

void encode(row_writer& out, const exchange_row& row) {
  out.clear();
  out.number(microseconds(row.time)).fixed8(static_cast<std::uint8_t>(row.cut));
  out.number(row.payload_bytes);
  if (row.payload_bytes != 0) put_hash(out, row.hash);
  put_relation(out, row);
  out.text(row.url).text(row.address).text(row.request_head).rest(row.response_head);
}

std::optional<exchange_row> decode_exchange(std::string_view bytes) {
  row_reader in(bytes);
  exchange_row row;
  row.time = time_of(in.number());
  const std::uint8_t cut = in.fixed8();
  if (cut > static_cast<std::uint8_t>(payload_cut::unspecified)) return std::nullopt;
  row.cut = static_cast<payload_cut>(cut);
  row.payload_bytes = in.number();
  if (row.payload_bytes != 0) row.hash = hash_in(in);
  if (!read_relation(in, row)) return std::nullopt;
  row.url = in.text();
  row.address = in.text();
  row.request_head = in.text();
  row.response_head = in.rest();
  if (!in.done()) return std::nullopt;
  return row;
}

void piece_key(row_writer& out, const body_hash& hash, std::uint32_t piece) {
  out.clear();
  put_hash(out, hash);
  out.fixed32(piece);
}

void encode(row_writer& out, const piece_row& row) {
  out.clear();
  out.fixed8(static_cast<std::uint8_t>(row.coding)).number(row.size).rest(row.bytes);
}

std::optional<piece_row> decode_piece(std::string_view bytes) noexcept {
  row_reader in(bytes);
  const std::uint8_t coding = in.fixed8();
  piece_row row;
  row.size = in.number32();
  row.bytes = in.rest();
  if (!in.done() || coding > static_cast<std::uint8_t>(piece_coding::zstd)) return std::nullopt;
  row.coding = static_cast<piece_coding>(coding);
  return row;
}

void ref_key(row_writer& out, const body_hash& hash, std::uint64_t number) {
  out.clear();
  put_hash(out, hash);
  out.fixed64(number);
}

std::optional<ref_place> ref_in_key(std::string_view key) noexcept {
  if (key.size() != ref_key_bytes) return std::nullopt;
  row_reader in(key);
  ref_place out;
  out.hash = hash_in(in);
  out.number = in.fixed64();
  return out;
}

void encode(row_writer& out, const ref_row& row) {
  out.clear();
  out.number(row.first.seq).number(row.first.index).number(row.payload_bytes);
}

std::optional<ref_row> decode_ref(std::string_view bytes) noexcept {
  row_reader in(bytes);
  ref_row row;
  row.first.seq = in.number();
  row.first.index = in.number32();
  row.payload_bytes = in.number();
  if (!in.done()) return std::nullopt;
  return row;
}

void use_key(row_writer& out, std::uint64_t number, const body_hash& hash) {
  out.clear();
  out.fixed64(number);
  put_hash(out, hash);
}

std::optional<ref_place> use_in_key(std::string_view key) noexcept {
  if (key.size() != ref_key_bytes) return std::nullopt;
  row_reader in(key);
  ref_place out;
  out.number = in.fixed64();
  out.hash = hash_in(in);
  return out;
}

}  // namespace orbweaver::schema
