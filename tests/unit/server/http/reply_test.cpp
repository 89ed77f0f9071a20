#include "server/http/reply.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

TEST(ReplyHead, SaysWhatFollows) {
  const reply answer = reply::json(201, "{}");
  const reply_context context{"r-1", "Sun, 06 Nov 1994 08:49:37 GMT", true, true};
  EXPECT_EQ(head_of(answer, context),
            "HTTP/1.1 201 Created\r\nServer: orbweaver\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "X-Request-Id: r-1\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n"
            "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n");
}

TEST(ReplyHead, FitsTheClientsVersionAndTheConnectionsFate) {
  const auto has = [](const reply& answer, bool http_1_1, bool keep, std::string_view line) {
    const reply_context context{"", "", http_1_1, keep};
    return head_of(answer, context).find(line) != std::string::npos;
  };
  reply streamed;
  streamed.produce = [](body_writer&) -> task<bool> { co_return true; };
  EXPECT_TRUE(has(streamed, true, true, "\r\nTransfer-Encoding: chunked\r\n"));
  EXPECT_FALSE(has(streamed, true, true, "\r\nContent-Length"));
  EXPECT_FALSE(has(streamed, false, false, "\r\nTransfer-Encoding"));
  EXPECT_TRUE(has(streamed, true, false, "\r\nConnection: close\r\n"));
  EXPECT_TRUE(has(reply{}, false, true, "\r\nConnection: keep-alive\r\n"));
  reply empty;
  empty.status = 204;
  EXPECT_FALSE(has(empty, true, true, "\r\nContent-Length"));
  EXPECT_FALSE(has(empty, true, true, "\r\nContent-Type"));
}

TEST(ReplyHead, KeepsNothingUnlessTheReplySaysSo) {
  reply kept = reply::json(200, "{}");
  kept.headers.emplace_back("Cache-Control", "no-cache");
  const std::string head = head_of(kept, {});
  EXPECT_NE(head.find("\r\nCache-Control: no-cache\r\n"), std::string::npos);
  EXPECT_EQ(head.find("no-store"), std::string::npos);
}

// Its length would be that of the answer with a body.
TEST(ReplyHead, GivesA304NoLength) {
  reply known;
  known.status = 304;
  EXPECT_EQ(head_of(known, {}).find("Content-Length"), std::string::npos);
}

}  // namespace
}  // namespace orbweaver
