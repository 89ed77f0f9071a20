#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "common/error.hpp"
#include "crawler/fetch/body_framing.hpp"
#include "crawler/fetch/body_framing_chunked.hpp"
#include "crawler/fetch/headers.hpp"

namespace orbweaver {

// What the parser tolerates and what it refuses. The measure is curl 7.88, whose answer to every
// row was observed; where we differ the row says so with a star and gives the reason.
//
//   what the server sends                             | answer
//   --------------------------------------------------+---------------------------------------------
//   status line
//     `http/1.1`, several spaces before the status    | accepted
//     no reason phrase, `200OK`, no space after `200` | accepted
//     HTTP/1.0                                        | accepted; kept alive only on `keep-alive`
//     HTTP/2, HTTP/2.0                                | accepted, then closed
//     other versions, a tab before the status         | bad_response
//     a status not of three digits, or below 100      | bad_response
//     HTTP/0.9, empty lines or garbage before it      | bad_response
//   fields
//     bare LF at the end of a line                    | accepted, then closed
//     folded lines                                    | joined by a space, then closed; * curl
//                                                     | reads Content-Length from the first alone
//     bare CR inside a value                          | becomes a space (RFC 9112 2.2)
//     white space before the colon                    | removed, then closed; * curl overlooks such
//                                                     | a field (RFC 9112 5.1 has it removed)
//     empty field name                                | accepted, then closed
//     a line without colon, a fold with no field      | bad_response
//     a line that begins with CR and is not empty     | bad_response; * curl ends the head there
//     NUL                                             | bad_response
//     more than max_head_bytes (interim ones counted) | header_too_large
//     more than max_header_fields                     | too_many_headers; * curl has no such limit
//   interim responses
//     100, 102 to 199                                 | skipped with all their fields
//     more than max_interim_responses                 | too_many_interim_responses; * curl has none
//     101                                             | bad_response; * we asked for no upgrade
//   where the body ends
//     answers to HEAD, 204, 304                       | no body, whatever the fields say
//     Content-Length: 5 twice, `5, 5`                 | 5, then closed
//     different ones, `5, 6`                          | bad_content_length; * curl takes the last
//                                                     | field, or the first number of a list
//     `+5`, `5x`, `5 6`, `0x5`, `005`                 | 5, 5, 5, 0, 5; all but `005` then closed
//     more than 63 bits                               | no length: until close
//     empty, negative, not a number                   | bad_content_length
//     Transfer-Encoding with Content-Length           | chunked, then closed; * curl refuses if the
//                                                     | length is no number (RFC 9112 6.3: ignored)
//     chunked twice                                   | once
//     Transfer-Encoding in HTTP/1.0                   | obeyed, then closed
//     `identity`, an empty value                      | ignored; * curl overlooks Content-Length
//                                                     | beside it and reads until close
//     `gzip, chunked` and other content codings       | de-chunked; the decoders undo the rest
//     `gzip` without chunked                          | until close
//     an unknown coding, `chunked;x`, chunked not last| bad_encoding
//     neither length nor chunked                      | until close
//   chunks
//     size in up to 16 digits, leading zeros          | accepted, up to 2^63 - 1
//     longer, larger, empty, signed, space before it  | bad_chunk
//     anything after the size                         | ignored, up to max_line_bytes a line and
//                                                     | max_extension_bytes; * curl has no limit
//     bare LF, several CRs before an LF               | accepted
//     anything else between data and line end         | bad_chunk
//     trailers                                        | dropped, up to max_trailer_bytes
//     a trailer without colon                         | bad_chunk
//   the end
//     closed before the end of the head               | connection_closed; * curl takes what came
//     closed before the end of the body               | body_incomplete, what came is kept
//     bytes after the response                        | left alone, then closed
//     more than max_body_bytes of body                | cut there, done, then closed

struct response_limits {
  std::size_t max_head_bytes =
      std::size_t{256} * 1024;  // status line and fields, interim responses included
  std::size_t max_header_fields = 1000;
  unsigned max_interim_responses = 16;
  chunk_limits chunks;  // max_body_bytes in it holds for every body, before content decoding
};

// Why a body is shorter than what the server meant to send.
enum class truncation : std::uint8_t { none, size_limit, closed, bad_chunk };

// Reads one HTTP/1.1 response (RFC 9112) from a buffer of the caller's; does no I/O.
//
//   std::size_t filled = 0;
//   for (parser.reset(kind);;) {
//     const auto state = parser.parse({buffer, filled});
//     filled = parser.buffered();
//     if (state == head_done) { look at status() and headers(), give up or continue; continue; }
//     if (state != need_more) break;
//     …read some bytes to buffer + filled, filled += n; at the end of the stream finish(), break…
//   }
//
// The buffer starts with the response's first byte and may move between calls. Bodies are never
// copied, except that chunks after the first move to the left, over the chunk headers between
// them. How the bytes are split over calls makes no difference.
class response_parser {
 public:
  enum class state : std::uint8_t { need_more, head_done, done, failed };

