#include "crawler/fetch/decode_codings.hpp"

#include <gtest/gtest.h>

#include "crawler/fetch/response_parser.hpp"

namespace orbweaver {
namespace {

result<std::vector<content_coding>> read(std::string_view fields) {
  std::string bytes = "HTTP/1.1 204 x\r\n" + std::string(fields) + "\r\n";
  response_parser parser;
  EXPECT_EQ(parser.parse(bytes), response_parser::state::head_done);
  const result<coding_list> list = codings_of(parser.headers());
  if (!list) return list.error();
  std::vector<content_coding> all;
  for (std::size_t i = 0; i < list->size(); ++i) all.push_back((*list)[i]);
  EXPECT_EQ(list->empty(), all.empty());
  return all;
}

using codings = std::vector<content_coding>;
using enum content_coding;

TEST(Codings, AreReadInTheOrderOfTheirApplication) {
  EXPECT_EQ(*read(""), codings{});
  EXPECT_EQ(*read("Content-Encoding: gzip\r\n"), codings{gzip});
  EXPECT_EQ(*read("Content-Encoding: X-GZIP\r\n"), codings{gzip});
  EXPECT_EQ(*read("Content-Encoding: deflate, gzip\r\nContent-Encoding: br,,zstd\r\n"),
            (codings{deflate, gzip, br, zstd}));
  EXPECT_EQ(*read("Transfer-Encoding: gzip, chunked\r\nContent-Encoding: br\r\n"),
            (codings{br, gzip}));
}

TEST(Codings, WhatIsNoCodingMeansNothing) {
  for (const char* value : {"identity", "none", "utf-8", "", " , ", "gzip;q=1", "aws-chunked"}) {
    EXPECT_EQ(*read("Content-Encoding: " + std::string(value) + "\r\n"), codings{}) << value;
  }
}

TEST(Codings, WhatCannotBeUndoneIsRefused) {
  for (const char* value : {"compress", "X-Compress", "dcb", "exi", "gzip, aes128gcm"}) {
    EXPECT_EQ(read("Content-Encoding: " + std::string(value) + "\r\n").error(),
              outcome::bad_encoding)
        << value;
  }
}

TEST(Codings, AreAtMostFive) {
  EXPECT_EQ(read("Content-Encoding: gzip, gzip, gzip, gzip, gzip\r\n")->size(), 5u);
  EXPECT_EQ(read("Content-Encoding: gzip, gzip, gzip, gzip, gzip, gzip\r\n").error(),
            outcome::bad_encoding);
}

}  // namespace
}  // namespace orbweaver
