#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "server/api/idempotency.hpp"
#include "server/api/operation.hpp"

namespace orbweaver {
namespace {

using enum parameter_type;
using enum problem_code;
using parameter = query_parameter;

constexpr std::string_view json = "application/json";
constexpr std::string_view ndjson = "application/x-ndjson";
constexpr std::uint64_t longest_page = 1000;
constexpr std::uint64_t usual_page = 100;

constexpr std::array<std::string_view, 7> states{"queued",    "running",   "pausing", "paused",
                                                 "completed", "cancelled", "failed"};
constexpr std::array<std::string_view, 2> formats{"json", "ndjson"};
constexpr std::array<std::string_view, 5> result_formats{"json", "ndjson", "csv", "warc", "cdxj"};
constexpr std::array<std::string_view, 3> outcomes{"fetched", "failed", "skipped"};
constexpr std::array<std::string_view, 4> fates{"fetched", "failed", "skipped", "queued"};

constexpr parameter cursor{"cursor",
                           text,
                           0,
                           0,
                           0,
                           {},
                           "Where to go on: `next` of the page before. Default: at the beginning.",
                           ""};
constexpr parameter limit{
    "limit", whole_number, 1, longest_page, usual_page, {}, "How many items a page holds at most.",
    "100"};

constexpr std::array list_query{
    parameter{"state", word, 0, 0, 0, states, "Only crawls in this state. Default: in any.",
              "running"},
    parameter{"label",
              text,
              0,
              0,
              0,
              {},
              "Only crawls with this label: `name`, or `name=value`. Default: with any or none.",
              "team=search"},
    limit,
    cursor,
};
constexpr std::array results_query{
    parameter{
        "format", word, 0, 0, 0, result_formats,
        "The format, instead of Accept: a page of records, or all of them, one a line; a table; "
        "a web archive of the requests and answers behind them, or that archive's index. Default: "
        "as Accept says, or else json.",
        "ndjson"},
    parameter{"follow",
              boolean,
              0,
              0,
              0,
              {},
              "Go on until the crawl ends, with the records to come. A stream only.",
              "true"},
    parameter{"outcome", word, 0, 0, 0, outcomes, "Only records of this outcome. Default: of any.",
              "failed"},
    limit,
    cursor,
};
constexpr std::array ledger_query{
    parameter{
        "format", word, 0, 0, 0, formats,
        "The format, instead of Accept: a page of lines, or all of them, one a line. Default: as "
        "Accept says, or else json.",
        "ndjson"},
    parameter{
        "outcome", word, 0, 0, 0, fates,
        "Only URLs with this outcome; `queued` are those that have none yet. Default: with any.",
        "skipped"},
    parameter{"reason",
              outcome_code,
              0,
              0,
              0,
              {},
              "Only URLs with this outcome code. Default: with any or none.",
              "robots_disallowed"},
    parameter{"prefix",
              text,
              0,
              0,
              0,
              {},
              "Only URLs that begin like this, byte for byte. Default: all.",
              "https://example.com/docs/"},
    limit,
    cursor,
};

constexpr std::array events_query{
    parameter{"tail",
              whole_number,
              0,
              longest_page,
              {},
              {},
              "Leave out pages before the last so many. Default: all are told.",
              "50"},
};

constexpr std::array crawl_made{success_answer{201, json, "Crawl", "The crawl, under way."}};
constexpr std::array crawl_shown{success_answer{200, json, "Crawl", "The crawl as it stands."}};
constexpr std::array crawl_changed{
    success_answer{202, json, "Crawl", "It is on its way; the crawl as it stands."}};
constexpr std::array crawl_removed{success_answer{204, "", "", "It is gone, with all its data."}};
constexpr std::array crawls_listed{success_answer{200, json, "CrawlPage", "Crawls, newest first."}};
constexpr std::array results_shown{
    success_answer{200, json, "RecordPage", "Records, in the order in which they were made."},
    success_answer{200, ndjson, "Record", "Records, one a line, each as `Record` describes it."},
    success_answer{200, "text/csv", "Record", "Records as a table (RFC 4180), with a header."},
    success_answer{200, "application/warc", "",
                   "A web archive: WARC 1.1, each record a gzip member."},
    success_answer{200, "text/x-cdxj", "", "The index of that archive."}};
constexpr std::array body_shown{
    success_answer{200, "*/*", "", "The bytes, of whatever type the page is."}};
constexpr std::array ledger_shown{
    success_answer{200, json, "LedgerPage", "URLs, in the order of their discovery."},
    success_answer{200, ndjson, "LedgerLine",
                   "URLs, one a line, each as `LedgerLine` describes it."}};
constexpr std::array events_told{
    success_answer{200, "text/event-stream", "Record", "Events, until the crawl is over."},
    success_answer{204, "", "", "The last event has been seen: there is nothing more to come."}};
constexpr std::array statistics_shown{
    success_answer{200, json, "Statistics", "What its fetches were like so far."}};
constexpr std::array about_shown{
    success_answer{200, json, "About", "What this service takes and tells."}};
constexpr std::array page_fetched{success_answer{200, json, "Record", "The page's record."}};
constexpr std::array numbers_told{
    success_answer{200, metrics_media_type, "", "In Prometheus's text format."}};
constexpr std::array well{success_answer{200, json, "Health", "All is well."}};
constexpr std::array ready{success_answer{200, json, "Readiness", "It takes work."}};
constexpr std::array described{
    success_answer{200, json, "Description", "This description of the API (OpenAPI 3.1)."}};

constexpr std::array unknown_crawl{crawl_not_found, storage_failed};
constexpr std::array for_making{
    invalid_request,         body_too_large,         unsupported_media_type, bad_idempotency_key,
    idempotency_in_progress, idempotency_key_reused, too_many_crawls,        quota_crawls_reached,
    quota_pages_reached,     quota_bytes_reached,    shutting_down,          storage_full,
    storage_failed};
constexpr std::array for_changing{crawl_not_found, wrong_state, storage_full, storage_failed};
constexpr std::array for_resuming{crawl_not_found,     wrong_state,  quota_pages_reached,
                                  quota_bytes_reached, storage_full, storage_failed};
constexpr std::array for_removing{crawl_not_found, storage_full, storage_failed};
constexpr std::array for_listing{bad_cursor, storage_failed};
constexpr std::array for_reading{crawl_not_found, bad_cursor, not_acceptable, storage_failed};
constexpr std::array for_results{crawl_not_found, bad_cursor, not_acceptable, body_not_kept,
                                 storage_failed};
constexpr std::array for_bodies{not_found, crawl_not_found, body_not_kept, storage_failed};
constexpr std::array for_fetching{invalid_request,     body_too_large,  unsupported_media_type,
                                  too_many_fetches,    too_many_crawls, quota_pages_reached,
                                  quota_bytes_reached, no_record,       shutting_down,
                                  storage_full,        storage_failed};
constexpr std::array for_readiness{shutting_down};

constexpr std::array making_headers{header_parameter{
    "Idempotency-Key",
    "The client's own name for this request, such as a UUID: a repetition makes no second crawl.",
    "^[!-~]+$", max_idempotency_key, "7d9f2c1e-5a34-4b8e-9f61-0c2d8a4b6e13"}};

// A browser that comes again says it by itself (HTML Living Standard, section 9.2).
constexpr std::array watching_headers{header_parameter{
    "Last-Event-ID",
    "The id of the last event that was seen: the stream goes on behind it. Default: from the first "
    "page on.",
    "^([0-9]{1,19}([.]end)?)?$", 23, "2"}};

// clang-format off
constexpr std::array table{
    operation{"createCrawl", "POST", "/v1/crawls", "Start a crawl",
        "The crawl is durable before it is answered for: from then on it goes on by itself, over "
        "restarts, until it ends or is ended. A request with an Idempotency-Key that is repeated, "
        "byte for byte, within 24 hours is given the first one's answer, and starts nothing.",
        {}, body_kind::crawl_request, crawl_made, for_making, false, false, making_headers},
    operation{"listCrawls", "GET", "/v1/crawls", "List crawls", "Newest first.",
        list_query, body_kind::none, crawls_listed, for_listing},
    operation{"getCrawl", "GET", "/v1/crawls/{id}", "Look at a crawl", "",
        {}, body_kind::none, crawl_shown, unknown_crawl},
    operation{"deleteCrawl", "DELETE", "/v1/crawls/{id}", "Delete a crawl",
        "Ends it, if it is not over, and removes everything it has brought.",
        {}, body_kind::none, crawl_removed, for_removing},
    operation{"pauseCrawl", "POST", "/v1/crawls/{id}/pause", "Pause a crawl",
        "No further fetch starts; those in flight come to their end.",
        {}, body_kind::none, crawl_changed, for_changing},
    operation{"resumeCrawl", "POST", "/v1/crawls/{id}/resume", "Resume a paused crawl", "",
        {}, body_kind::none, crawl_changed, for_resuming},
    operation{"cancelCrawl", "POST", "/v1/crawls/{id}/cancel", "Cancel a crawl",
        "It ends now; what it has brought stays.",
        {}, body_kind::none, crawl_changed, for_changing},
    operation{"getResults", "GET", "/v1/crawls/{id}/results", "Read records",
        "The log of records only ever grows: a cursor never skips one and never repeats one, also "
        "while the crawl runs. `next` is null when no record can follow. One call looks at so many "
        "records only: where `outcome` is rare, a page may be empty and have a `next`.",
        results_query, body_kind::none, results_shown, for_results},
    operation{"getBody", "GET", "/v1/crawls/{id}/results/{seq}/body", "Read a page's bytes",
        "As they were fetched, with the page's own type and for no browser to show: compressed for "
        "clients that accept the page's Content-Encoding, else decoded.",
        {}, body_kind::none, body_shown, for_bodies},
    operation{"getLedger", "GET", "/v1/crawls/{id}/urls", "Read the ledger of URLs",
        "Every URL the crawl has ever seen, what became of it, and why.",
        ledger_query, body_kind::none, ledger_shown, for_reading},
    operation{"getEvents", "GET", "/v1/crawls/{id}/events", "Watch a crawl",
        "Server-sent events: `state`, with the crawl, at the beginning, whenever its state changes "
        "and at the end; `progress`, with what changes of it, once a second; `page`, with the head "
        "of each record: no links, metadata, text. The id of an event is the `seq` of the last "
        "page before it, and ends in `.end` when it is the last of all; a request with that id as "
        "Last-Event-ID goes on behind it, without a gap and without telling a page twice.",
        events_query, body_kind::none, events_told, unknown_crawl, false, false, watching_headers},
    operation{"getStatistics", "GET", "/v1/crawls/{id}/statistics", "Look at a crawl's numbers",
        "Latencies, depths, content types, the slowest and the most failing hosts, and the speed "
        "over time. It is of bounded size, however large the crawl.",
        {}, body_kind::none, statistics_shown, unknown_crawl},
    operation{"fetchPage", "POST", "/v1/fetch", "Fetch one page now",
        "Answered with the page's record. Nothing is kept of it.",
        {}, body_kind::fetch_request, page_fetched, for_fetching},
    operation{"getAbout", "GET", "/v1/about", "What a form for requests is made from", "",
        {}, body_kind::none, about_shown, {}},
    operation{"getHealth", "GET", "/healthz", "Is the process alive?", "",
        {}, body_kind::none, well, {}, true, true},
    operation{"getReadiness", "GET", "/readyz", "Does it take work?", "",
        {}, body_kind::none, ready, for_readiness, true, true},
    operation{"getMetrics", "GET", "/metrics", "Numbers for Prometheus", "",
        {}, body_kind::none, numbers_told, {}, false, true},
    operation{"getDescription", "GET", "/openapi.json", "This description", "",
        {}, body_kind::none, described, {}, true},
};
// clang-format on

constexpr std::array common{malformed_request,    invalid_parameter,  forbidden_host,
                            forbidden_origin,     method_not_allowed, request_timeout,
                            body_too_large,       target_too_long,    expectation_failed,
                            header_too_large,     internal_error,     not_implemented,
                            too_many_connections, overloaded,         version_not_supported};
constexpr std::array for_access{key_required, key_invalid, too_many_attempts, scope_insufficient};

}  // namespace

std::span<const operation> operations() noexcept { return table; }

const operation& operation_named(std::string_view id) {
  const auto it = std::ranges::find(table, id, &operation::id);
  if (it == table.end()) throw std::logic_error("no such operation: " + std::string(id));
  return *it;
}

std::span<const problem_code> common_problems() noexcept { return common; }

std::span<const problem_code> access_problems(access_level level) noexcept {
  const std::span all(for_access);
  switch (level) {
    case access_level::open: return {};
    case access_level::read: return all.first(all.size() - 1);  // any key may
    case access_level::write: break;
  }
  return all;
}

}  // namespace orbweaver
