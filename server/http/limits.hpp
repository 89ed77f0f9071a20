#pragma once

#include <chrono>
#include <cstddef>

namespace orbweaver {

// What one client may ask of the server's memory and patience.
struct http_limits {
  std::size_t header_bytes = 16 << 10;  // request line and fields together
  std::size_t target_bytes = 8 << 10;
  std::size_t header_fields = 100;
  // Beyond so many, each new one takes the place of the one that has waited longest for its client:
  // for a whole request, or for longer than `patience` until a client without a right key sends
  // more of a body or takes more of an answer. When none does, a request with a right key is
  // answered all the same, and its connection closed; any other is answered 503.
  std::size_t connections = 1024;
  std::size_t bodies = 64 << 20;  // held in memory by all requests; beyond it they get 503

  std::chrono::milliseconds idle{60'000};      // between two requests
  std::chrono::milliseconds handshake{5'000};  // of TLS
  std::chrono::milliseconds header{15'000};  // from its first byte, or a new connection, to its end
  // A request's body may take this long, and as long again as it takes at the slowest rate.
  std::chrono::milliseconds body{30'000};
  std::size_t body_rate = 16 << 10;           // bytes a second
  std::chrono::milliseconds write{30'000};    // for the client to take one slice of an answer
  std::chrono::milliseconds patience{3'000};  // with a slow client, when its place is wanted
  std::chrono::milliseconds refusal{2'000};   // for a client too many to say what it wants
  std::chrono::milliseconds linger{5'000};  // for the client to read an answer it did not wait for
};

}  // namespace orbweaver
