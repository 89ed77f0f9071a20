// Status lines and header fields that are not quite HTTP, or not at all.
#include "tests/support/fault_case.hpp"

namespace orbweaver::test {
namespace {

using step = fault_step::kind;
using namespace std::string_literals;

const std::string rest = "Content-Type: text/html\r\nContent-Length: 4\r\n\r\nbody";

fault_case head(std::string what, std::string response, fault_expectation expect, int curl,
                std::string why = "") {
  return {.name = "head." + what,
          .play = {say(std::move(response))},
          .expect = std::move(expect),
          .curl = curl,
          .why = std::move(why)};
}
// The server ends the connection after it.
fault_case ended(std::string what, std::string response, fault_expectation expect, int curl,
                 std::string why = "") {
  fault_case out =
      head(std::move(what), std::move(response), std::move(expect), curl, std::move(why));
  out.play.push_back(then(step::close));
  return out;
}

const fault_expectation kept{"fetched", 200, "", "body", {}, true};
const fault_expectation closed{"fetched", 200, "", "body", {}, false};
const fault_expectation refused{"bad_response", 0, "", {}, {}, false};

std::string fields(std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += "X-" + std::to_string(i) + ": y\r\n";
  return out;
}

std::string interim(int count, const std::string& status) {
  std::string out;
  for (int i = 0; i < count; ++i) out += "HTTP/1.1 " + status + "\r\nX: y\r\n\r\n";
  return out;
}

}  // namespace

std::vector<fault_case> status_line_faults() {
  const std::string upgraded = "for us no protocol but HTTP/1.1 follows a request for none other";
  return {
      head("lower-case", "http/1.1 200 ok\r\n" + rest, kept, 0),
      head("no-reason", "HTTP/1.1 200\r\n" + rest, kept, 0),
      head("no-reason-but-space", "HTTP/1.1 200 \r\n" + rest, kept, 0),
      head("no-space-after-status", "HTTP/1.1 200OK\r\n" + rest, kept, 0),
      head("several-spaces", "HTTP/1.1   200 OK\r\n" + rest, kept, 0),
      head("odd-reason", "HTTP/1.1 200 \xff\x01 \xc3\xa9 HTTP/1.1 404\r\n" + rest, kept, 0),
      head("long-reason", "HTTP/1.1 200 " + std::string(20'000, 'r') + "\r\n" + rest, kept, 0),
      head("tab-before-status", "HTTP/1.1\t200 OK\r\n" + rest, refused, 1),
      head("version-1.0", "HTTP/1.0 200 OK\r\n" + rest, closed, 0),
      head("version-1.0-keep-alive", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n" + rest, kept,
           0),
      head("version-2", "HTTP/2 200\r\n" + rest, closed, 0),
      head("version-2.0", "HTTP/2.0 200 OK\r\n" + rest, closed, 0),
      head("version-3", "HTTP/3 200 OK\r\n" + rest, refused, 1),
      head("version-1.2", "HTTP/1.2 200 OK\r\n" + rest, refused, 1),
      head("version-none", "HTTP 200 OK\r\n" + rest, refused, 1),
      head("icy", "ICY 200 OK\r\n" + rest, refused, 1),
      head("status-of-two-digits", "HTTP/1.1 20 OK\r\n" + rest, refused, 1),
      head("status-of-four-digits", "HTTP/1.1 2000 OK\r\n" + rest, refused, 1),
      head("status-of-letters", "HTTP/1.1 abc OK\r\n" + rest, refused, 1),
      head("status-negative", "HTTP/1.1 -20 OK\r\n" + rest, refused, 1),
      head("status-000", "HTTP/1.1 000 OK\r\n" + rest, refused, 1),
      head("status-099", "HTTP/1.1 099 OK\r\n" + rest, refused, 1),
      head("status-999", "HTTP/1.1 999 Denied\r\n" + rest, {"fetched", 999, "", "body", {}, true},
           0),
      head("status-600", "HTTP/1.1 600 Odd\r\n" + rest, {"fetched", 600, "", "body", {}, true}, 0),
      head("empty-lines-before", "\r\n\r\nHTTP/1.1 200 OK\r\n" + rest, refused, 1),
      head("spaces-before", "  HTTP/1.1 200 OK\r\n" + rest, refused, 1),
      ended("version-0.9", "<html>an answer of 1991</html>", refused, 1),
      ended("nothing-but-newline", "\n", refused, 1),
      head("endless-first-line", "HTTP/1.1 200 " + std::string(300'000, 'r'),
           {"header_too_large", 0, "", {}, {}, false}, 27),
      ended("binary", std::string("\x00\x01\x02\x03\xff", 5), refused, 1),
      head("interim-100", interim(1, "100 Continue") + "HTTP/1.1 200 OK\r\n" + rest, kept, 0),
      head("interim-103", interim(3, "103 Early Hints") + "HTTP/1.1 200 OK\r\n" + rest, kept, 0),
      head("interim-199", interim(1, "199 Odd") + "HTTP/1.1 200 OK\r\n" + rest, kept, 0),
      head("interim-16", interim(16, "102 Processing") + "HTTP/1.1 200 OK\r\n" + rest, kept, 0),
      head("interim-17", interim(17, "102 Processing") + "HTTP/1.1 200 OK\r\n" + rest,
           {"too_many_interim_responses", 0, "", {}, {}, false}, 0,
           "curl would read them for ever"),
      head("interim-in-two-versions", "HTTP/1.0 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n" + rest,
           kept, 0),
      head("switching-protocols",
           "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n" +
               std::string("HTTP/1.1 200 OK\r\n") + rest,
           refused, 28, upgraded),
      {.name = "head.interim-flood",
       .play = {flood("HTTP/1.1 100 Continue\r\n\r\n")},
       .expect = {"too_many_interim_responses", 0, "", {}, {}, false}},
      ended("interim-alone", interim(1, "100 Continue"),
            {"connection_closed", 0, "", {}, {}, false}, 52),
  };
}

std::vector<fault_case> header_faults() {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  const std::string unfolded = "RFC 9112 5.2 has a fold read as a space; curl reads the first line";
  return {
      head("bare-lf", "HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 4\n\nbody", closed,
           0),
      head("bare-lf-at-end",
           "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\nbody", closed, 0),
      head("two-crs",
           "HTTP/1.1 200 OK\r\r\nContent-Type: text/html\r\r\nContent-Length: 4\r\r\n\r\nbody",
           kept, 0),
      head("two-crs-at-end", ok + "Content-Length: 4\r\n\r\r\nbody", kept, 0),
      head("cr-at-start-of-line", ok + "Content-Length: 4\r\n\rX: y\r\n\r\nbody", refused, 0,
           "curl takes it for the end of the head, others for a field: none can be trusted"),
      head("bare-cr-in-value", ok + "X: a\rb\r\n" + rest, kept, 0),
      head("folded", ok + "X: a\r\n b\r\n" + rest, closed, 0),
      head("folded-with-tab", ok + "X: a\r\n\tb\r\n" + rest, closed, 0),
      head("folded-length", ok + "Content-Length:\r\n 4\r\n\r\nbody",
           {"fetched", 200, "", "body", {}, false}, 8, unfolded),
      head("folded-first", ok + " X: a\r\n" + rest, refused, 43),
      head("space-before-colon", ok + "X : a\r\n" + rest, closed, 0),
      head("space-before-length-colon", ok + "Content-Length : 4\r\n\r\nbody",
           {"fetched", 200, "", "body", {}, false}, 28,
           "RFC 9112 5.1 has a proxy remove the space; curl overlooks the field and waits"),
      head("space-in-name", ok + "X Y: a\r\n" + rest, kept, 0),
      head("empty-name", ok + ": a\r\n" + rest, closed, 0),
      head("empty-value", ok + "X:\r\n" + rest, kept, 0),
      head("no-space-after-colon", ok + "X:a\r\nContent-Length:4\r\n\r\nbody",
           {"fetched", 200, "", "body", {}, true}, 0),
      head("no-colon", ok + "no colon here\r\n" + rest, refused, 8),
      head("html-in-head", ok + "<html>\r\n" + rest, refused, 8),
      head("nul-in-value", ok + "X: a\0b\r\n"s + rest, refused, 8),
      head("nul-in-name", ok + "X\0Y: a\r\n"s + rest, refused, 8),
      head("nul-in-status-line", "HTTP/1.1 200 O\0K\r\n"s + rest, refused, 8),
      head("bytes-above-127", ok + "X-\xe9: \xff\xfe\r\n" + rest, kept, 0),
      head("control-bytes", ok + "X: \x01\x02\x7f\r\n" + rest, kept, 0),
      ended("no-fields-at-all", ok + "\r\nbody", closed, 0),
      head("long-field", ok + "X: " + std::string(90'000, 'v') + "\r\n" + rest, kept, 0),
      head("field-too-long", ok + "X: " + std::string(300'000, 'v') + "\r\n" + rest,
           {"header_too_large", 0, "", {}, {}, false}, 27),
      head("fields-1000", ok + fields(998) + rest, kept, 0),
      head("fields-1001", ok + fields(999) + rest, {"too_many_headers", 0, "", {}, {}, false}, 0,
           "curl counts bytes alone"),
      {.name = "head.field-flood",
       .play = {say(ok), flood("X-Flood: " + std::string(1000, 'x') + "\r\n")},
       .expect = {"header_too_large", 0, "", {}, {}, false}},
      {.name = "head.field-flood-small",
       .play = {say(ok), flood("a: b\r\n")},
       .expect = {"too_many_headers", 0, "", {}, {}, false}},
      {.name = "head.endless-line",
       .play = {say(ok + "X: "), flood(std::string(1000, 'x'))},
       .expect = {"header_too_large", 0, "", {}, {}, false}},
      head("connection-close", ok + "Connection: close\r\n" + rest, closed, 0),
      head("connection-close-in-list", ok + "Connection: foo, CLOSE\r\n" + rest, closed, 0),
      head("content-type-none", ok + "Content-Length: 4\r\n\r\nbody",
           {"fetched", 200, "", "body", {}, true}, 0),
      head("content-type-twice", ok + "Content-Type: image/png\r\n" + rest, kept, 0),
      head("content-type-unwanted", ok + "Content-Type: image/png\r\nContent-Length: 4\r\n\r\nbody",
           {"unwanted_content_type", 200, "", {}, {}, true}, 0, "the crawl asks for pages alone"),
      head("content-type-nonsense", ok + "Content-Type: ;;;\r\nContent-Length: 4\r\n\r\nbody",
           {"fetched", 200, "", "body", {}, true}, 0),
      head("charset-nonsense",
           ok + "Content-Type: text/html; charset=\"klingon\r\nContent-Length: 4\r\n\r\nbody",
           {"fetched", 200, "", "body", {}, true}, 0),
  };
}

}  // namespace orbweaver::test