  explicit response_parser(const response_limits& limits = {});

  // Begins the next response, on this or another connection, under the same limits or others.
  void reset(request_kind kind = request_kind::get);
  void reset(request_kind kind, const response_limits& limits);

  // `buffer` holds the first buffered() bytes as the last call left them, and what came since.
  // Answers head_done exactly once before done. After done, looks for bytes that do not belong
  // to the response.
  state parse(std::span<char> buffer);
  // The peer will send no more; to be called only after parse() answered need_more. Cut off: it
  // did not say so itself, so that even a body that lasts until close may be only a part.
  enum class stream_end : std::uint8_t { orderly, cut_off };
  state finish(stream_end how = stream_end::orderly);

  // How many bytes at the front of the buffer are still needed; what follows may be overwritten.
  std::size_t buffered() const noexcept { return buffered_; }
  // How many body bytes are still to come, as far as Content-Length tells; 0 when it does not.
  std::size_t missing() const noexcept;

  // One of header_too_large, too_many_headers, too_many_interim_responses, bad_response,
  // bad_content_length, bad_encoding, bad_chunk, body_incomplete, connection_closed once failed;
  // fetched otherwise.
  outcome error() const noexcept { return error_; }

  // Valid from head_done until reset(). Status 200 to 999; 0 before, when there are no headers to
  // look at either.
  unsigned status() const noexcept { return head_done_ ? status_ : 0; }
  const header_list& headers() const noexcept { return headers_; }
  // Of the head, interim responses included.
  std::size_t head_bytes() const noexcept { return head_done_ ? line_at_ : 0; }
  std::optional<std::uint64_t> content_length() const noexcept { return framing_.length; }

  // The body received so far, also of a response that failed; points into `buffer`.
  std::string_view body(std::span<const char> buffer) const noexcept {
    return {buffer.data() + body_.begin, body_.end - body_.begin};
  }
  truncation truncated() const noexcept { return truncated_; }

  // Whether the response was received to its end, or up to the limit of its body.
  bool done() const noexcept { return phase_ == phase::done; }
  // Whether another request may go over the connection: done, and nothing odd about it.
  bool keep_alive() const noexcept {
    return phase_ == phase::done && keep_alive_ && !doubtful_ && truncated_ == truncation::none;
  }

 private:
  enum class phase : std::uint8_t { status_line, fields, body, done, failed };

  state parse_head(std::span<char> buffer);
  state parse_body(std::span<char> buffer);
  state parse_sized_body(std::span<char> buffer, std::uint64_t length);
  bool read_line(std::string_view line, const char* head);
  bool read_status_line(std::string_view line);
  bool read_field(std::string_view line, const char* head);
  bool end_head(std::string_view head);
  bool plausible_start(std::string_view received) const noexcept;
  bool fail(outcome why, truncation cut = truncation::none) noexcept;
  state complete(truncation cut = truncation::none) noexcept;

  response_limits limits_;
  request_kind kind_ = request_kind::get;
  phase phase_ = phase::status_line;
  outcome error_ = outcome::fetched;
  truncation truncated_ = truncation::none;
  bool http_1_1_ = true;
  bool head_done_ = false;
  bool keep_alive_ = false;
  bool doubtful_ = false;  // something of the table above that ends in "then closed"
  unsigned status_ = 0;
  unsigned interim_ = 0;
  std::size_t buffered_ = 0;
  std::size_t head_at_ = 0;  // of the response being read, after the interim ones
  std::size_t line_at_ = 0;
  std::size_t scanned_ = 0;  // no line end before it
  header_list headers_;
  body_framing framing_;
  chunked_decoder::extent body_{};
  chunked_decoder chunks_;
};

}  // namespace orbweaver
