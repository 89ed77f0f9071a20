#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "crawler/fetch/kept_body.hpp"
#include "crawler/frontier/seen_set.hpp"
#include "crawler/model.hpp"

namespace orbweaver {

// Why a payload is shorter than what the server meant to send.
enum class payload_cut : std::uint8_t {
  none,
  length,       // a limit of ours
  time,         // likewise
  disconnect,   // the connection ended
  unspecified,  // what came made no sense
};

// Names one exchange of a store: what a crawl's record `seq` consists of, redirects first.
struct exchange_place {
  crawl_id crawl;
  std::uint64_t seq = 0;
  std::uint32_t index = 0;
  bool operator==(const exchange_place&) const = default;
};

// An exchange that brought the payload before.
struct earlier_exchange {
  exchange_place place;
  std::string url;
  wall_clock::time_point time;
};

// A request and its answer as an archive holds them.
struct http_exchange {
  std::string url;  // that was asked, without fragment
  // As it was sent, but for what only the site may see: the headers, credentials and cookies that
  // the crawl was given, and what a proxy asked for.
  std::string request_head;
  std::string response_head;    // as received; interim answers left out
  std::string address;          // of the server; empty: a proxy stood between
  wall_clock::time_point time;  // when the request began
  payload_cut cut = payload_cut::none;
  // The payload: the body as received, but undone of chunking; content codings are in place.
  fingerprint hash;  // 128 bits of XXH3
  std::uint64_t payload_bytes = 0;
  bool packed = false;                       // it is compressed already
  std::shared_ptr<const kept_body> payload;  // null: there is none, or it is elsewhere
  // The answer was 304, and this is what has not changed: hash and size are that payload's.
  std::optional<earlier_exchange> unchanged;
};

// What it counts for in bytesStored.
inline std::uint64_t stored_bytes(const http_exchange& e) noexcept {
  return e.request_head.size() + e.response_head.size() + (e.unchanged ? 0 : e.payload_bytes);
}

}  // namespace orbweaver
