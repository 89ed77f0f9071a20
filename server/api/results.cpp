#include <array>

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

constexpr std::array<std::string_view, 2> media_types{"application/json", "application/x-ndjson"};
constexpr std::size_t ndjson = 1;

struct results_request {
  results_query query;
  bool stream = false;
  bool follow = false;
};

// What is asked for decides about the format, then Accept. Following needs a stream, so that
// a client which takes anything gets one.
std::variant<results_request, problem> results_request_of(const request_context& request,
                                                          const std::string& list) {
  query_reader query(request.target, operation_named("getResults").query);
  results_request out;
  const auto format = query.word("format");
  out.follow = query.flag("follow");
  out.query.limit = query.whole_number("limit");
  if (const auto word = query.word("outcome")) out.query.kind = outcome_kind_from_name(*word);
  const auto cursor = query.text("cursor");
  const std::string accept = request.head.list("Accept");
  std::optional<std::size_t> chosen;
  if (format) chosen = *format == "ndjson" ? ndjson : 0;
  if (!chosen) chosen = preferred_type(accept, media_types);
  if (!chosen)
    return problem{problem_code::not_acceptable, "Offered are " + listed(media_types) + ".", {}};
  if (!format && out.follow && accept.find("application/json") == std::string_view::npos)
    chosen = ndjson;
  out.stream = chosen == ndjson;
  if (out.follow && !out.stream) query.refuse("follow", "needs the format ndjson");
  if (out.stream && query.given("limit")) query.refuse("limit", "is for pages, not for streams");
  if (auto wrong = query.finish()) return std::move(*wrong);
  if (!cursor) return out;
  const auto place = read_cursor(list, *cursor);
  if (!place) return problem{problem_code::bad_cursor, "", {}};
  out.query.after = *place;
  return out;
}

void append_lines(std::string& out, const std::vector<record_line>& records) {
  for (const record_line& record : records) out.append(record.json).append("\n");
}

// All records, and with `follow` those to come until the crawl has ended.
task<bool> stream_records(store& records, crawl_id id, results_query query, bool follow,
                          body_writer& writer) {
  std::string text;
  for (;;) {
    const result<results_page> page = co_await records.read(id, query);
    if (!page) co_return false;  // deleted meanwhile
    text.clear();
    append_lines(text, page->records);
    const bool taken = co_await writer.write(text);
    if (!taken) co_return false;
    query.after = page->next;
    if (page->more) continue;
    if (!follow || page->finished) co_return true;
    if (writer.ending()) co_return false;  // more would have come
    if (page->records.empty()) {
      co_await records.wait(id, query.after, look_about);
    } else {
      co_await records.wait(id, query.after + stream_batch, batch_time);
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
  if (!wanted.stream) co_return co_await page_of_results(request, *id, wanted.query);
  const result<crawl_status> status = co_await crawls_.status(*id);
  if (!status) co_return refuse(request, status.error());
  wanted.query.limit = stream_batch;
  wanted.query.max_bytes = stream_batch_bytes;
  reply out;
  out.content_type = media_types[ndjson];
  out.produce = [this, id = *id, wanted](body_writer& writer) {
    return stream_records(records_, id, wanted.query, wanted.follow, writer);
  };
  co_return out;
}

// The records are JSON already and stay as they are.
task<reply> rest_api::page_of_results(request_context& request, crawl_id id, results_query query) {
  const result<results_page> page = co_await records_.read(id, query);
  if (!page) co_return refuse(request, page.error());
  std::string out = "{\"data\":[";
  for (const record_line& record : page->records) {
    if (out.back() != '[') out += ',';
    out += record.json;
  }
  out += "],\"next\":";
  if (page->more || !page->finished) {
    out += '"' + write_cursor(request.target.path, page->next) + '"';
  } else {
    out += "null";
  }
  co_return reply::json(200, out += '}');
}

}  // namespace orbweaver
