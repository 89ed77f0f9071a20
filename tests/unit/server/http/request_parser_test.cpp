#include "server/http/request_parser.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

using stage = request_parser::stage;

constexpr http_limits limits;

// Hands over `text` in pieces of `step` bytes, as a session does: what is not taken comes again.
stage feed(request_parser& parser, std::string_view text, std::size_t step,
           std::size_t body_limit) {
  std::string pending;
  bool allowed = false;
  for (;;) {
    const std::size_t used = parser.put(pending);
    pending.erase(0, used);
    if (parser.where() == stage::body && !std::exchange(allowed, true))
      parser.allow_body(body_limit);
    if (parser.where() == stage::failed || parser.where() == stage::done) break;
    if (used != 0 && !pending.empty()) continue;
    if (text.empty()) break;
    pending += text.substr(0, step);
    text.remove_prefix(std::min(step, text.size()));
  }
  return parser.where();
}

struct outcome_of {
  stage where;
  problem_code code;
};

// The same whatever the pieces are.
outcome_of read(const std::string& text, std::size_t body_limit = 1000) {
  request_parser whole(limits);
  const stage where = feed(whole, text, text.size(), body_limit);
  for (const std::size_t step : {1, 2, 7, 1000}) {
    request_parser pieces(limits);
    EXPECT_EQ(feed(pieces, text, step, body_limit), where) << step << ": " << text.substr(0, 200);
    EXPECT_EQ(pieces.failure().code, whole.failure().code) << step << ": " << text.substr(0, 200);
  }
  return {where, whole.failure().code};
}

void expect_failure(const std::string& text, problem_code code) {
  const outcome_of out = read(text);
  EXPECT_EQ(out.where, stage::failed) << text.substr(0, 200);
  EXPECT_EQ(info(out.code).name, info(code).name) << text.substr(0, 200);
}

TEST(RequestParser, ReadsARequestAndLeavesTheNext) {
  const std::string first =
      "POST /x?y=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nX-A: b\r\n\r\nabc";
  request_parser parser(limits);
  const std::string text = first + "GET / HTTP/1.1\r\n";
  std::size_t used = parser.put(text);
  EXPECT_EQ(parser.where(), stage::body);
  EXPECT_EQ(used, first.size() - 3);
  EXPECT_EQ(parser.head().method, "POST");
  EXPECT_EQ(parser.head().target, "/x?y=1");
  EXPECT_EQ(parser.head().field("x-a"), "b");
  EXPECT_EQ(parser.head().field("absent"), "");
  EXPECT_TRUE(parser.keep_alive());
  EXPECT_EQ(parser.put("abc"), 0u) << "not before its limit is known";
  ASSERT_TRUE(parser.allow_body(3));
  used += parser.put(std::string_view(text).substr(used));
  EXPECT_EQ(parser.where(), stage::done);
  EXPECT_EQ(used, first.size());
  EXPECT_EQ(parser.take_body(), "abc");
  EXPECT_EQ(parser.put("GET"), 0u);
}

TEST(RequestParser, ReadsChunksInAnyPieces) {
  const std::string text =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
      "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: ignored\r\n\r\n";
  for (const std::size_t step : {1, 3, 11, 1000}) {
    request_parser parser(limits);
    EXPECT_EQ(feed(parser, text, step, 5), stage::done);
    EXPECT_EQ(parser.take_body(), "abcde");
    EXPECT_EQ(parser.head().field("trailer"), "");
  }
}

TEST(RequestParser, KnowsRequestsWithoutABody) {
  EXPECT_EQ(read("GET / HTTP/1.1\r\nHost: a\r\n\r\n").where, stage::done);
  EXPECT_EQ(read("\r\n\r\nGET / HTTP/1.0\r\n\r\n").where, stage::done);
  EXPECT_EQ(read("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").where, stage::done);
  EXPECT_EQ(read("GET / HTTP/1.1\r\nHost: a\r\n").where, stage::head);
  EXPECT_EQ(read("").where, stage::head);
}

