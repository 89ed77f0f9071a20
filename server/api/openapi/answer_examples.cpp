#include "server/api/openapi/answer_examples.hpp"

#include <nlohmann/json.hpp>

#include "common/version.hpp"
#include "crawler/export/csv.hpp"
#include "crawler/export/statistics_json.hpp"
#include "server/api/crawl_request.hpp"
#include "server/api/cursor.hpp"
#include "server/api/json_document.hpp"
#include "server/api/operation.hpp"
#include "server/api/record_head.hpp"
#include "server/api/render.hpp"

namespace orbweaver {
namespace {

using json = nlohmann::ordered_json;
using std::chrono::milliseconds;

// Members stand in the order of a real answer.
constexpr std::string_view lines = R"json({
"Record": {
  "seq": 2, "referrer": "https://example.com/", "url": "https://example.com/docs",
  "finalUrl": "https://example.com/docs/", "redirects": ["https://example.com/docs"], "depth": 1,
  "status": 200, "contentType": "text/html", "charset": "UTF-8", "charsetSource": "header",
  "bytesOnWire": 5120, "bytes": 14336, "contentHash": "8837ff76d625a91f",
  "etag": "\"5f0c1e9a\"", "lastModified": "Thu, 01 Oct 2026 08:00:00 GMT",
  "timings": {"dns": 0.000012, "connect": 0.011, "tls": 0.024, "firstByte": 0.05, "total": 0.09},
  "fetchedAt": "2026-10-07T12:00:01.250Z", "title": "Documentation", "language": "en",
  "canonical": "https://example.com/docs/", "metadata": {"description": "All there is to know"},
  "links": [{"url": "https://example.com/", "text": "Home", "rel": "home", "element": "a"}],
  "outcome": "fetched", "attempts": 1
},
"LedgerLine": {
  "url": "https://example.com/private/", "outcome": "skipped",
  "reason": {"code": "robots_disallowed", "message": "robots.txt disallows it (line 2: /private/)"},
  "depth": 1, "referrer": "https://example.com/"
},
"Health": {"status": "ok"},
"Readiness": {"status": "ready", "store": "well"}
})json";

// A crawl of the second second, that has met both of the lines.
crawl_status crawl() {
  crawl_status out;
  out.id = crawl_id::parse("4qzg9pemkda3wkhvvgd395w5ef").value();
  out.state = crawl_state::running;
  out.created_at = wall_clock::time_point(milliseconds(1'791'374'400'000));
  out.started_at = out.created_at + milliseconds(8);
  crawl_spec spec;
  spec.urls = {"https://example.com/"};
  spec.name = "nightly";
  spec.labels = {{"team", "search"}};
  spec.limit = 100;
  out.request = std::make_shared<const crawl_spec>(std::move(spec));
  out.counts = {.discovered = 6,
                .queued = 2,
                .in_flight = 1,
                .fetched = 2,
                .skipped = 1,
                .bytes_on_wire = 11'264,
                .bytes_stored = 9216};
  out.pages_per_second = 1.5;
  out.bytes_per_second = 8448;
  out.progress = 0.5;
  out.eta = seconds_f(2);
  out.by_status = {{200, 2}};
  out.by_outcome = {{outcome::fetched, 2}, {outcome::robots_disallowed, 1}};
  return out;
}

json statistics() {
  statistics_snapshot out;
  add(out.latency, {0.000012, 0.011, 0.024, 0.05, 0.09});
  add(out.latency, {0, 0, 0, 0.04, 0.05});
  out.depths[0] = out.depths[1] = 1;
  out.content_types = {{"text/html", 2}};
  out.slowest = {{"example.com", 2, 0, 0.14, 0.09}};
  out.timeline = {{1, 1, 0, 5120}, {2, 1, 0, 6144}};
  return json::parse(statistics_as_json(out));
}

