#pragma once

#include <chrono>
#include <cstddef>

namespace orbweaver {

// What one client may ask of the server's memory and patience.
struct http_limits {
  std::size_t header_bytes = 16 << 10;  // request line and fields together
  std::size_t target_bytes = 8 << 10;
  std::size_t header_fields = 100;
  // Beyond so many, each new one takes the place of the one that has waited longest for a whole
  // request of its client; when none does, it is answered 503 and closed.
  std::size_t connections = 1024;
  std::size_t bodies = 64 << 20;  // held in memory by all requests; beyond it they get 503

  std::chrono::milliseconds idle{60'000};      // between two requests
  std::chrono::milliseconds handshake{5'000};  // of TLS
  std::chrono::milliseconds header{15'000};  // from its first byte, or a new connection, to its end
  // A request's body may take this long, and as long again as it takes at the slowest rate.
  std::chrono::milliseconds body{30'000};
  std::size_t body_rate = 16 << 10;          // bytes a second
  std::chrono::milliseconds write{30'000};   // for the client to take one slice of an answer
  std::chrono::milliseconds refusal{2'000};  // for a client too many to say what it wants
  std::chrono::milliseconds linger{5'000};   // for the client to read an answer it did not wait for
};

}  // namespace orbweaver
