#include "crawler/fetch/response_parser.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace orbweaver {
namespace {

constexpr std::string_view protocol = "HTTP/";

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_space(char c) noexcept { return c == ' ' || c == '\t'; }

}  // namespace

response_parser::response_parser(const response_limits& limits)
    : limits_(limits), chunks_(limits.chunks) {}

void response_parser::reset(request_kind kind, const response_limits& limits) {
  limits_ = limits;
  chunks_ = chunked_decoder(limits.chunks);
  reset(kind);
}

void response_parser::reset(request_kind kind) {
  kind_ = kind;
  phase_ = phase::status_line;
  error_ = outcome::fetched;
  truncated_ = truncation::none;
  head_done_ = keep_alive_ = doubtful_ = false;
  status_ = interim_ = 0;
  buffered_ = head_at_ = line_at_ = scanned_ = 0;
  headers_.clear();
  framing_ = {};
  body_ = {};
  chunks_.reset();
}

response_parser::state response_parser::parse(std::span<char> buffer) {
  assert(buffer.size() >= buffered_);
  switch (phase_) {
    case phase::status_line:
    case phase::fields: return parse_head(buffer);
    case phase::body: return parse_body(buffer);
    case phase::done: doubtful_ |= buffer.size() > buffered_; return state::done;
    case phase::failed: break;
  }
  return state::failed;
}

response_parser::state response_parser::finish(stream_end how) {
  switch (phase_) {
    case phase::status_line:
    case phase::fields: fail(outcome::connection_closed); break;
    case phase::body:
      if (framing_.end == body_end::at_close && how == stream_end::orderly) return complete();
      fail(outcome::body_incomplete, truncation::closed);
      break;
    case phase::done: return state::done;
    case phase::failed: break;
  }
  return state::failed;
}

std::size_t response_parser::missing() const noexcept {
  if (phase_ != phase::body || framing_.end != body_end::at_length) return 0;
  const std::uint64_t wanted = std::min(*framing_.length, limits_.chunks.max_body_bytes);
  return static_cast<std::size_t>(wanted - (body_.end - body_.begin));
}

bool response_parser::fail(outcome why, truncation cut) noexcept {
  phase_ = phase::failed;
  error_ = why;
  truncated_ = cut;
  return false;
}

response_parser::state response_parser::complete(truncation cut) noexcept {
  phase_ = phase::done;
  truncated_ = cut;
  return state::done;
}

response_parser::state response_parser::parse_head(std::span<char> buffer) {
  buffered_ = buffer.size();
  while (phase_ != phase::body) {
    const char* const head = buffer.data() + head_at_;
    if (phase_ == phase::status_line && !plausible_start({head, buffer.size() - head_at_})) {
      fail(outcome::bad_response);
      return state::failed;
    }
    const char* const from = buffer.data() + scanned_;
    const std::size_t available = buffer.size() - scanned_;
    const void* const lf = available != 0 ? std::memchr(from, '\n', available) : nullptr;
    scanned_ = lf != nullptr
                   ? static_cast<std::size_t>(static_cast<const char*>(lf) - buffer.data()) + 1
                   : buffer.size();
    // A line that has not ended yet is at least one byte longer than what is here.
    if (scanned_ + (lf == nullptr) > limits_.max_head_bytes) {
      fail(outcome::header_too_large);
      return state::failed;
    }
    if (lf == nullptr) return state::need_more;
    const std::string_view line(buffer.data() + line_at_, scanned_ - line_at_);
    line_at_ = scanned_;
    if (!read_line(line, head)) return state::failed;
  }
  return state::head_done;
}

// RFC 9112 2.2: a message that does not begin with a status line is not one. Said as soon as it
// is certain: such a stream may never contain a line end.
bool response_parser::plausible_start(std::string_view received) const noexcept {
  const std::size_t known = std::min(received.size(), protocol.size());
  return equals_ignoring_case(received.substr(0, known), protocol.substr(0, known));
}

// `line` includes its LF.
bool response_parser::read_line(std::string_view line, const char* head) {
  line.remove_suffix(1);
  doubtful_ |= !line.ends_with('\r');
  while (line.ends_with('\r')) line.remove_suffix(1);
  if (phase_ == phase::status_line) return read_status_line(line);
  if (line.empty()) return end_head({head, line_at_ - head_at_});
  return read_field(line, head);
}

