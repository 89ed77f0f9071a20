#include "crawler/fetch/body_framing_chunked.hpp"

#include "tests/unit/crawler/fetch/response_run.hpp"

namespace orbweaver {
namespace {

using namespace response_test;

std::string chunked(std::string_view body) {
  return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(body);
}
void expect_bad(std::string_view body, std::string_view kept = "") {
  expect_failure(chunked(body), outcome::bad_chunk, kept, truncation::bad_chunk);
}

TEST(Chunks, ReadsWhatCurlReads) {
  for (const char* body :
       {"5\r\nhello\r\n0\r\n\r\n", "5;a=b\r\nhello\r\n0;x\r\n\r\n", "5 \r\nhello\r\n0\r\n\r\n",
        "5 zz\r\nhello\r\n0\r\n\r\n", "5zz\r\nhello\r\n0\r\n\r\n", "0005\r\nhello\r\n000\r\n\r\n",
        "0000000000000005\r\nhello\r\n0\r\n\r\n", "5\nhello\n0\n\n", "5\r\r\nhello\r\r\n0\r\n\r\n",
        "5\r\nhello\r\n0\r\nX-T: v\r\n\r\n", "5\r\nhello\r\n0\r\nX-T: v\n\n",
        "5\r\nhello\r\n0\r\nX: a\r\n b\r\n\r\n", "5\r\nhello\r\n0\r\n fold\r\n\r\n",
        "1\r\nh\r\n1\r\ne\r\n3\r\nllo\r\n0\r\n\r\n",
        "2;\"\r\nhe\r\n2\r\nll\r\n01\r\no\r\n0\r\nA: b\r\nC:\r\n\r\n"}) {
    expect(chunked(body), {"hello", true});
  }
  expect(chunked("A\r\n0123456789\r\na\r\nabcdefghij\r\n0\r\n\r\n"),
         {"0123456789abcdefghij", true});
  expect(chunked("0\r\n\r\n"), {"", true});
  expect(chunked("2\r\n\r\n\r\n0\r\n\r\n"), {"\r\n", true});
}

TEST(Chunks, RefusesWhatCurlRefuses) {
  for (const char* body :
       {" 5\r\nhello\r\n0\r\n\r\n", "\t5\r\nhello\r\n", "00000000000000005\r\nhello\r\n",
        "fffffffffffffffff\r\nhello\r\n", "ffffffffffffffff\r\nhello\r\n",
        "8000000000000000\r\nhello\r\n", "-5\r\nhello\r\n", "+5\r\nhello\r\n", "\r\nhello\r\n",
        "zz\r\nhello\r\n", ";a\r\nhello\r\n", "0x5\r\nhello\r\n0\r\n\r\n"}) {
    expect_bad(body);
  }
  for (const char* body :
       {"5\r\nhello0\r\n\r\n", "5\r\nhelloXX\r\n0\r\n\r\n", "5\r\nhello\rX0\r\n\r\n",
        "5\r\nhello\r\n\r\n0\r\n\r\n", "5\r\nhello\r\nz", "5\r\nhello\r\n0\r\nno colon\r\n\r\n"}) {
    expect_bad(body, "hello");
  }
}

TEST(Chunks, TheLargestSizeIsOnlyIncomplete) {
  expect_failure(chunked("7fffffffffffffff\r\nhello"), outcome::body_incomplete, "hello",
                 truncation::closed);
}

TEST(Chunks, LinesAndExtensionsAreLimited) {
  response_limits limits;
  limits.chunks.max_line_bytes = 20;
  limits.chunks.max_extension_bytes = 30;
  const auto error = [&](const std::string& body) {
    return run(chunked(body), request_kind::get, limits).error;
  };
  const std::string end = "\r\n0\r\n\r\n";
  EXPECT_EQ(error("1;" + std::string(16, 'a') + "\r\nx" + end), outcome::fetched);
  EXPECT_EQ(error("1;" + std::string(17, 'a') + "\r\nx" + end), outcome::bad_chunk);
  EXPECT_EQ(error("1;" + std::string(19, 'a')), outcome::bad_chunk);
  EXPECT_EQ(error("1\r\nx" + std::string(16, '\r') + "\n0\r\n\r\n"), outcome::fetched);
  EXPECT_EQ(error("1\r\nx" + std::string(17, '\r') + "\n0\r\n\r\n"), outcome::bad_chunk);
  const std::string ten = "1;123456789\r\nx\r\n";
  EXPECT_EQ(error(ten + ten + ten + "0\r\n\r\n"), outcome::fetched);
  EXPECT_EQ(error(ten + ten + ten + "0;\r\n\r\n"), outcome::bad_chunk);
}

TEST(Chunks, TrailersAreLimited) {
  response_limits limits;
  limits.chunks.max_trailer_bytes = 20;
  const auto error = [&](std::size_t trailer_bytes) {
    return run(chunked("1\r\nx\r\n0\r\nX:" + std::string(trailer_bytes - 6, 'a') + "\r\n\r\n"),
               request_kind::get, limits)
        .error;
  };
  EXPECT_EQ(error(20), outcome::fetched);
  EXPECT_EQ(error(21), outcome::bad_chunk);
}

TEST(Chunks, TheFirstStaysInPlaceAndTheBufferHoldsNoMoreThanTheBody) {
  response_parser parser;
  const std::string head = chunked("");
  std::string bytes = chunked("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
  ASSERT_EQ(parser.parse(bytes), response_parser::state::head_done);
  ASSERT_EQ(parser.parse(bytes), response_parser::state::done);
  EXPECT_EQ(parser.body(bytes), "hello world");
  EXPECT_EQ(parser.body(bytes).data(), bytes.data() + head.size() + 3);
  EXPECT_EQ(parser.buffered(), head.size() + 3 + 11);
}

}  // namespace
}  // namespace orbweaver
