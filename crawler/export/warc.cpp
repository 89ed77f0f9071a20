#include "crawler/export/warc.hpp"

#define XXH_INLINE_ALL
#include <algorithm>
#include <array>
#include <cstdio>
#include <xxhash.h>

#include "common/rfc3339.hpp"
#include "common/version.hpp"
#include "crawler/fetch/headers.hpp"

namespace orbweaver {
namespace {

constexpr std::string_view specification =
    "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/";
// Section 6.7: why a revisit has no payload.
constexpr std::string_view identical_payload =
    "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest";
constexpr std::string_view not_modified =
    "http://netpreserve.org/warc/1.1/revisit/server-not-modified";
constexpr std::string_view renamed_prefix = "X-Crawler-";

enum class record_kind : std::uint8_t { info, answer, request };

// Section 5.4. A UUID of our own making (RFC 9562, version 8), the same for the same record in
// every archive: an archive can refer to records of another.
std::string record_id(const exchange_place& place, record_kind kind) {
  std::array<std::uint8_t, 16 + 8 + 4 + 1> name{};
  std::copy(place.crawl.bytes.begin(), place.crawl.bytes.end(), name.begin());
  for (std::size_t i = 0; i < 8; ++i)
    name[16 + i] = static_cast<std::uint8_t>(place.seq >> 8 * i & 0xff);
  for (std::size_t i = 0; i < 4; ++i)
    name[24 + i] = static_cast<std::uint8_t>(place.index >> 8 * i & 0xff);
  name[28] = static_cast<std::uint8_t>(kind);
  const XXH128_hash_t hash = XXH3_128bits(name.data(), name.size());
  const std::uint64_t high = (hash.high64 & ~std::uint64_t{0xf000}) | 0x8000;
  const std::uint64_t low = (hash.low64 & ~(std::uint64_t{3} << 62)) | std::uint64_t{2} << 62;
  std::array<char, 60> out{};
  const int size =
      std::snprintf(out.data(), out.size(), "<urn:uuid:%08x-%04x-%04x-%04x-%012llx>",
                    static_cast<unsigned>(high >> 32), static_cast<unsigned>(high >> 16 & 0xffff),
                    static_cast<unsigned>(high & 0xffff), static_cast<unsigned>(low >> 48),
                    static_cast<unsigned long long>(low & 0xffffffffffff));
  return {out.data(), static_cast<std::size_t>(size)};
}

void field(std::string& out, std::string_view name, std::string_view value) {
  if (!value.empty()) out.append(name).append(": ").append(value).append("\r\n");
}

// Section 4: the version, and the fields every record has.
std::string begin_head(std::string_view type, const std::string& id, const std::string& date) {
  std::string out = "WARC/1.1\r\n";
  field(out, "WARC-Type", type);
  field(out, "WARC-Record-ID", id);
  field(out, "WARC-Date", date);
  return out;
}

void end_head(std::string& out, std::uint64_t length) {
  field(out, "Content-Length", std::to_string(length));
  out += "\r\n";
}

// Section 5.13.
std::string_view name(payload_cut cut) {
  switch (cut) {
    case payload_cut::none: return "";
    case payload_cut::length: return "length";
    case payload_cut::time: return "time";
    case payload_cut::disconnect: return "disconnect";
    case payload_cut::unspecified: return "unspecified";
  }
  return "";
}

std::string digest_of(std::string_view bytes) {
  sha1_digest out;
  out.add(bytes);
  return out.text();
}

// The line at the front of `text`, with its end and with the lines that are folded onto it.
std::string_view field_at_front(std::string_view text) {
  std::size_t end = 0;
  do {
    const std::size_t feed = text.find('\n', end);
    if (feed == std::string_view::npos) return text;
    end = feed + 1;
  } while (end < text.size() && (text[end] == ' ' || text[end] == '\t'));
  return text.substr(0, end);
}

bool is_named(std::string_view line, std::string_view name) {
  const std::size_t colon = line.find(':');
  return colon != std::string_view::npos &&
         equals_ignoring_case(trim_whitespace(line.substr(0, colon)), name);
}

// The codings of a Transfer-Encoding line but for chunked; `chunked`: it is among them.
std::string other_codings(std::string_view line, bool& chunked) {
  std::string out;
  std::string value(line.substr(line.find(':') + 1));
  std::ranges::replace_if(
      value, [](char c) { return c == '\r' || c == '\n'; }, ' ');
  for_each_list_element(value, [&](std::string_view coding) {
    if (equals_ignoring_case(coding, "chunked")) {
      chunked = true;
    } else {
      out.append(out.empty() ? "" : ", ").append(coding);
    }
  });
  return out;
}

}  // namespace

std::string head_without_chunking(std::string_view head) {
  bool chunked = false;
  for (std::string_view left = head; !left.empty();) {
    const std::string_view line = field_at_front(left);
    if (is_named(line, "Transfer-Encoding")) other_codings(line, chunked);
    left.remove_prefix(line.size());
  }
  if (!chunked) return std::string(head);
  std::string out;
  for (std::string_view left = head; !left.empty();) {
    const std::string_view line = field_at_front(left);
    left.remove_prefix(line.size());
    const bool transfer = is_named(line, "Transfer-Encoding");
    if (transfer || is_named(line, "Content-Length")) out += renamed_prefix;
    out += line;
    if (transfer) field(out, "Transfer-Encoding", other_codings(line, chunked));
  }
  return out;
}

warc_writer::warc_writer(const crawl_header& of)
    : info_id_(record_id({.crawl = of.id}, record_kind::info)),
      info_date_(to_rfc3339(of.created_at)) {
  const crawl_spec& spec = *of.spec;
  field(info_fields_, "software", std::string("Orbweaver/") + version);
  field(info_fields_, "format", "WARC File Format 1.1");
  field(info_fields_, "conformsTo", specification);
  field(info_fields_, "robots", spec.robots == robots_policy::obey ? "obey" : "ignore");
  field(info_fields_, "http-header-user-agent", spec.user_agent);
  field(info_fields_, "isPartOf", of.id.to_string());
  field(info_fields_, "description", spec.name);
}

void warc_writer::write_info(std::string& out) {
  std::string head = begin_head("warcinfo", info_id_, info_date_);
  field(head, "WARC-Block-Digest", digest_of(info_fields_));
  field(head, "Content-Type", "application/warc-fields");
  end_head(head, info_fields_.size());
  open_member();
  put(head, out);
  put(info_fields_, out);
  close_member(out);
}

void warc_writer::start(const stored_exchange& exchange) {
  exchange_ = &exchange;
  http_head_ = head_without_chunking(exchange.what.response_head);
  payload_digest_.begin();
  block_digest_.begin();
  block_digest_.add(http_head_);
}

void warc_writer::digest(std::string_view piece) {
  payload_digest_.add(piece);
  if (!is_revisit()) block_digest_.add(piece);
}

void warc_writer::begin(std::string& out) {
  entry_ = {.offset = offset_, .revisit = is_revisit()};
  const http_exchange& what = exchange_->what;
  if (what.payload_bytes != 0 || !what.unchanged) entry_.payload_digest = payload_digest_.text();
  open_member();
  put(answer_head(entry_.payload_digest, block_digest_.text()), out);
  put(http_head_, out);
}

// Sections 6.3 and 6.7.
std::string warc_writer::answer_head(const std::string& payload_digest,
                                     const std::string& block_digest) const {
  const http_exchange& what = exchange_->what;
  const bool revisit = is_revisit();
  std::string out =
      begin_head(revisit ? "revisit" : "response", record_id(exchange_->place, record_kind::answer),
                 to_rfc3339(what.time));
  field(out, "WARC-Warcinfo-ID", info_id_);
  field(out, "WARC-Target-URI", what.url);
  field(out, "WARC-IP-Address", what.address);
  if (revisit) {
    const earlier_exchange& earlier = what.unchanged ? *what.unchanged : *exchange_->same_as;
    field(out, "WARC-Profile", what.unchanged ? not_modified : identical_payload);
    field(out, "WARC-Refers-To", record_id(earlier.place, record_kind::answer));
    field(out, "WARC-Refers-To-Target-URI", earlier.url);
    field(out, "WARC-Refers-To-Date", to_rfc3339(earlier.time));
  } else {
    field(out, "WARC-Truncated", name(what.cut));
  }
  field(out, "WARC-Payload-Digest", payload_digest);
  field(out, "WARC-Block-Digest", block_digest);
  field(out, "Content-Type", "application/http; msgtype=response");
  end_head(out, http_head_.size() + (revisit ? 0 : what.payload_bytes));
  return out;
}

void warc_writer::add(std::string_view piece, std::string& out) { put(piece, out); }

warc_entry warc_writer::end(std::string& out) {
  close_member(out);
  entry_.length = offset_ - entry_.offset;
  write_request(out);
  return std::move(entry_);
}

// Section 6.5.
void warc_writer::write_request(std::string& out) {
  const http_exchange& what = exchange_->what;
  std::string head = begin_head("request", record_id(exchange_->place, record_kind::request),
                                to_rfc3339(what.time));
  field(head, "WARC-Warcinfo-ID", info_id_);
  field(head, "WARC-Target-URI", what.url);
  field(head, "WARC-IP-Address", what.address);
  field(head, "WARC-Concurrent-To", record_id(exchange_->place, record_kind::answer));
  field(head, "WARC-Block-Digest", digest_of(what.request_head));
  field(head, "Content-Type", "application/http; msgtype=request");
  end_head(head, what.request_head.size());
  open_member();
  put(head, out);
  put(what.request_head, out);
  close_member(out);
}

void warc_writer::open_member() { gzip_.begin(); }

void warc_writer::put(std::string_view bytes, std::string& out) {
  const std::size_t before = out.size();
  gzip_.add(bytes, out);
  offset_ += out.size() - before;
}

// Section 4: two line ends close a record.
void warc_writer::close_member(std::string& out) {
  put("\r\n\r\n", out);
  const std::size_t before = out.size();
  gzip_.end(out);
  offset_ += out.size() - before;
}

}  // namespace orbweaver