// RFC 9112 4: status-line = HTTP-version SP status-code SP [ reason-phrase ].
bool response_parser::read_status_line(std::string_view line) {
  line.remove_prefix(protocol.size());
  const std::size_t version_end = line.find(' ');
  if (version_end == line.npos) return fail(outcome::bad_response);
  const std::string_view version = line.substr(0, version_end);
  if (version != "1.1" && version != "1.0" && version != "2" && version != "2.0") {
    return fail(outcome::bad_response);
  }
  http_1_1_ = version != "1.0";
  doubtful_ |= version.starts_with('2');

  line.remove_prefix(std::min(line.find_first_not_of(' ', version_end), line.size()));
  if (line.size() < 3 || !std::all_of(line.begin(), line.begin() + 3, is_digit) || line[0] == '0' ||
      (line.size() > 3 && is_digit(line[3]))) {
    return fail(outcome::bad_response);
  }
  status_ = static_cast<unsigned>((line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0'));
  phase_ = phase::fields;
  return true;
}

// RFC 9112 5: field-line = field-name ":" OWS field-value OWS.
bool response_parser::read_field(std::string_view line, const char* head) {
  if (is_space(line.front())) {
    // 5.2: obs-fold.
    if (headers_.empty()) return fail(outcome::bad_response);
    doubtful_ = true;
    headers_.extend_last(head, trim_whitespace(line));
    return true;
  }
  const std::size_t colon = line.find(':');
  if (colon == line.npos || line.front() == '\r') return fail(outcome::bad_response);
  if (headers_.size() == limits_.max_header_fields) return fail(outcome::too_many_headers);
  // 5.1: no white space is allowed before the colon.
  const std::string_view name = trim_whitespace(line.substr(0, colon));
  const std::string_view value = trim_whitespace(line.substr(colon + 1));
  doubtful_ |= name.size() != colon || name.empty();
  headers_.add(head, name, value);
  return true;
}

bool response_parser::end_head(std::string_view head) {
  if (std::memchr(head.data(), '\0', head.size()) != nullptr) return fail(outcome::bad_response);
  // RFC 9110 15.2: interim responses; 15.2.2 answers an Upgrade that was never sent.
  if (status_ == 101) return fail(outcome::bad_response);
  if (status_ < 200) {
    if (++interim_ > limits_.max_interim_responses) {
      return fail(outcome::too_many_interim_responses);
    }
    headers_.clear();
    status_ = 0;
    head_at_ = line_at_;
    phase_ = phase::status_line;
    return true;
  }
  headers_.take_raw(head);
  const result<body_framing> framing = frame_body(headers_, status_, kind_, http_1_1_);
  if (!framing) return fail(to_outcome(framing.error()));
  framing_ = *framing;
  doubtful_ |= framing_.doubtful;
  keep_alive_ = wants_keep_alive(headers_, http_1_1_);
  body_ = {line_at_, line_at_, line_at_};
  head_done_ = true;
  phase_ = phase::body;
  return true;
}

response_parser::state response_parser::parse_body(std::span<char> buffer) {
  constexpr std::uint64_t unknown = ~std::uint64_t{0};
  switch (framing_.end) {
    case body_end::at_head: return parse_sized_body(buffer, 0);
    case body_end::at_length: return parse_sized_body(buffer, *framing_.length);
    case body_end::at_close: return parse_sized_body(buffer, unknown);
    case body_end::at_last_chunk: break;
  }
  body_.consumed = body_.end;
  const chunked_decoder::state s = chunks_.decode(buffer, body_);
  buffered_ = body_.end;
  switch (s) {
    case chunked_decoder::state::need_more: return state::need_more;
    case chunked_decoder::state::too_long: return complete(truncation::size_limit);
    case chunked_decoder::state::bad:
      fail(outcome::bad_chunk, truncation::bad_chunk);
      return state::failed;
    case chunked_decoder::state::done: break;
  }
  doubtful_ |= body_.consumed < buffer.size();
  return complete();
}

response_parser::state response_parser::parse_sized_body(std::span<char> buffer,
                                                         std::uint64_t length) {
  const std::uint64_t wanted = std::min(length, limits_.chunks.max_body_bytes);
  const std::size_t received = buffer.size() - body_.begin;
  body_.end = body_.begin + static_cast<std::size_t>(std::min<std::uint64_t>(received, wanted));
  buffered_ = body_.end;
  if (wanted == length) {
    if (received < length) return state::need_more;
    doubtful_ |= received > length;
    return complete();
  }
  // Until close, a body of exactly the limit may still end there.
  const bool cut = framing_.end == body_end::at_close ? received > wanted : received >= wanted;
  return cut ? complete(truncation::size_limit) : state::need_more;
}

}  // namespace orbweaver
