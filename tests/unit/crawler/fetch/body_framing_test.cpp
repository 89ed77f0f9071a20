#include "crawler/fetch/body_framing.hpp"

#include "tests/unit/crawler/fetch/response_run.hpp"

namespace orbweaver {
namespace {

using namespace response_test;

std::string framed(std::string_view fields, std::string_view body,
                   std::string_view status = "HTTP/1.1 200 OK") {
  return std::string(status) + "\r\n" + std::string(fields) + "\r\n" + std::string(body);
}
constexpr std::string_view chunks = "5\r\nhello\r\n0\r\n\r\n";

TEST(ContentLength, IsReadAsCurlReadsIt) {
  expect(framed("Content-Length: 5\r\n", "hello"), {"hello", true});
  expect(framed("Content-Length: 0\r\n", ""), {"", true});
  expect(framed("Content-Length: 005\r\n", "hello"), {"hello", true});
  expect(framed("Content-Length: +5\r\n", "hello"), {"hello", false});
  expect(framed("Content-Length: 5x\r\n", "hello"), {"hello", false});
  expect(framed("Content-Length: 5 6\r\n", "hello"), {"hello", false});
  expect(framed("Content-Length: 5;\r\n", "hello"), {"hello", false});
  expect(framed("Content-Length: 0x5\r\n", ""), {"", false});
  expect(framed("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), {"hello", false});
  expect(framed("Content-Length: 5, 5\r\n", "hello"), {"hello", false});
  expect(framed("Content-Length: 5,,\r\n", "hello"), {"hello", true});
}

TEST(ContentLength, BeyondAllNumbersMeansUntilClose) {
  expect(framed("Content-Length: 9223372036854775808\r\n", "hello"), {"hello", false});
  expect(framed("Content-Length: 99999999999999999999999\r\n", "hello"), {"hello", false});
  expect_failure(framed("Content-Length: 9223372036854775807\r\n", "hello"),
                 outcome::body_incomplete, "hello", truncation::closed);
}

TEST(ContentLength, IsRefusedWhenItCannotBeOne) {
  for (const char* value : {"-5", "abc", "", ",", " ", "++5", "+", "5, 6", "5, x", "x5", "5, -5",
                            "5, 99999999999999999999999"}) {
    expect_failure(framed("Content-Length: " + std::string(value) + "\r\n", "hello"),
                   outcome::bad_content_length);
  }
  expect_failure(framed("Content-Length: 5\r\nContent-Length: 6\r\n", "hello6"),
                 outcome::bad_content_length);
  expect_failure(framed("Content-Length: 5\r\nContent-Length:\r\n", "hello"),
                 outcome::bad_content_length);
}

TEST(TransferEncoding, IsReadAsCurlReadsIt) {
  for (const char* value :
       {"chunked", "CHUNKED", "chunked ", "chunked, chunked", "identity, chunked", ", chunked"}) {
    expect(framed("Transfer-Encoding: " + std::string(value) + "\r\n", chunks), {"hello", true});
  }
  expect(framed("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", chunks),
         {"hello", true});
  expect(framed("Transfer-Encoding: gzip, chunked\r\n", chunks), {"hello", true});
  expect(framed("Transfer-Encoding: gzip\r\n", chunks), {chunks, false});
  expect(framed("Transfer-Encoding: identity\r\nContent-Length: 5\r\n", "hello"), {"hello", true});
  expect(framed("Transfer-Encoding:\r\nContent-Length: 5\r\n", "hello"), {"hello", true});
  expect(framed("Transfer-Encoding: chunked\r\n", chunks, "HTTP/1.0 200 OK"), {"hello", false});
}

TEST(TransferEncoding, OverridesContentLengthAndClosesTheConnection) {
  for (const char* length : {"3", "5", "-1", "abc", "5, 6"}) {
    const std::string field = "Content-Length: " + std::string(length) + "\r\n";
    expect(framed("Transfer-Encoding: chunked\r\n" + field, chunks), {"hello", false});
    expect(framed(field + "Transfer-Encoding: chunked\r\n", chunks), {"hello", false});
  }
}

TEST(TransferEncoding, IsRefusedWhenItCannotBeUndone) {
  for (const char* value : {"foo", "foo, chunked", "chunked, foo", "chunked, gzip", "chunked;q=1",
                            "xchunked", "chunkedx", "\"chunked\""}) {
    expect_failure(framed("Transfer-Encoding: " + std::string(value) + "\r\n", chunks),
                   outcome::bad_encoding);
  }
}

TEST(NoBody, AfterHead204And304) {
  expect(framed("Content-Length: 5\r\n", ""), {"", true}, request_kind::head);
  expect(framed("Transfer-Encoding: chunked\r\n", ""), {"", true}, request_kind::head);
  expect(framed("", ""), {"", true}, request_kind::head);
  expect(framed("Content-Length: 5\r\n", "hello"), {"", false}, request_kind::head);
  for (const unsigned status : {204u, 304u}) {
    const std::string line = "HTTP/1.1 " + std::to_string(status) + " x";
    expect(framed("", "", line), {"", true, status});
    expect(framed("Content-Length: 5\r\n", "", line), {"", true, status});
    expect(framed("Content-Length: x\r\n", "", line), {"", true, status});
    expect(framed("Content-Length: 5\r\n", "hello", line), {"", false, status});
    expect(framed("Transfer-Encoding: chunked\r\n", chunks, line), {"", false, status});
  }
  expect(framed("Content-Length: 5\r\n", "hello", "HTTP/1.1 205 x"), {"hello", true, 205});
}

TEST(NoBody, ContentLengthIsStillTold) {
  response_parser parser;
  parser.reset(request_kind::head);
  std::string bytes = framed("Content-Length: 123\r\n", "");
  ASSERT_EQ(parser.parse(bytes), response_parser::state::head_done);
  EXPECT_EQ(parser.content_length(), 123u);
  EXPECT_EQ(parser.missing(), 0u);
}

TEST(UntilClose, IsTheBodyWithoutAnyLength) {
  expect(framed("", "hello"), {"hello", false});
  expect(framed("", ""), {"", false});
  expect(framed("Connection: keep-alive\r\n", "hello"), {"hello", false});
  expect(framed("", "hello", "HTTP/1.0 200 OK"), {"hello", false});
}

TEST(KeepAlive, FollowsVersionAndConnection) {
  const auto with = [](std::string_view connection, std::string_view version) {
    const std::string field = "Connection: " + std::string(connection) + "\r\n";
    return run(framed(field + "Content-Length: 2\r\n", "ok",
                      "HTTP/" + std::string(version) + " 200 OK"))
        .keep_alive;
  };
  EXPECT_TRUE(with("keep-alive", "1.1"));
  EXPECT_TRUE(with("foo", "1.1"));
  EXPECT_FALSE(with("close", "1.1"));
  EXPECT_FALSE(with("foo , Close", "1.1"));
  EXPECT_FALSE(with("keep-alive, close", "1.1"));
  EXPECT_FALSE(with("keep-alive\r\nConnection: close", "1.1"));
  EXPECT_TRUE(with("Keep-Alive", "1.0"));
  EXPECT_FALSE(with("foo", "1.0"));
}

TEST(TrailingBytes, AreNeverTakenAndCloseTheConnection) {
  for (const char* extra : {"\r\n", "X", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad"}) {
    expect(framed("Content-Length: 5\r\n", "hello" + std::string(extra)), {"hello", false});
    expect(framed("Transfer-Encoding: chunked\r\n", std::string(chunks) + extra), {"hello", false});
  }
}

TEST(BodyLimit, CutsTheBodyThere) {
  response_limits limits;
  limits.chunks.max_body_bytes = 4;
  const auto cut = [&](const std::string& bytes) {
    SCOPED_TRACE(bytes);
    const seen s = run(bytes, request_kind::get, limits);
    EXPECT_EQ(s.error, outcome::fetched);
    EXPECT_EQ(s.body, "hell");
    EXPECT_EQ(s.truncated, truncation::size_limit);
    EXPECT_FALSE(s.keep_alive);
  };
  cut(framed("Content-Length: 5\r\n", "hello"));
  cut(framed("Content-Length: 5\r\n", "hell"));
  cut(framed("", "hello"));
  cut(framed("Transfer-Encoding: chunked\r\n", chunks));
  cut(framed("Transfer-Encoding: chunked\r\n", "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"));
  cut(framed("Transfer-Encoding: chunked\r\n", "4\r\nhell\r\n1\r\no\r\n0\r\n\r\n"));
  for (const seen& whole : {run(framed("Content-Length: 4\r\n", "hell"), request_kind::get, limits),
                            run(framed("", "hell"), request_kind::get, limits),
                            run(framed("Transfer-Encoding: chunked\r\n", "4\r\nhell\r\n0\r\n\r\n"),
                                request_kind::get, limits)}) {
    EXPECT_EQ(whole.body, "hell");
    EXPECT_EQ(whole.truncated, truncation::none);
  }
}

TEST(IncompleteBody, KeepsWhatCame) {
  expect_failure(framed("Content-Length: 50\r\n", "hello"), outcome::body_incomplete, "hello",
                 truncation::closed);
  expect_failure(framed("Content-Length: 50\r\n", ""), outcome::body_incomplete, "",
                 truncation::closed);
  for (const char* body : {"5\r\nhello\r\n0\r\n", "5\r\nhello\r\n0", "5\r\nhello\r\n", "5\r\nhello",
                           "7\r\nhello", "5\r\nhello\r\n0\r\nX: y\r\n"}) {
    expect_failure(framed("Transfer-Encoding: chunked\r\n", body), outcome::body_incomplete,
                   "hello", truncation::closed);
  }
}

}  // namespace
}  // namespace orbweaver
