#include "crawler/fetch/body_framing.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <string_view>

namespace orbweaver {
namespace {

constexpr std::uint64_t max_length = std::numeric_limits<std::int64_t>::max();

struct content_length {
  std::optional<std::uint64_t> value;  // none: larger than anything that could be counted
  bool doubtful = false;
};

// One element of a Content-Length. As curl: a leading '+' and whatever follows the digits are
// overlooked, a number beyond 63 bits counts as no length at all.
std::optional<content_length> read_length(std::string_view text) noexcept {
  content_length read;
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    read.doubtful = true;
  }
  std::uint64_t number = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (ec == std::errc::invalid_argument) return std::nullopt;
  if (ec == std::errc() && number <= max_length) read.value = number;
  read.doubtful |= end != text.data() + text.size() || !read.value;
  return read;
}

// All Content-Length fields together (RFC 9112 6.3 rule 5): repeats must agree.
result<std::optional<content_length>> read_lengths(const header_list& headers) {
  std::optional<content_length> all;
  bool bad = false;
  headers.for_each(header_id::content_length, [&](std::string_view value) {
    bool any = false;
    for_each_list_element(value, [&](std::string_view element) {
      any = true;
      const std::optional<content_length> one = read_length(element);
      if (!one || (all && all->value != one->value)) {
        bad = true;
        return;
      }
      const bool doubtful = one->doubtful || all.has_value();
      all = content_length{one->value, doubtful};
    });
    bad |= !any;
  });
  if (bad) return outcome::bad_content_length;
  return all;
}

enum class transfer_coding : std::uint8_t { none, chunked, other };

// RFC 9112 6.1. Codings other than chunked are undone like content codings, chunked must be the
// last; `identity` was one in RFC 2616 and means nothing.
result<transfer_coding> read_transfer_codings(const header_list& headers) {
  static constexpr std::array<std::string_view, 5> decodable{"gzip", "x-gzip", "deflate", "br",
                                                             "zstd"};
  auto last = transfer_coding::none;
  bool bad = false;
  const auto is = [](std::string_view a, std::string_view b) { return equals_ignoring_case(a, b); };
  headers.for_each(header_id::transfer_encoding, [&](std::string_view value) {
    for_each_list_element(value, [&](std::string_view coding) {
      if (is(coding, "identity")) return;
      if (is(coding, "chunked")) {
        last = transfer_coding::chunked;
        return;
      }
      bool known = false;
      for (const std::string_view name : decodable) known |= is(coding, name);
      bad |= !known || last == transfer_coding::chunked;
      last = transfer_coding::other;
    });
  });
  if (bad) return outcome::bad_encoding;
  return last;
}

// Content-Length of an answer that has no body; nothing depends on it.
std::optional<std::uint64_t> promised_length(const header_list& headers) {
  const auto lengths = read_lengths(headers);
  if (!lengths || !*lengths) return std::nullopt;
  return (*lengths)->value;
}

}  // namespace

result<body_framing> frame_body(const header_list& headers, unsigned status, request_kind kind,
                                bool http_1_1) {
  // 6.3 rule 1: no body, whatever the fields say.
  if (kind == request_kind::head || status < 200 || status == 204 || status == 304) {
    return body_framing{body_end::at_head, promised_length(headers), false};
  }
  // Rules 3 and 4: Transfer-Encoding overrides Content-Length.
  const result<transfer_coding> coding = read_transfer_codings(headers);
  if (!coding) return coding.error();
  if (*coding != transfer_coding::none) {
    const bool chunked = *coding == transfer_coding::chunked;
    const bool doubtful = headers.get(header_id::content_length).has_value() || !http_1_1;
    return body_framing{chunked ? body_end::at_last_chunk : body_end::at_close, std::nullopt,
                        doubtful || !chunked};
  }
  // Rules 5 and 6.
  const auto lengths = read_lengths(headers);
  if (!lengths) return lengths.error();
  if (*lengths && (*lengths)->value) {
    return body_framing{body_end::at_length, (*lengths)->value, (*lengths)->doubtful};
  }
  // Rule 8: until the server closes.
  return body_framing{body_end::at_close, std::nullopt, true};
}

bool wants_keep_alive(const header_list& headers, bool http_1_1) {
  bool close = false;
  bool keep = false;
  headers.for_each(header_id::connection, [&](std::string_view value) {
    for_each_list_element(value, [&](std::string_view option) {
      close |= equals_ignoring_case(option, "close");
      keep |= equals_ignoring_case(option, "keep-alive");
    });
  });
  return !close && (http_1_1 || keep);
}

}  // namespace orbweaver
