#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crawler/fetch/http_exchange.hpp"
#include "crawler/store/row_bytes.hpp"

// The tables of exchanges and of the payloads they brought. A payload is kept once, under its
// hash, for all crawls; who needs it is noted both ways. See schema.hpp.
namespace orbweaver::schema {

using body_hash = fingerprint;

// Of an exchange within its crawl.
struct exchange_number {
  std::uint64_t seq = 0;
  std::uint32_t index = 0;
  bool operator==(const exchange_number&) const = default;
};

// exchanges: number | seq | index → the exchange but for its payload.
struct exchange_row {
  wall_clock::time_point time;  // to the microsecond
  payload_cut cut = payload_cut::none;
  std::uint64_t payload_bytes = 0;
  body_hash hash;                          // where there is a payload
  std::optional<exchange_number> same_as;  // the crawl's first one with this payload
  std::optional<earlier_exchange> unchanged;
  std::string_view url;
  std::string_view address;
  std::string_view request_head;
  std::string_view response_head;
};
void exchange_key(row_writer& out, std::uint64_t number, const exchange_number& which);
std::optional<exchange_number> exchange_in_key(std::string_view key) noexcept;
void encode(row_writer& out, const exchange_row& row);
std::optional<exchange_row> decode_exchange(std::string_view row);

// bodies: hash | piece → a piece of a payload.
enum class piece_coding : std::uint8_t { plain = 0, zstd = 1 };
struct piece_row {
  piece_coding coding = piece_coding::plain;
  std::uint32_t size = 0;  // undone of the coding
  std::string_view bytes;
};
void piece_key(row_writer& out, const body_hash& hash, std::uint32_t piece);
void encode(row_writer& out, const piece_row& row);
std::optional<piece_row> decode_piece(std::string_view row) noexcept;

// body_refs: hash | number → the crawl's first exchange with this payload. A body is there as long
// as one of these is.
struct ref_row {
  exchange_number first;
  std::uint64_t payload_bytes = 0;
};
inline constexpr std::size_t hash_bytes = 16;  // of the keys above, at their front
void ref_key(row_writer& out, const body_hash& hash, std::uint64_t number);
struct ref_place {
  body_hash hash;
  std::uint64_t number = 0;
};
std::optional<ref_place> ref_in_key(std::string_view key) noexcept;
void encode(row_writer& out, const ref_row& row);
std::optional<ref_row> decode_ref(std::string_view row) noexcept;

// body_uses: number | hash → nothing: the same, the other way about.
void use_key(row_writer& out, std::uint64_t number, const body_hash& hash);
std::optional<ref_place> use_in_key(std::string_view key) noexcept;

}  // namespace orbweaver::schema
