// Any bytes, split in any way, must give the same answer and stay within the limits.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "crawler/fetch/cookies.hpp"
#include "crawler/fetch/decode_codings.hpp"
#include "crawler/fetch/media_type.hpp"
#include "crawler/fetch/response_parser.hpp"

namespace {

using namespace orbweaver;
using state = response_parser::state;

struct seen {
  outcome error;
  unsigned status;
  std::string body;
  bool keep_alive;
  truncation truncated;
  std::string head;
  std::string fields;
  bool operator==(const seen&) const = default;
};

// Small limits, so that the fuzzer reaches them.
response_limits small_limits() {
  response_limits limits;
  limits.max_head_bytes = 600;
  limits.max_header_fields = 12;
  limits.max_interim_responses = 2;
  limits.chunks = {.max_line_bytes = 40,
                   .max_extension_bytes = 60,
                   .max_trailer_bytes = 50,
                   .max_body_bytes = 200};
  return limits;
}

void require(bool holds) {
  if (!holds) std::abort();
}

// What a crawler reads out of a head.
void read_fields(const header_list& headers) {
  constexpr http_time now{std::chrono::seconds(1'700'000'000)};
  const auto type = media_type_of(headers);
  require(!type || type->essence.find('/') != std::string::npos);
  (void)codings_of(headers);
  cookie_jar jar({.per_domain = 2, .total = 3, .header_bytes = 40});
  const cookie_url url{true, "www.example.org", "/a/b"};
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const std::string_view value = headers[i].value;
    const auto wait = parse_retry_after(value, now);
    require(!wait || (wait->count() >= 0 && *wait <= longest_retry_after));
    if (const auto date = parse_http_date(value)) {
      require(parse_http_date(format_http_date(*date)) == date);
    }
    jar.store(url, value, now);
  }
  require(jar.size() <= 3);
  const std::string cookies = jar.cookie_header(url, now);
  require(cookies.size() <= 40 && cookies.find_first_of("\r\n\0") == std::string::npos);
}

// `seed` 0: one piece; 1: byte by byte; else pieces of pseudo-random sizes.
seen run(std::string_view bytes, request_kind kind, std::uint32_t seed) {
  const response_limits limits = small_limits();
  response_parser parser(limits);
  parser.reset(kind);
  std::vector<char> kept;
  state last = state::need_more;
  while (!bytes.empty()) {
    seed = seed < 2 ? seed : seed * 1664525 + 1013904223 | 2;
    const std::size_t piece = seed == 0 ? bytes.size() : seed == 1 ? 1 : 1 + (seed >> 24) % 64;
    const std::string_view part = bytes.substr(0, piece);
    bytes.remove_prefix(part.size());
    std::vector<char> buffer(kept.size() + part.size());
    std::copy(part.begin(), part.end(), std::copy(kept.begin(), kept.end(), buffer.begin()));
    while ((last = parser.parse(buffer)) == state::head_done) {
    }
    require(parser.buffered() <= buffer.size());
    buffer.resize(parser.buffered());
    kept = std::move(buffer);
  }
  if (last == state::need_more) last = parser.finish();
  require(last == state::done || last == state::failed);
  require((last == state::failed) == (parser.error() != outcome::fetched));
  require(parser.headers().raw().size() <= limits.max_head_bytes);
  require(parser.headers().size() <= limits.max_header_fields);
  seen s{parser.error(),
         parser.status(),
         std::string(parser.body(kept)),
         parser.keep_alive(),
         parser.truncated(),
         std::string(parser.headers().raw()),
         {}};
  require(s.body.size() <= limits.chunks.max_body_bytes);
  // A failed head is never read: its fields point into bytes that are gone.
  for (std::size_t i = 0; !s.head.empty() && i < parser.headers().size(); ++i) {
    const auto [name, value] = parser.headers()[i];
    s.fields.append(name).append("=").append(value).append("\n");
  }
  if (!s.head.empty()) read_fields(parser.headers());
  return s;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto kind = (data[0] & 1) != 0 ? request_kind::head : request_kind::get;
  const seen whole = run(bytes, kind, 0);
  require(run(bytes, kind, 1) == whole);
  require(run(bytes, kind, 2u + data[0]) == whole);
  return 0;
}
