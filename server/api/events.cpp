// GET /v1/crawls/{id}/events: the crawl as it goes on, in the event-stream format (HTML Living
// Standard, section 9.2).
#include <charconv>
#include <nlohmann/json.hpp>

#include "server/api/answers.hpp"
#include "server/api/json_document.hpp"
#include "server/api/operation.hpp"
#include "server/api/query.hpp"
#include "server/api/record_head.hpp"
#include "server/api/render.hpp"
#include "server/api/rest_api.hpp"

namespace orbweaver {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t batch = 200;  // records read at once
constexpr std::size_t batch_bytes = 256 << 10;
constexpr milliseconds batch_time{100};  // between two batches of a busy crawl
constexpr seconds progress_time{1};
constexpr seconds longest_silence{15};  // then a comment says that the stream is alive
constexpr std::string_view comment = ":\n\n";

// An id is the seq of the last page told, and of the last event of all, this after it.
constexpr std::string_view end_mark = ".end";

struct events_request {
  std::uint64_t after = 0;  // pages with a greater seq are told
  bool ended = false;       // everything has been told
  std::optional<std::uint64_t> tail;
};

std::variant<events_request, problem> events_request_of(const request_context& request) {
  query_reader query(request.target, operation_named("getEvents").query);
  events_request out;
  const std::uint64_t tail = query.whole_number("tail");
  if (query.given("tail")) out.tail = tail;
  std::string_view last = request.head.field("Last-Event-ID");
  if (!last.empty()) {
    out.ended = last.ends_with(end_mark);
    if (out.ended) last.remove_suffix(end_mark.size());
    const char* const end = last.data() + last.size();
    const auto [stop, error] = std::from_chars(last.data(), end, out.after);
    if (error != std::errc() || stop != end)
      query.refuse("Last-Event-ID", "is not the id of an event of this stream");
  }
  if (auto wrong = query.finish()) return std::move(*wrong);
  return out;
}

void append_event(std::string& out, std::string_view name, std::string_view data) {
  out.append("event: ").append(name).append("\ndata: ").append(data).append("\n\n");
}

void append_id(std::string& out, std::uint64_t seq, std::string_view mark = {}) {
  out.append("id: ").append(std::to_string(seq)).append(mark).append("\n");
}

// What one client is told. Nothing is kept for it beyond one batch: a slow one is told later.
class event_stream {
 public:
  event_stream(engine& crawls, store& records, crawl_id id, std::uint64_t after)
      : crawls_(crawls), records_(records), id_(id) {
    query_.after = after;
    query_.limit = batch;
    query_.max_bytes = batch_bytes;
  }

  // false: the client shall come again, or knows why not.
  task<bool> run(body_writer& writer) {
    for (;;) {
      text_.clear();
      const result<results_page> page = co_await records_.read(id_, query_);
      if (!page) co_return false;  // deleted meanwhile
      // The state comes first, and a change of it before the pages that came later.
      const bool told = co_await tell_status();
      if (!told) co_return false;
      append_pages(*page);
      const bool over = page->finished && !page->more;
      if (over) {
        const bool ended = co_await tell_end();
        if (!ended) co_return false;
      }
      const bool taken = co_await writer.write(text_);
      if (!taken || over) co_return taken;
      if (writer.ending()) co_return false;
      if (page->more) continue;
      if (page->records.empty()) {
        co_await records_.wait(id_, query_.after, until_progress());
      } else {
        co_await records_.wait(id_, query_.after + batch, batch_time);
      }
    }
  }

 private:
  clock::duration until_progress() const {
    const auto left = told_ + progress_time - clock::now();
    return std::clamp<clock::duration>(left, milliseconds(1), progress_time);
  }

  task<bool> tell_status() {
    const auto now = clock::now();
    if (state_ && now - told_ < progress_time) co_return true;
    const result<crawl_status> status = co_await crawls_.status(id_);
    if (!status) co_return false;
    told_ = now;
    if (state_ != status->state) {
      state_ = status->state;
      append_event(text_, "state", json_text(status_as_json(*status)));
      progress_.clear();
    } else if (std::string fresh = json_text(progress_as_json(*status)); fresh != progress_) {
      progress_ = std::move(fresh);
      append_event(text_, "progress", progress_);
    }
    if (!text_.empty()) heard_ = now;
    if (now - heard_ < longest_silence) co_return true;
    heard_ = now;
    text_ += comment;
    co_return true;
  }

  void append_pages(const results_page& page) {
    for (const record_line& record : page.records) {
      append_id(text_, record.seq);
      head_.clear();
      append_record_head(head_, record.json);
      append_event(text_, "page", head_);
    }
    query_.after = page.next;
  }

  task<bool> tell_end() {
    const result<crawl_status> status = co_await crawls_.status(id_);
    if (!status) co_return false;
    append_id(text_, query_.after, end_mark);
    append_event(text_, "state", json_text(status_as_json(*status)));
    co_return true;
  }

  engine& crawls_;
  store& records_;
  crawl_id id_;
  results_query query_;
  std::optional<crawl_state> state_;  // as it was told last
  clock::time_point told_{};          // when that was asked for
  clock::time_point heard_{};         // when the client was told anything
  std::string progress_;              // as it was told last
  std::string text_;
  std::string head_;
};

task<bool> stream_events(engine& crawls, store& records, crawl_id id, std::uint64_t after,
                         body_writer& writer) {
  event_stream stream(crawls, records, id, after);
  co_return co_await stream.run(writer);
}

}  // namespace

task<reply> rest_api::show_events(request_context& request) {
  const auto asked = events_request_of(request);
  if (const auto* wrong = std::get_if<problem>(&asked)) co_return refuse(request, *wrong);
  const auto id = id_of(request);
  if (!id) co_return no_such_crawl(request);
  events_request wanted = std::get<events_request>(asked);
  const result<stored_crawl> crawl = co_await records_.describe(*id);
  if (!crawl) co_return refuse(request, crawl.error());
  reply out;
  if (wanted.ended) {  // this tells a browser not to come again
    out.status = 204;
    co_return out;
  }
  const std::uint64_t last = crawl->tally.last_seq;
  if (wanted.tail && last > *wanted.tail)
    wanted.after = std::max(wanted.after, last - *wanted.tail);
  out.content_type = "text/event-stream";
  out.produce = [this, id = *id, after = wanted.after](body_writer& writer) {
    return stream_events(crawls_, records_, id, after, writer);
  };
  co_return out;
}

task<reply> rest_api::show_statistics(request_context& request) {
  const auto id = id_of(request);
  if (!id) co_return no_such_crawl(request);
  result<std::string> found = co_await crawls_.statistics(*id);
  if (!found) co_return refuse(request, found.error());
  co_return reply::json(200, std::move(*found));
}

}  // namespace orbweaver
