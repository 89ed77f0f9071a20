// Bodies whose end is not where the head says, or is said twice.
#include "tests/support/fault_case.hpp"

namespace orbweaver::test {
namespace {

using step = fault_step::kind;
using namespace std::string_literals;

fault_case body(std::string what, std::string response, fault_expectation expect, int curl,
                std::string why = "") {
  return {.name = "body." + what,
          .play = {say(std::move(response))},
          .expect = std::move(expect),
          .curl = curl,
          .why = std::move(why)};
}
fault_case ended(std::string what, std::string response, fault_expectation expect, int curl,
                 std::string why = "") {
  fault_case out =
      body(std::move(what), std::move(response), std::move(expect), curl, std::move(why));
  out.play.push_back(then(step::close));
  return out;
}
// What follows the response comes with its last byte.
fault_case followed(std::string what, std::string response, const std::string& tail,
                    fault_expectation expect, int curl, std::string why = "") {
  fault_case out = body(std::move(what), "", std::move(expect), curl, std::move(why));
  out.play = {say_glued(std::move(response), tail)};
  return out;
}

const fault_expectation kept{"fetched", 200, "", "body", {}, true};
const fault_expectation closed{"fetched", 200, "", "body", {}, false};
const fault_expectation bad_length{"bad_content_length", 0, "", {}, {}, false};
const fault_expectation bad_coding{"bad_encoding", 0, "", {}, {}, false};
fault_expectation bad_chunk(std::string body_so_far) {
  return {"bad_chunk", 200, "bad_chunk", std::move(body_so_far), {}, false};
}

std::string length(const std::string& value) {
  return html_start + "Content-Length: " + value + "\r\n\r\nbody";
}
std::string chunked(const std::string& chunks, const std::string& fields = "") {
  return html_start + fields + "Transfer-Encoding: chunked\r\n\r\n" + chunks;
}
const std::string last = "0\r\n\r\n";
const std::string smuggled = whole_response("smuggled");

}  // namespace

std::vector<fault_case> length_faults() {
  const std::string differing = "which one another reader believes cannot be known";
  return {
      ended("length-negative", length("-1"), bad_length, 8),
      ended("length-empty", length(""), bad_length, 8),
      ended("length-word", length("four"), bad_length, 8),
      body("length-plus", length("+4"), closed, 0),
      body("length-with-unit", length("4 bytes"), closed, 0),
      body("length-leading-zeros", length("0004"), kept, 0),
      ended("length-hexadecimal", length("0x4"), {"fetched", 200, "", {}, 0, false}, 0),
      body("length-same-twice", html_start + "Content-Length: 4\r\nContent-Length: 4\r\n\r\nbody",
           closed, 0),
      body("length-same-list", length("4, 4"), closed, 0),
      ended("length-differing", html_start + "Content-Length: 5\r\nContent-Length: 4\r\n\r\nbody",
            bad_length, 0, differing),
      ended("length-differing-list", length("4, 5"), bad_length, 0, differing),
      ended("length-beyond-63-bits", length("99999999999999999999"), closed, 0),
      ended("length-of-63-bits", length("9223372036854775807"),
            {"body_incomplete", 200, "closed", "body", {}, false}, 18),
      ended("length-too-long", length("5"), {"body_incomplete", 200, "closed", "body", {}, false},
            18),
      followed("length-too-short", html_start + "Content-Length: 4\r\n\r\nbody", "more", closed, 0),
      followed("length-zero", html_start + "Content-Length: 0\r\n\r\n", "body",
               {"fetched", 200, "", {}, 0, false}, 0),
      followed("second-response", whole_response("body"), smuggled, closed, 0),
      followed("newlines-after", whole_response("body"), "\r\n\r\n", closed, 0),
      followed("status-204-with-body", "HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\n",
               "body", {"fetched", 204, "", {}, 0, false}, 0),
      followed("status-304-with-body", "HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\n",
               "body", {"fetched", 304, "", {}, 0, false}, 0),
      body("status-204", "HTTP/1.1 204 No Content\r\n\r\n", {"fetched", 204, "", {}, 0, true}, 0),
      body("status-204-chunked", "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n",
           {"fetched", 204, "", {}, 0, true}, 0),
      body("status-304-with-length", "HTTP/1.1 304 Not Modified\r\nContent-Length: 400\r\n\r\n",
           {"fetched", 304, "", {}, 0, true}, 0),
      body("status-205-empty", "HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n",
           {"fetched", 205, "", {}, 0, true}, 0),
      body("status-404", "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nbody",
           {"fetched", 404, "", "body", {}, true}, 0),
      body("status-500", "HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\nbody",
           {"fetched", 500, "", "body", {}, true}, 0),
      {.name = "body.endless",
       .play = {say(html_start + "\r\n"), flood(std::string(65536, 'x'))},
       .expect = {"fetched", 200, "size_limit", {}, 10 << 20, false}},
      {.name = "body.length-11-mib",
       .play = {say(html_start + "Content-Length: 11534336\r\n\r\n"),
                say(std::string(11 << 20, 'x'))},
       .expect = {"fetched", 200, "size_limit", {}, 10 << 20, false}},
      {.name = "body.unwanted-endless",
       .play = {say("HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n"),
                flood(std::string(65536, 'x'))},
       .expect = {"unwanted_content_type", 200, "", {}, {}, false}},
  };
}

std::vector<fault_case> chunk_faults() {
  const std::string four = "4\r\nbody\r\n";
  const std::string both = "RFC 9112 6.3 rule 3: Transfer-Encoding alone counts";
  return {
      body("chunked", chunked(four + last), kept, 0),
      body("chunked-many", chunked("1\r\nb\r\n1\r\no\r\n1\r\nd\r\n1\r\ny\r\n" + last), kept, 0),
      body("chunked-upper-case", html_start + "Transfer-Encoding: CHUNKED\r\n\r\n" + four + last,
           kept, 0),
      body("chunked-empty", chunked(last), {"fetched", 200, "", {}, 0, true}, 0),
      body("chunked-twice-in-a-list",
           html_start + "Transfer-Encoding: chunked, chunked\r\n\r\n" + four + last, kept, 0),
      body("chunked-twice", chunked(four + last, "Transfer-Encoding: chunked\r\n"), kept, 0),
      body("chunked-with-length", chunked(four + last, "Content-Length: 2\r\n"), closed, 0),
      body("chunked-with-length-zero", chunked(four + last, "Content-Length: 0\r\n"), closed, 0),
      ended("chunked-with-bad-length", chunked(four + last, "Content-Length: x\r\n"), closed, 8,
            both),
      body("chunked-in-1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + four + last,
           closed, 0),
      ended("chunked-not-last",
            html_start + "Transfer-Encoding: chunked, gzip\r\n\r\n" + four + last, bad_coding, 61),
      ended("chunked-with-parameter",
            html_start + "Transfer-Encoding: chunked;x=y\r\n\r\n" + four + last, bad_coding, 61),
      ended("coding-unknown", html_start + "Transfer-Encoding: cow\r\n\r\nbody", bad_coding, 61),
      ended("coding-xchunked", html_start + "Transfer-Encoding: xchunked\r\n\r\n" + four + last,
            bad_coding, 61),
      body("coding-identity",
           html_start + "Transfer-Encoding: identity\r\nContent-Length: 4\r\n\r\nbody", kept, 28,
           "identity means nothing, and a length beside it still counts"),
      ended("coding-identity-alone", html_start + "Transfer-Encoding: identity\r\n\r\nbody", closed,
            0),
      body("coding-empty", html_start + "Transfer-Encoding:\r\nContent-Length: 4\r\n\r\nbody", kept,
           28, "an empty list names no coding"),
      body("chunked-folded", html_start + "Transfer-Encoding:\r\n chunked\r\n\r\n" + four + last,
           closed, 28, "RFC 9112 5.2 has a fold read as a space; curl reads the first line"),
      body("size-upper-case", chunked("A\r\n0123456789\r\n" + last),
           {"fetched", 200, "", "0123456789", {}, true}, 0),
      body("size-leading-zeros", chunked("0004\r\nbody\r\n" + last), kept, 0),
      body("size-16-digits", chunked("0000000000000004\r\nbody\r\n" + last), kept, 0),
      ended("size-17-digits", chunked(four + "00000000000000004\r\nbody\r\n" + last),
            bad_chunk("body"), 56),
      ended("size-overflow", chunked(four + "ffffffffffffffff\r\nbody\r\n" + last),
            bad_chunk("body"), 56),
      ended("size-negative", chunked(four + "-4\r\nbody\r\n" + last), bad_chunk("body"), 56),
      ended("size-plus", chunked(four + "+4\r\nbody\r\n" + last), bad_chunk("body"), 56),
      ended("size-0x", chunked(four + "0x4\r\nbody\r\n" + last), bad_chunk("body"), 43),
      ended("size-none", chunked(four + "\r\nbody\r\n" + last), bad_chunk("body"), 56),
      ended("size-word", chunked(four + "zz\r\nbody\r\n" + last), bad_chunk("body"), 56),
      ended("size-after-space", chunked(four + " 4\r\nbody\r\n" + last), bad_chunk("body"), 56),
      body("size-before-space", chunked("4 \r\nbody\r\n" + last), kept, 0),
      ended("size-huge", chunked(four + "7fffffffffffffff\r\nmore"),
            {"body_incomplete", 200, "closed", "bodymore", {}, false}, 18),
      body("extension", chunked("4;name=value;quoted=\"x y\"\r\nbody\r\n" + last), kept, 0),
      body("extension-long", chunked("4;" + std::string(15'000, 'x') + "\r\nbody\r\n" + last), kept,
           0),
      ended("extension-too-long",
            chunked(four + "4;" + std::string(20'000, 'x') + "\r\nbody\r\n" + last),
            bad_chunk("body"), 0, "curl reads extensions for ever"),
      {.name = "body.extension-flood",
       .play = {say(chunked(four + "4;")), flood(std::string(1000, 'x'))},
       .expect = bad_chunk("body")},
      {.name = "body.extensions-many",
       .play = {say(chunked("")), flood("1;" + std::string(1000, 'x') + "\r\nb\r\n")},
       .expect = {"bad_chunk", 200, "bad_chunk", {}, {}, false}},
      body("chunk-bare-lf", chunked("4\nbody\n0\n\n"), kept, 0),
      body("chunk-two-crs", chunked("4\r\nbody\r\r\n" + last), kept, 0),
      ended("chunk-no-line-end", chunked("4\r\nbody" + last), bad_chunk("body"), 56),
      ended("chunk-longer-than-size", chunked("4\r\nbodyguard\r\n" + last), bad_chunk("body"), 56),
      ended("chunk-shorter-than-size", chunked("6\r\nbody\r\n" + last), bad_chunk("body\r\n"), 56),
      ended("last-chunk-missing", chunked(four),
            {"body_incomplete", 200, "closed", "body", {}, false}, 18),
      ended("last-line-missing", chunked(four + "0\r\n"),
            {"body_incomplete", 200, "closed", "body", {}, false}, 18),
      body("last-chunk-long", chunked(four + "0000\r\n\r\n"), kept, 0),
      body("trailers", chunked(four + "0\r\nX: y\r\nZ: w\r\n\r\n"), kept, 0),
      body("trailers-60-kib", chunked(four + "0\r\nX: " + std::string(60'000, 'y') + "\r\n\r\n"),
           kept, 56, "curl allows less for one line, and any number of lines"),
      ended("trailers-70-kib", chunked(four + "0\r\nX: " + std::string(70'000, 'y') + "\r\n\r\n"),
            bad_chunk("body"), 56),
      {.name = "body.trailer-flood",
       .play = {say(chunked(four + "0\r\n")), flood("X: y\r\n")},
       .expect = bad_chunk("body")},
      ended("trailer-no-colon", chunked(four + "0\r\nnonsense\r\n\r\n"), bad_chunk("body"), 43),
      followed("chunked-second-response", chunked(four + last), smuggled, closed, 0),
      followed("chunked-more-after", chunked(four + last), "4\r\nmore\r\n", closed, 0),
      {.name = "body.chunks-of-one-byte",
       .play = {say(chunked("")), flood("1\r\nx\r\n")},
       .expect = {"fetched", 200, "size_limit", {}, 10 << 20, false}},
      {.name = "body.chunks-endless",
       .play = {say(chunked("")), flood("10000\r\n" + std::string(65536, 'x') + "\r\n")},
       .expect = {"fetched", 200, "size_limit", {}, 10 << 20, false}},
  };
}

}  // namespace orbweaver::test