TEST(RequestParser, RefusesWhatTwoReadersCouldReadDifferently) {
  const std::string start = "POST / HTTP/1.1\r\nHost: a\r\n";
  const auto bad = problem_code::malformed_request;
  expect_failure(start + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", bad);
  expect_failure(start + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", bad);
  expect_failure(start + "Content-Length: 3\r\nContent-Length: 4\r\n\r\n", bad);
  expect_failure(start + "Content-Length: -3\r\n\r\n", bad);
  expect_failure(start + "Content-Length: 3x\r\n\r\n", bad);
  expect_failure(start + "Content-Length: 99999999999999999999\r\n\r\n", bad);
  expect_failure(start + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", bad);
  expect_failure("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", bad);
  expect_failure(start + "X A: b\r\n\r\n", bad);
  expect_failure(start + "X-A : b\r\n\r\n", bad);
  expect_failure(start + "Host: b\r\n\r\n", bad);
  expect_failure("GET / HTTP/1.1\r\n\r\n", bad);
  expect_failure(std::string("GET / HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n", 35), bad);
  const auto coding = problem_code::not_implemented;
  expect_failure(start + "Transfer-Encoding: gzip, chunked\r\n\r\n", coding);
  expect_failure(start + "Transfer-Encoding: identity\r\n\r\n", coding);
}

TEST(RequestParser, RefusesWhatIsNoHttp) {
  const auto bad = problem_code::malformed_request;
  expect_failure("hello world, this is not HTTP\r\n\r\n", bad);
  expect_failure("GET / HTTP/x.0\r\nHost: a\r\n\r\n", bad);
  expect_failure("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", bad);
  expect_failure("G\x01T / HTTP/1.1\r\nHost: a\r\n\r\n", bad);
  const auto another = problem_code::version_not_supported;
  expect_failure("GET / HTTP/2.0\r\nHost: a\r\n\r\n", another);
  expect_failure("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", another);
  expect_failure("\x16\x03\x01\x02" + std::string(60, 'x') + "\r\n\r\n", bad);
}

TEST(RequestParser, HoldsTheHeaderToItsLimits) {
  const std::string start = "GET / HTTP/1.1\r\nHost: a\r\n";
  const auto with_header = [&](std::size_t total) {
    const std::string rest = "\r\n\r\n";
    std::string out = start + "X: ";
    out.append(total - out.size() - rest.size(), 'a');
    return out + rest;
  };
  EXPECT_EQ(read(with_header(limits.header_bytes)).where, stage::done);
  expect_failure(with_header(limits.header_bytes + 1), problem_code::header_too_large);
  expect_failure(with_header(4 * limits.header_bytes), problem_code::header_too_large);

  std::string many = start;  // each field fits, all together do not
  for (int i = 0; i < 90; ++i)
    many += "X" + std::to_string(i) + ": " + std::string(200, 'a') + "\r\n";
  expect_failure(many + "\r\n", problem_code::header_too_large);

  const auto with_fields = [&](std::size_t n) {
    std::string out = start;
    for (std::size_t i = 1; i < n; ++i) out += "X: y\r\n";
    return out + "\r\n";
  };
  EXPECT_EQ(read(with_fields(limits.header_fields)).where, stage::done);
  expect_failure(with_fields(limits.header_fields + 1), problem_code::header_too_large);
}

TEST(RequestParser, HoldsTheTargetToItsLimit) {
  const auto with_target = [](std::size_t n) {
    return "GET /" + std::string(n - 1, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n";
  };
  EXPECT_EQ(read(with_target(limits.target_bytes)).where, stage::done);
  expect_failure(with_target(limits.target_bytes + 1), problem_code::target_too_long);
  expect_failure(with_target(100'000), problem_code::target_too_long);
}

TEST(RequestParser, HoldsTheBodyToItsLimit) {
  const std::string start = "POST / HTTP/1.1\r\nHost: a\r\n";
  EXPECT_EQ(read(start + "Content-Length: 1000\r\n\r\n" + std::string(1000, 'x')).where,
            stage::done);
  request_parser parser(limits);
  parser.put(start + "Content-Length: 1001\r\n\r\n");
  EXPECT_EQ(parser.where(), stage::body);
  EXPECT_FALSE(parser.allow_body(1000)) << "known before a byte of it came";
  EXPECT_EQ(parser.failure().code, problem_code::body_too_large);

  const std::string chunked = start + "Transfer-Encoding: chunked\r\n\r\n";
  const std::string chunk = "1f4\r\n" + std::string(500, 'x') + "\r\n";
  EXPECT_EQ(read(chunked + chunk + chunk + "0\r\n\r\n").where, stage::done);
  expect_failure(chunked + chunk + chunk + "1\r\nx\r\n0\r\n\r\n", problem_code::body_too_large);
  expect_failure(chunked + "ffffffffffffffff\r\n", problem_code::body_too_large);
  expect_failure(chunked + "zz\r\n", problem_code::malformed_request);
  expect_failure(chunked + "1\r\nxy\r\n0\r\n\r\n", problem_code::malformed_request);
}

TEST(RequestParser, UnderstandsTheConnectionsFate) {
  const auto keeps = [](std::string_view text) {
    request_parser parser(limits);
    parser.put(text);
    return parser.keep_alive();
  };
  EXPECT_TRUE(keeps("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(keeps("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.1\r\n"));
}

TEST(RequestParser, KnowsTheOneExpectation) {
  request_parser parser(limits);
  parser.put("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-Continue\r\n\r\n");
  EXPECT_TRUE(parser.expects_continue());
  expect_failure("POST / HTTP/1.1\r\nHost: a\r\nExpect: wonders\r\n\r\n",
                 problem_code::expectation_failed);
}

}  // namespace
}  // namespace orbweaver
