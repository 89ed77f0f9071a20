#pragma once

#include <cstdint>
#include <optional>

#include "common/error.hpp"
#include "crawler/fetch/headers.hpp"

namespace orbweaver {

// What was asked decides whether an answer has a body (RFC 9112 6.3).
enum class request_kind : std::uint8_t { get, head };

// Where a body ends.
enum class body_end : std::uint8_t { at_head, at_length, at_last_chunk, at_close };

struct body_framing {
  body_end end = body_end::at_close;
  // Bytes; with at_length always, with at_head what Content-Length promised.
  std::optional<std::uint64_t> length;
  // Another reader might see another end: no further request goes over this connection.
  bool doubtful = false;
};

// RFC 9112 6.3 with the tolerances listed in response_parser.hpp. Fails with bad_content_length
// or, for a transfer coding we cannot undo, bad_encoding.
result<body_framing> frame_body(const header_list& headers, unsigned status, request_kind kind,
                                bool http_1_1);

// Whether the server leaves the connection open (RFC 9112 9.3).
bool wants_keep_alive(const header_list& headers, bool http_1_1);

}  // namespace orbweaver
