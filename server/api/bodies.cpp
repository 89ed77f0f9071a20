// A page's bytes, as they were fetched.
#include <charconv>

#include "crawler/fetch/decode.hpp"
#include "crawler/fetch/earlier_page.hpp"
#include "crawler/fetch/http_token.hpp"
#include "crawler/fetch/kept_head.hpp"
#include "crawler/fetch/media_type.hpp"
#include "server/api/accept.hpp"
#include "server/api/answers.hpp"
#include "server/api/rest_api.hpp"

namespace orbweaver {
namespace {

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size() || out == 0) return std::nullopt;
  return out;
}

// Whatever it is, no browser shall show it as a page of this service.
void disarm(reply& out) {
  out.headers.emplace_back("Content-Disposition", "attachment");
  out.headers.emplace_back("Content-Security-Policy", "sandbox; default-src 'none'");
}

// Of the page's own type only what is sure to be one.
std::string type_of(const std::optional<media_type>& type) {
  if (!type) return "application/octet-stream";
  std::string out = type->essence;
  if (type->charset && is_token(*type->charset)) out.append(";charset=").append(*type->charset);
  return out;
}

std::string_view name_of(content_coding coding) {
  switch (coding) {
    case content_coding::gzip: return "gzip";
    case content_coding::deflate: return "deflate";
    case content_coding::br: return "br";
    case content_coding::zstd: return "zstd";
  }
  return {};
}

std::string names_of(const coding_list& codings) {
  std::string out;
  for (std::size_t i = 0; i < codings.size(); ++i)
    out.append(i == 0 ? "" : ", ").append(name_of(codings[i]));
  return out;
}

bool takes(const request_context& request, const coding_list& codings) {
  const std::string accepted = request.head.list("Accept-Encoding");
  for (std::size_t i = 0; i < codings.size(); ++i)
    if (!accepts_coding(accepted, name_of(codings[i]))) return false;
  return true;
}

// The bytes of a page whose head is gone: undone of the coding that makes them as many as the page
// had. Of several codings, which no server applies, none is found.
bool undo_unknown(std::string_view wire, std::uint64_t page_bytes, const decode_limits& limits,
                  std::string& out) {
  using enum content_coding;
  for (const content_coding coding : {gzip, zstd, deflate, br}) {
    coding_list alone;
    alone.add(coding);
    const decode_result ended = decode_body(wire, alone, limits, out);
    if (ended.error == outcome::fetched && !ended.mislabelled && out.size() == page_bytes)
      return true;
  }
  return false;
}

// Without the braces.
std::string_view members_of(std::string_view record) { return record.substr(1, record.size() - 2); }

// A body that is decoded for a client that cannot is in memory as a whole: so many at one time.
class decoding_place {
 public:
  explicit decoding_place(std::atomic<std::size_t>& used)
      : used_(used), given_(used.fetch_add(1) < max_body_decodings) {}
  ~decoding_place() { used_.fetch_sub(1); }
  decoding_place(const decoding_place&) = delete;
  decoding_place& operator=(const decoding_place&) = delete;

  bool given() const noexcept { return given_; }
  std::string body;

 private:
  std::atomic<std::size_t>& used_;
  bool given_;
};

task<result<std::string>> read_payload(store& records, fingerprint hash, std::size_t pieces) {
  std::string out;
  for (std::size_t at = 0; at < pieces; ++at) {
    const result<std::string> piece = co_await records.payload_piece(hash, at);
    if (!piece) co_return piece.error();
    out += *piece;
  }
  co_return out;
}

// The first piece is there already.
task<bool> send_pieces(store& records, fingerprint hash, std::size_t pieces, std::string piece,
                       body_writer& writer) {
  for (std::size_t at = 1;; ++at) {
    const bool taken = co_await writer.write(piece);
    if (!taken || at == pieces) co_return taken;
    result<std::string> next = co_await records.payload_piece(hash, at);
    if (!next) co_return false;  // deleted meanwhile
    piece = std::move(*next);
  }
}

task<bool> send_decoded(std::shared_ptr<decoding_place> place, body_writer& writer) {
  co_return co_await writer.write(place->body);
}

}  // namespace

task<reply> rest_api::show_body(request_context& request) {
  const auto id = id_of(request);
  if (!id) co_return no_such_crawl(request);
  const auto seq = number_in(request.captures.at(1));
  if (!seq) co_return refuse(request, problem_code::not_found);
  const exchanges_query query{.after = *seq - 1, .limit = 1};
  const result<exchanges_page> page = co_await records_.exchanges(*id, query);
  if (!page) co_return refuse(request, page.error());
  if (page->exchanges.empty() || page->exchanges.back().place.seq != *seq)
    co_return refuse(request, problem_code::body_not_kept);
  const stored_exchange& one = page->exchanges.back();
  if (one.what.payload_bytes == 0) co_return refuse(request, problem_code::body_not_kept);
  if (one.what.unchanged) co_return co_await unchanged_body(request, one);
  co_return co_await body_of(request, one.what, one.what.response_head);
}

