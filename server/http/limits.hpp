#pragma once

#include <chrono>
#include <cstddef>

namespace orbweaver {

// What one client may ask of the server's memory and patience.
struct http_limits {
  std::size_t header_bytes = 16 << 10;  // request line and fields together
  std::size_t target_bytes = 8 << 10;
  std::size_t header_fields = 100;
  std::size_t connections = 1024;  // further ones are answered 503 and closed

  std::chrono::milliseconds idle{60'000};    // between two requests
  std::chrono::milliseconds header{15'000};  // from its first byte, or a new connection, to its end
  std::chrono::milliseconds body{120'000};   // of a request, from its header to its end
  std::chrono::milliseconds write{30'000};   // for the client to take one slice of an answer
  std::chrono::milliseconds linger{5'000};   // for the client to read an answer it did not wait for
};

}  // namespace orbweaver
