#include <array>

#include "crawler/export/csv.hpp"
#include "server/api/accept.hpp"
#include "server/api/answers.hpp"
#include "server/api/cursor.hpp"
#include "server/api/operation.hpp"
#include "server/api/query.hpp"
#include "server/api/request_field.hpp"
#include "server/api/rest_api.hpp"

namespace orbweaver {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t stream_batch = 1000;  // records read at once
constexpr std::size_t stream_batch_bytes = 256 << 10;
// A follower of a busy crawl is served in batches; one of a quiet crawl looks about now and then,
// for its client may have gone.
constexpr milliseconds batch_time{50};
constexpr milliseconds look_about{500};

enum class results_format : std::uint8_t { json, ndjson, csv, warc, cdxj };
using enum results_format;
constexpr std::array<std::string_view, 5> media_types{
    "application/json", "application/x-ndjson", "text/csv", "application/warc", "text/x-cdxj"};

// One of the words that the call knows.
results_format format_named(std::string_view word) {
  if (word == "ndjson") return ndjson;
  if (word == "csv") return csv;
  if (word == "warc") return warc;
  return word == "cdxj" ? cdxj : json;
}

bool is_archive(results_format format) { return format == warc || format == cdxj; }

struct results_request {
  results_query query;
  results_format format = json;
  bool follow = false;
};

// What is asked for decides about the format, then Accept. Following needs a stream, so that
// a client which takes anything gets one.
std::optional<results_format> format_of(const request_context& request, query_reader& query,
                                        bool follow) {
  if (const auto word = query.word("format")) return format_named(*word);
  const std::string accept = request.head.list("Accept");
  const auto chosen = preferred_type(accept, media_types);
  if (!chosen) return std::nullopt;
  if (follow && *chosen == 0 && accept.find("application/json") == std::string_view::npos)
    return ndjson;
  return static_cast<results_format>(*chosen);
}

// An archive is of the whole crawl, for an index counts its bytes.
void refuse_what_does_not_fit(const results_request& asked, query_reader& query) {
  if (asked.follow && (asked.format == json || asked.format == cdxj))
    query.refuse("follow", "needs one of the formats ndjson, csv and warc");
  if (asked.format != json && query.given("limit"))
    query.refuse("limit", "is for pages, not for streams");
  if (!is_archive(asked.format)) return;
  for (const std::string_view name : {"cursor", "outcome"})
    if (query.given(name)) query.refuse(name, "is for records, not for archives");
}

std::variant<results_request, problem> results_request_of(const request_context& request,
                                                          const std::string& list) {
  query_reader query(request.target, operation_named("getResults").query);
  results_request out;
  out.follow = query.flag("follow");
  out.query.limit = query.whole_number("limit");
  if (const auto word = query.word("outcome")) out.query.kind = outcome_kind_from_name(*word);
  const auto cursor = query.text("cursor");
  const auto format = format_of(request, query, out.follow);
  if (!format)
    return problem{problem_code::not_acceptable, "Offered are " + listed(media_types) + ".", {}};
  out.format = *format;
  refuse_what_does_not_fit(out, query);
  if (auto wrong = query.finish()) return std::move(*wrong);
  if (!cursor) return out;
  const auto place = read_cursor(list, *cursor);
  if (!place) return problem{problem_code::bad_cursor, "", {}};
  out.query.after = *place;
  return out;
}

void append_lines(std::string& out, const std::vector<record_line>& records) {
  std::size_t bytes = out.size();
  for (const record_line& record : records) bytes += record.json.size() + 1;
  out.reserve(bytes);
  for (const record_line& record : records) out.append(record.json).append("\n");
}

std::string table_of(const std::vector<record_line>& records) {
  std::string out;
  for (const record_line& record : records) append_csv_row(out, record.json);
  return out;
}

// All records, and with `follow` those to come until the crawl has ended. Tables are made where
// they hold nobody up.
task<bool> stream_records(store& records, asio::thread_pool& pool, crawl_id id,
                          results_request asked, body_writer& writer) {
  std::string text;
  if (asked.format == csv) append_csv_header(text);
  for (;;) {
    result<results_page> page = co_await records.read(id, asked.query);
    if (!page) co_return false;  // deleted meanwhile
    const bool none = page->records.empty();
    if (asked.format == csv && !none) {
      auto work = [&] { return table_of(page->records); };
      text += co_await run_on(pool.get_executor(), std::move(work));
    } else {
      append_lines(text, page->records);
    }
    // A slow client's batch is held once while it takes its time.
    page->records.clear();
    page->records.shrink_to_fit();
    const bool taken = co_await writer.write(text);
    if (!taken) co_return false;
    text.clear();
    asked.query.after = page->next;
    if (page->more) continue;
    if (!asked.follow || page->finished) co_return true;
    if (writer.ending()) co_return false;  // more would have come
    if (none) {
      co_await records.wait(id, asked.query.after, look_about);
    } else {
      co_await records.wait(id, asked.query.after + stream_batch, batch_time);
    }
  }
}

}  // namespace

task<reply> rest_api::show_results(request_context& request) {
  const auto asked = results_request_of(request, request.target.path);
  if (const auto* wrong = std::get_if<problem>(&asked)) co_return refuse(request, *wrong);
  const auto id = id_of(request);
  if (!id) co_return no_such_crawl(request);
  results_request wanted = std::get<results_request>(asked);
  if (wanted.format == json) co_return co_await page_of_results(request, *id, wanted.query);
  if (is_archive(wanted.format))
    co_return co_await archive_of(request, *id, wanted.format == cdxj, wanted.follow);
  const result<crawl_status> status = co_await crawls_.status(*id);
  if (!status) co_return refuse(request, status.error());
  wanted.query.limit = stream_batch;
  wanted.query.max_bytes = stream_batch_bytes;
  reply out;
  out.content_type = media_types[static_cast<std::size_t>(wanted.format)];
  out.produce = [this, id = *id, wanted](body_writer& writer) {
    return stream_records(records_, crawls_.compute(), id, wanted, writer);
  };
  co_return out;
}

// The records are JSON already and stay as they are.
task<reply> rest_api::page_of_results(request_context& request, crawl_id id, results_query query) {
  const result<results_page> page = co_await records_.read(id, query);
  if (!page) co_return refuse(request, page.error());
  std::string items;
  for (const record_line& record : page->records) {
    if (!items.empty()) items += ',';
    items += record.json;
  }
  std::optional<std::uint64_t> next;
  if (page->more || !page->finished) next = page->next;
  co_return page_of(request, items, next);
}

}  // namespace orbweaver