// The head of a 304 says nothing of the bytes: that of the answer that brought them does.
task<reply> rest_api::unchanged_body(request_context& request, const stored_exchange& one) {
  const exchange_place& at = one.what.unchanged->place;
  const exchanges_query query{.after = at.seq - 1, .limit = 1};
  const result<exchanges_page> page = co_await records_.exchanges(at.crawl, query);
  if (!page && page.error() != service_error::not_found) co_return refuse(request, page.error());
  if (page)
    for (const stored_exchange& earlier : page->exchanges)
      if (earlier.place == at)
        co_return co_await body_of(request, one.what, earlier.what.response_head);
  co_return co_await headless_body(request, one);
}

// The crawl that had the head is deleted. The record has taken over what it said of the page.
task<reply> rest_api::headless_body(request_context& request, const stored_exchange& one) {
  const results_query query{.after = one.place.seq - 1, .limit = 1};
  const result<results_page> page = co_await records_.read(one.place.crawl, query);
  if (!page) co_return refuse(request, page.error());
  std::optional<earlier_page> known;
  if (!page->records.empty()) known = read_earlier_page(members_of(page->records.front().json));
  if (!known) known.emplace();
  reply out;
  out.content_type = type_of(parse_media_type(known->content_type));
  disarm(out);
  if (known->bytes == 0 || known->bytes == one.what.payload_bytes)
    co_return co_await as_it_came(request, one.what, std::move(out));
  const decode_limits limits{.max_output_bytes = caps_.max_body_bytes};
  undoing undo = [limits, bytes = known->bytes](const std::string& wire, std::string& body) {
    return undo_unknown(wire, bytes, limits, body);
  };
  co_return co_await decoded(request, one.what, std::move(undo), "", std::move(out));
}

task<reply> rest_api::body_of(request_context& request, const http_exchange& exchange,
                              std::string_view response_head) {
  const kept_head head(response_head);
  reply out;
  out.content_type = type_of(media_type_of(head.headers()));
  disarm(out);
  const auto codings = codings_of(head.headers());
  if (codings && !codings->empty()) {
    out.headers.emplace_back("Vary", "Accept-Encoding");
    if (!takes(request, *codings)) {
      const decode_limits limits{.max_output_bytes = caps_.max_body_bytes};
      undoing undo = [limits, codings = *codings](const std::string& wire, std::string& body) {
        const outcome ended = decode_body(wire, codings, limits, body).error;
        return ended == outcome::fetched || ended == outcome::body_incomplete;
      };
      co_return co_await decoded(request, exchange, std::move(undo), names_of(*codings),
                                 std::move(out));
    }
    out.headers.emplace_back("Content-Encoding", names_of(*codings));
  }
  co_return co_await as_it_came(request, exchange, std::move(out));
}

task<reply> rest_api::as_it_came(request_context& request, const http_exchange& exchange,
                                 reply out) {
  const std::size_t pieces = payload_pieces(exchange.payload_bytes);
  result<std::string> first = co_await records_.payload_piece(exchange.hash, 0);
  if (!first) co_return refuse(request, first.error());
  out.produce = [this, hash = exchange.hash, pieces, first = *first](body_writer& writer) {
    return send_pieces(records_, hash, pieces, first, writer);
  };
  co_return out;
}

// What cannot be decoded is sent as it came, and is called so.
task<reply> rest_api::decoded(request_context& request, const http_exchange& exchange, undoing undo,
                              std::string codings, reply out) {
  const auto place = std::make_shared<decoding_place>(body_decodings_);
  if (!place->given()) co_return refuse(request, problem_code::overloaded);
  const std::size_t pieces = payload_pieces(exchange.payload_bytes);
  result<std::string> wire = co_await read_payload(records_, exchange.hash, pieces);
  if (!wire) co_return refuse(request, wire.error());
  auto decode = [&] { return undo(*wire, place->body); };
  const bool is_undone = co_await run_on(crawls_.compute().get_executor(), std::move(decode));
  if (!is_undone) {
    place->body = std::move(*wire);
    if (codings.empty())  // what it is coded by is not known
      out.content_type = "application/octet-stream";
    else
      out.headers.emplace_back("Content-Encoding", std::move(codings));
  }
  out.produce = [place](body_writer& writer) { return send_decoded(place, writer); };
  co_return out;
}

}  // namespace orbweaver
