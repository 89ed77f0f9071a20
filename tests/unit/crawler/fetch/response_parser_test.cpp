#include "crawler/fetch/response_parser.hpp"

#include "tests/unit/crawler/fetch/response_run.hpp"

namespace orbweaver {
namespace {

using namespace response_test;
using namespace std::string_literals;

std::string five(std::string_view status_line) {
  return std::string(status_line) + "\r\nContent-Length: 5\r\n\r\nhello";
}

TEST(ResponseStatusLine, TakesWhatCurlTakes) {
  expect(five("HTTP/1.1 200 OK"), {"hello", true});
  expect(five("HTTP/1.1 200 "), {"hello", true});
  expect(five("HTTP/1.1 200"), {"hello", true});
  expect(five("HTTP/1.1 200OK"), {"hello", true});
  expect(five("HTTP/1.1 200\tOK"), {"hello", true});
  expect(five("HTTP/1.1   200 OK"), {"hello", true});
  expect(five("http/1.1 200 OK"), {"hello", true});
  expect(five("HTTP/1.1 404 \xff\xfe odd"), {"hello", true, 404});
  expect(five("HTTP/1.1 999 x"), {"hello", true, 999});
  expect(five("HTTP/1.0 200 OK"), {"hello", false});
  expect(five("HTTP/2 200 OK"), {"hello", false});
  expect(five("HTTP/2.0 200"), {"hello", false});
}

TEST(ResponseStatusLine, RefusesWhatCurlRefuses) {
  for (const char* line : {"HTTP/1.1 2000 OK",
                           "HTTP/1.1 20 OK",
                           "HTTP/1.1 000 OK",
                           "HTTP/1.1 099 OK",
                           "HTTP/1.1",
                           "HTTP/1.1 ",
                           "HTTP/1.1\t200 OK",
                           "HTTP/1.1200 OK",
                           "HTTP/1.2 200 OK",
                           "HTTP/3 200 OK",
                           "HTTP/0.9 200 OK",
                           "HTTP/1.10 200 OK",
                           "HTTP 200 OK",
                           "HTTP/",
                           "HTTP/ 200",
                           "ICY 200 OK",
                           "<html>hello</html>",
                           "",
                           "\r\nHTTP/1.1 200 OK",
                           " HTTP/1.1 200 OK",
                           "xHTTP/1.1 200 OK",
                           "garbage\r\nHTTP/1.1 200 OK",
                           "HTTP/1.1 2x0 OK"}) {
    expect_failure(five(line), outcome::bad_response);
  }
}

TEST(ResponseStatusLine, GarbageIsRefusedBeforeItsLineEnds) {
  response_parser parser;
  std::string bytes = "\x16\x03\x01";
  EXPECT_EQ(parser.parse(bytes), response_parser::state::failed);
  EXPECT_EQ(parser.error(), outcome::bad_response);
}

std::string with_field(std::string_view fields) {
  return "HTTP/1.1 200 OK\r\n" + std::string(fields) + "Content-Length: 5\r\n\r\nhello";
}

TEST(ResponseFields, TakesWhatCurlTakes) {
  expect("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", {"hello", false});
  expect("HTTP/1.1 200 OK\r\nContent-Length: 5\r\r\n\r\r\nhello", {"hello", true});
  expect("HTTP/1.1 200 OK\r\nContent-Length:\t 5 \t\r\n\r\nhello", {"hello", true});
  expect("HTTP/1.1 200 OK\r\ncONTENT-lENGTH:5\r\n\r\nhello", {"hello", true});
  expect("HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello", {"hello", false});
  expect("HTTP/1.1 200 OK\r\nContent-Length:\r\n 5\r\n\r\nhello", {"hello", false});
  expect(with_field(": nameless\r\n"), {"hello", false});
  expect(with_field("X: a\rb\r\n"), {"hello", true});
  expect(with_field("X: one\r\n \r\n"), {"hello", false});
  expect(with_field("Odd (name): x\r\n"), {"hello", true});
}

TEST(ResponseFields, RefusesWhatCurlRefuses) {
  expect_failure(with_field("no colon\r\n"), outcome::bad_response);
  expect_failure(with_field(" folded\r\n"), outcome::bad_response);
  expect_failure(with_field("\tfolded: x\r\n"), outcome::bad_response);
  expect_failure(with_field("X: a\0b\r\n"s), outcome::bad_response);
  expect_failure(with_field("\rX: a\r\n"), outcome::bad_response);
  expect_failure("HTTP/1.1 100 \0\r\n\r\n"s + five("HTTP/1.1 200 OK"), outcome::bad_response);
}

TEST(ResponseFields, TheListKeepsEveryFieldAndTheHeadAsReceived) {
  const std::string head =
      "HTTP/1.1 200 OK\r\nContent-Type:  text/html \r\nset-cookie: a=1\r\nX-Thing: \tx\r\n"
      "X-Folded: one\r\n\t two\r\n three \r\nSet-Cookie: b=2\r\nX-Cr: a\rb\r\n:void\r\n\r\n";
  std::string bytes = head;
  response_parser parser;
  ASSERT_EQ(parser.parse(bytes), response_parser::state::head_done);
  bytes.assign(bytes.size(), '#');  // the list must not depend on the buffer
  const header_list copy = parser.headers();
  parser.reset();
  EXPECT_EQ(copy.raw(), head);
  EXPECT_EQ(copy.size(), 7u);
  EXPECT_EQ(copy[0].name, "Content-Type");
  EXPECT_EQ(copy.get(header_id::content_type), "text/html");
  EXPECT_EQ(copy.get("CONTENT-TYPE"), "text/html");
  EXPECT_EQ(copy.get("x-folded"), "one two three");
  EXPECT_EQ(copy.get("x-cr"), "a b");
  EXPECT_EQ(copy.get(""), "void");
  EXPECT_EQ(copy.get("absent"), std::nullopt);
  EXPECT_EQ(copy.get(header_id::location), std::nullopt);
  std::string cookies;
  copy.for_each(header_id::set_cookie, [&](std::string_view v) { cookies += v; });
  EXPECT_EQ(cookies, "a=1b=2");
  EXPECT_TRUE(parser.headers().empty());
}

TEST(ResponseInterim, AreSkippedWithTheirFields) {
  const std::string last = five("HTTP/1.1 200 OK");
  expect("HTTP/1.1 100 Continue\r\n\r\n" + last, {"hello", true});
  expect("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 199\r\n\r\n" + last, {"hello", true});
  expect("HTTP/1.1 102 P\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n" + last,
         {"hello", true});
  EXPECT_EQ(run("HTTP/1.1 103 x\r\nLink: x\r\n\r\n" + last).head, last.substr(0, last.size() - 5));
  expect_failure("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nhello",
                 outcome::bad_response);
  expect_failure("HTTP/1.1 100 Continue\r\n\r\nhello", outcome::bad_response);
  expect_failure("HTTP/1.1 100 Continue\r\n\r\n", outcome::connection_closed);
}

TEST(ResponseInterim, AreLimitedInNumber) {
  const auto interim = [](unsigned n) {
    std::string bytes;
    while (n-- > 0) bytes += "HTTP/1.1 100 Continue\r\n\r\n";
    return bytes + five("HTTP/1.1 200 OK");
  };
  expect(interim(16), {"hello", true});
  expect_failure(interim(17), outcome::too_many_interim_responses);
}

TEST(ResponseHead, IsLimitedInBytes) {
  const auto sized = [](std::size_t head_bytes) {
    const std::size_t rest = std::string_view("HTTP/1.1 204 x\r\nX: \r\n\r\n").size();
    return "HTTP/1.1 204 x\r\nX: " + std::string(head_bytes - rest, 'a') + "\r\n\r\n";
  };
  response_limits limits;
  limits.max_head_bytes = 300;
  EXPECT_EQ(run(sized(300), request_kind::get, limits).error, outcome::fetched);
  EXPECT_EQ(run(sized(301), request_kind::get, limits).error, outcome::header_too_large);
  EXPECT_EQ(run(sized(400).substr(0, 300), request_kind::get, limits).error,
            outcome::header_too_large)
      << "no line end, and none could come";
  EXPECT_EQ(run(sized(150) + sized(200), request_kind::get, limits).status, 204u);
  std::string interim = sized(150);
  interim.replace(9, 3, "100");
  EXPECT_EQ(run(interim + sized(150), request_kind::get, limits).error, outcome::fetched);
  EXPECT_EQ(run(interim + sized(151), request_kind::get, limits).error, outcome::header_too_large);
  EXPECT_EQ(response_limits{}.max_head_bytes, 256u * 1024);
}

TEST(ResponseHead, IsLimitedInFields) {
  const auto fields = [](unsigned n) {
    std::string bytes = "HTTP/1.1 204 x\r\n";
    while (n-- > 0) bytes += "X: y\r\n";
    return bytes + "\r\n";
  };
  response_limits limits;
  limits.max_header_fields = 10;
  EXPECT_EQ(run(fields(10), request_kind::get, limits).fields, 10u);
  EXPECT_EQ(run(fields(11), request_kind::get, limits).error, outcome::too_many_headers);
  EXPECT_EQ(run(fields(1000), {}).error, outcome::fetched);
  EXPECT_EQ(run(fields(1001), {}).error, outcome::too_many_headers);
}

TEST(ResponseHead, ThatEndsEarlyIsNoResponse) {
  expect_failure("", outcome::connection_closed);
  expect_failure("HTTP", outcome::connection_closed);
  expect_failure("HTTP/1.1 200 OK\r\n", outcome::connection_closed);
  expect_failure("HTTP/1.1 200 OK\rContent-Length: 5\r\rhello", outcome::connection_closed);
  expect_failure("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", outcome::connection_closed);
}

TEST(ResponseParser, HasNoStatusBeforeTheHeadIsDone) {
  response_parser parser;
  parser.reset();
  std::string bytes = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n";
  EXPECT_EQ(parser.parse(bytes), response_parser::state::need_more);
  EXPECT_EQ(parser.status(), 0u) << "there are no headers to go with it yet";
  bytes += "\r\n";
  EXPECT_EQ(parser.parse(bytes), response_parser::state::head_done);
  EXPECT_EQ(parser.status(), 200u);

  for (const std::string tail :
       {"Content-Type: text/html\r\nno colon\r\n\r\n",
        "Content-Type: text/html\r\nContent-Length: x\r\n\r\n", "Content-Type: text/html\r\n"}) {
    std::string broken = "HTTP/1.1 200 OK\r\n" + tail;
    parser.reset();
    parser.parse(broken);
    EXPECT_EQ(parser.finish(), response_parser::state::failed);
    EXPECT_EQ(parser.status(), 0u) << tail;
  }
}

TEST(ResponseParser, AStreamThatWasCutOffIsIncompleteUnlessTheLengthSaysOtherwise) {
  using enum response_parser::stream_end;
  response_parser parser;
  const auto finish = [&](std::string bytes, response_parser::stream_end how) {
    parser.reset();
    while (parser.parse(bytes) == response_parser::state::head_done) {
    }
    parser.finish(how);
    return parser.error();
  };
  const std::string until_close = "HTTP/1.1 200 OK\r\n\r\nhel";
  EXPECT_EQ(finish(until_close, orderly), outcome::fetched);
  EXPECT_EQ(parser.truncated(), truncation::none);
  EXPECT_EQ(finish(until_close, cut_off), outcome::body_incomplete);
  EXPECT_EQ(parser.truncated(), truncation::closed);
  EXPECT_EQ(finish("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhel", cut_off), outcome::fetched);
  EXPECT_EQ(finish("HTTP/1.1 200 OK\r\n", cut_off), outcome::connection_closed);
}

TEST(ResponseParser, IsReusedForTheNextResponse) {
  response_parser parser;
  std::string bytes = "HTTP/1.1 100 C\r\n\r\nHTTP/1.0 500 x\r\nTransfer-Encoding: chunked\r\n\r\nz";
  while (parser.parse(bytes) == response_parser::state::head_done) {
  }
  ASSERT_EQ(parser.error(), outcome::bad_chunk);
  parser.reset();
  EXPECT_EQ(parser.status(), 0u);
  EXPECT_EQ(parser.buffered(), 0u);
  bytes = five("HTTP/1.1 201 x");
  ASSERT_EQ(parser.parse(bytes), response_parser::state::head_done);
  EXPECT_EQ(parser.missing(), 5u);
  EXPECT_EQ(parser.parse(bytes), response_parser::state::done);
  EXPECT_EQ(parser.missing(), 0u);
  EXPECT_EQ(parser.body(bytes), "hello");
  EXPECT_EQ(parser.body(bytes).data(), bytes.data() + bytes.size() - 5) << "not copied";
  EXPECT_EQ(parser.error(), outcome::fetched);
  EXPECT_EQ(parser.status(), 201u);
  EXPECT_TRUE(parser.keep_alive());
}

}  // namespace
}  // namespace orbweaver
