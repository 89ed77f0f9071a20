#include <array>

#include "crawler/export/json_text.hpp"
#include "server/api/accept.hpp"
#include "server/api/answers.hpp"
#include "server/api/cursor.hpp"
#include "server/api/operation.hpp"
#include "server/api/query.hpp"
#include "server/api/request_field.hpp"
#include "server/api/rest_api.hpp"

namespace orbweaver {
namespace {

constexpr std::size_t stream_batch = 1000;

constexpr std::array<std::string_view, 2> media_types{"application/json", "application/x-ndjson"};
constexpr std::size_t ndjson = 1;

struct ledger_request {
  ledger_query query;
  bool stream = false;
};

std::variant<ledger_request, problem> ledger_request_of(const request_context& request,
                                                        const std::string& list) {
  query_reader query(request.target, operation_named("getLedger").query);
  ledger_request out;
  std::optional<std::size_t> chosen;
  if (const auto format = query.word("format")) chosen = *format == "ndjson" ? ndjson : 0;
  out.query.limit = query.whole_number("limit");
  if (const auto word = query.word("outcome")) {
    out.query.kind = outcome_kind_from_name(*word);
    out.query.pending_only = !out.query.kind;  // a URL that is in flight counts as queued here
  }
  out.query.fate = query.outcome_code("reason");
  out.query.prefix = query.text("prefix").value_or("");
  const auto cursor = query.text("cursor");
  if (!chosen) chosen = preferred_type(request.head.field("Accept"), media_types);
  if (!chosen)
    return problem{problem_code::not_acceptable, "Offered are " + listed(media_types) + ".", {}};
  out.stream = chosen == ndjson;
  if (out.stream && query.given("limit")) query.refuse("limit", "is for pages, not for streams");
  if (auto wrong = query.finish()) return std::move(*wrong);
  if (!cursor) return out;
  const auto place = read_cursor(list, *cursor);
  if (!place) return problem{problem_code::bad_cursor, "", {}};
  out.query.after = *place;
  return out;
}

void append_line(std::string& out, const ledger_line& line, bool in_flight) {
  const auto member = [&out](std::string_view name, std::string_view value) {
    out += name;
    append_json_string(out, value);
  };
  member("{\"url\":", line.url);
  const std::string_view waiting = in_flight ? "inFlight" : "queued";
  member(",\"outcome\":", line.fate ? name(kind(*line.fate)) : waiting);
  if (line.fate && *line.fate != outcome::fetched) {
    std::string message(info(*line.fate).description);
    if (!line.reason.empty()) message.append(" (").append(line.reason).append(")");
    member(",\"reason\":{\"code\":", name(*line.fate));
    member(",\"message\":", message);
    out += '}';
  }
  out += ",\"depth\":";
  append_json_number(out, line.depth);
  if (line.referrer) member(",\"referrer\":", *line.referrer);
  if (line.duplicate_of) member(",\"duplicateOf\":", *line.duplicate_of);
  out += '}';
}

// The lines, with `between` after all but the last one.
void append_lines(std::string& out, const ledger_page& page,
                  const std::unordered_set<url_id>& in_flight, char between) {
  for (std::size_t i = 0; i < page.lines.size(); ++i) {
    if (i != 0) out += between;
    append_line(out, page.lines[i], in_flight.contains(page.lines[i].id));
  }
}

task<bool> stream_lines(store& records, engine& crawls, crawl_id id, ledger_query query,
                        body_writer& writer) {
  std::string text;
  for (;;) {
    const result<ledger_page> page = co_await records.urls(id, query);
    if (!page) co_return false;  // deleted meanwhile, or not to be read
    const auto in_flight = co_await crawls.in_flight(id);
    text.clear();
    append_lines(text, *page, in_flight, '\n');
    if (!text.empty()) text += '\n';
    const bool taken = co_await writer.write(text);
    if (!taken) co_return false;
    if (!page->more) co_return true;
    query.after = page->next;
  }
}

}  // namespace

task<reply> rest_api::show_ledger(request_context& request) {
  const auto id = id_of(request);
  if (!id) co_return no_such_crawl(request);
  const auto asked = ledger_request_of(request, request.target.path);
  if (const auto* wrong = std::get_if<problem>(&asked)) co_return refuse(request, *wrong);
  ledger_request wanted = std::get<ledger_request>(asked);
  if (wanted.stream) {
    const result<crawl_status> status = co_await crawls_.status(*id);
    if (!status) co_return refuse(request, status.error());
    wanted.query.limit = stream_batch;
    reply out;
    out.content_type = media_types[ndjson];
    out.produce = [this, id = *id, query = wanted.query](body_writer& writer) {
      return stream_lines(records_, crawls_, id, query, writer);
    };
    co_return out;
  }
  const result<ledger_page> page = co_await records_.urls(*id, wanted.query);
  if (!page) co_return refuse(request, page.error());
  const auto in_flight = co_await crawls_.in_flight(*id);
  std::string items;
  append_lines(items, *page, in_flight, ',');
  std::optional<std::uint64_t> next;
  if (page->more || !page->finished) next = page->next;
  co_return page_of(request, items, next);
}

}  // namespace orbweaver
