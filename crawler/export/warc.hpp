#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "crawler/export/gzip_member.hpp"
#include "crawler/export/sha1_digest.hpp"
#include "crawler/store/store.hpp"

namespace orbweaver {

// Where a page's record lies in an archive, and what an index says of it.
struct warc_entry {
  std::uint64_t offset = 0;  // of the compressed record, bytes
  std::uint64_t length = 0;
  std::string payload_digest;
  bool revisit = false;
};

// Writes exchanges as a WARC 1.1 archive (ISO 28500:2017): each record a gzip member, first the
// answer (`response`, or `revisit` where the payload has come before), then its `request`. What
// is written follows from the exchanges and the crawl's header alone: the same crawl makes the same
// bytes, and its records are named alike in every archive. Pure; the caller brings each payload
// twice, piece by piece, for its digests precede it:
//
//   archive.start(exchange);
//   for each piece: archive.digest(piece);
//   archive.begin(out);
//   if (archive.wants_payload()) for each piece: archive.add(piece, out);
//   entry = archive.end(out);
class warc_writer {
 public:
  explicit warc_writer(const crawl_header& of);

  // The archive's first record.
  void write_info(std::string& out);

  // The exchange is used until end().
  void start(const stored_exchange& exchange);
  void digest(std::string_view piece);
  void begin(std::string& out);
  // false: a revisit stands for it.
  bool wants_payload() const noexcept { return !is_revisit(); }
  void add(std::string_view piece, std::string& out);
  warc_entry end(std::string& out);

 private:
  bool is_revisit() const noexcept { return exchange_->same_as || exchange_->what.unchanged; }
  std::string answer_head(const std::string& payload_digest, const std::string& block_digest) const;
  void write_request(std::string& out);
  void open_member();
  void put(std::string_view bytes, std::string& out);
  void close_member(std::string& out);

  std::string info_id_;
  std::string info_date_;
  std::string info_fields_;
  gzip_member gzip_;
  sha1_digest payload_digest_;
  sha1_digest block_digest_;
  const stored_exchange* exchange_ = nullptr;
  std::string http_head_;
  warc_entry entry_;
  std::uint64_t offset_ = 0;
};

// The head of an answer with its payload undone of chunking: Transfer-Encoding, and the
// Content-Length it overrules, are renamed to X-Crawler-…; other transfer codings are kept.
std::string head_without_chunking(std::string_view response_head);

}  // namespace orbweaver