json about() {
  const request_field& field = *find_request_field("limit");
  const outcome_info& row = info(outcome::connect_timeout);
  return {{"version", version},
          {"requestFields", json::array({{{"name", field.name},
                                          {"type", "wholeNumber"},
                                          {"unit", field.unit},
                                          {"minimum", field.minimum},
                                          {"maximum", field.maximum},
                                          {"default", field.fallback},
                                          {"words", json::array()},
                                          {"help", field.help}}})},
          {"outcomes", json::array({{{"code", row.name},
                                     {"kind", name(row.kind)},
                                     {"transient", row.transient},
                                     {"description", row.description}}})},
          {"resultFormats", json::array({"json", "ndjson", "csv", "warc", "cdxj"})}};
}

json description() {
  return {{"openapi", "3.1.0"},
          {"info", {{"title", "Orbweaver"}, {"version", version}}},
          {"paths", json::object()}};
}

// A list that goes on behind its one item.
json page_of(const json& item, std::string_view list) {
  return {{"data", json::array({item})}, {"next", write_cursor(list, 2)}};
}

std::string events(const json& record) {
  std::string head;
  append_record_head(head, record.dump());
  return "event: state\ndata: " + status_as_json(crawl()).dump() +
         "\n\nid: 2\nevent: page\ndata: " + head +
         "\n\nevent: progress\ndata: " + progress_as_json(crawl()).dump() + "\n\n";
}

}  // namespace

json answer_examples() {
  json out = json::parse(lines);
  out["Crawl"] = status_as_json(crawl());
  out["Statistics"] = statistics();
  out["About"] = about();
  out["Description"] = description();
  const std::string one = "/v1/crawls/" + out["Crawl"]["id"].get<std::string>();
  out["CrawlPage"] = page_of(out["Crawl"], "/v1/crawls");
  out["RecordPage"] = page_of(out["Record"], one + "/results");
  out["LedgerPage"] = page_of(out["LedgerLine"], one + "/urls");
  return out;
}

std::string text_example(std::string_view media_type, const json& line) {
  if (media_type == "application/x-ndjson") return line.dump() + '\n';
  if (media_type == "text/event-stream") return events(line);
  if (media_type == "text/csv") {
    std::string out;
    append_csv_header(out);
    append_csv_row(out, line.dump());
    return out;
  }
  if (media_type == "text/x-cdxj")
    return "com,example)/docs 20261007120001 {\"url\": \"https://example.com/docs/\", \"mime\": "
           "\"text/html\", \"status\": \"200\", \"digest\": "
           "\"sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ\", \"length\": \"4711\", \"offset\": \"623\", "
           "\"filename\": \"4qzg9pemkda3wkhvvgd395w5ef.warc.gz\"}\n";
  if (media_type == "application/warc")  // as it reads once it is decompressed
    return "WARC/1.1\r\nWARC-Type: warcinfo\r\nContent-Type: application/warc-fields\r\n";
  if (media_type == metrics_media_type)
    return "# HELP orbweaver_urls_queued URLs that wait for their fetch.\n"
           "# TYPE orbweaver_urls_queued gauge\norbweaver_urls_queued 2\n";
  return "<!doctype html><title>Documentation</title>\n";
}

json problem_examples() {
  json out = json::object();
  for (const problem_info& row : problem_table()) {
    problem one{row.code, "", {}};
    if (row.code == problem_code::invalid_request) {
      const request_field& field = *find_request_field("limit");
      one.errors = {{"/limit", "must be " + expectation(field) + ", not 0"},
                    {"/maxdepth", "is not a known field; did you mean \"maxDepth\"?"}};
    } else if (row.code == problem_code::invalid_parameter) {
      one.errors = {{"format", "must be one of json, ndjson"}};
    } else if (row.code == problem_code::wrong_state) {
      one.detail = "The crawl is completed; it allows delete.";
    }
    out[std::string(row.name)] = {{"summary", row.title},
                                  {"value", json::parse(to_json(one, "61d96e740ab1bfa1-13"))}};
  }
  return out;
}

}  // namespace orbweaver
