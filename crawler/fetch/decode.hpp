#pragma once

#include <string>
#include <string_view>

#include "common/error.hpp"
#include "crawler/fetch/decode_codings.hpp"
#include "crawler/fetch/decode_output.hpp"

namespace orbweaver {

struct decode_result {
  // fetched, or one of bad_encoding, decode_bomb, body_incomplete; what was decoded until then
  // stands in the output.
  outcome error = outcome::fetched;
  bool at_limit = false;     // cut to decode_limits::max_output_bytes
  bool mislabelled = false;  // at least one coding had never been applied, and was not undone
};

// Undoes `codings`, last one first, and leaves the result in `out`, whose capacity is used again.
// `wire` must not lie inside `out`. Without codings `out` is a copy of `wire`.
//
// What a label says is believed only as far as the bytes agree:
//   gzip     one or more members, or a zlib stream; what follows is ignored
//   deflate  a zlib stream, raw deflate, or gzip; what follows is ignored
//   br       one stream; what follows is ignored
//   zstd     one or more frames with windows of up to 8 MiB; what follows is ignored
//   any      something else altogether is passed through as it is
// A body without a label is never decoded, even if it is compressed: it may be meant so.
// Curl 7.88 fails on further members, on what follows and on wrong labels, and takes streams
// that end early as whole.
decode_result decode_body(std::string_view wire, const coding_list& codings,
                          const decode_limits& limits, std::string& out);

}  // namespace orbweaver
