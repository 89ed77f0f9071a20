#include "crawler/fetch/keep_exchange.hpp"

#include <gtest/gtest.h>

#include "crawler/fetch/kept_head.hpp"
#include "crawler/fetch/page_reader.hpp"

namespace orbweaver {
namespace {

class KeepExchange : public testing::Test {
 protected:
  KeepExchange() {
    spec.urls = {"http://a.example/"};
    order.entry.url = "http://a.example/page#f";
    order.cookies = "session=1";
  }

  // Reads an answer as a connection does; `whole`: its end has come.
  const std::optional<http_exchange>& read(std::string bytes, bool whole = true,
                                           outcome ended = outcome::fetched, bool keep = true) {
    order.profile = std::make_shared<const fetch_profile>(
        std::make_shared<const crawl_spec>(spec), "Orbweaver/1", fetch_keeps{.exchanges = keep});
    report = {};
    url target;
    target.assign(order.entry.url);
    response_parser head;
    while (head.parse(bytes) == response_parser::state::head_done) {
    }
    if (whole) head.finish();
    const std::string_view body = head.body(bytes);
    EXPECT_TRUE(read_answer(order, target, head, body, report, 1 << 20));
    keep_exchange(order, target, "192.0.2.1", head, body, ended, report);
    return report.exchange;
  }

  crawl_spec spec;
  fetch_order order;
  fetch_report report;
};

TEST_F(KeepExchange, TakesTheHeadAsItCameAndTheBodyWithoutChunks) {
  const auto& kept = read(
      "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
      "HTTP/1.1 200 OK\r\ncontent-type:  text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->url, "http://a.example/page");
  EXPECT_EQ(kept->response_head,
            "HTTP/1.1 200 OK\r\ncontent-type:  text/html\r\nTransfer-Encoding: chunked\r\n\r\n");
  ASSERT_TRUE(kept->payload);
  EXPECT_EQ(kept->payload->view(), "abcde");
  EXPECT_EQ(kept->payload_bytes, 5u);
  EXPECT_EQ(kept->cut, payload_cut::none);
  EXPECT_EQ(kept->address, "192.0.2.1");
  EXPECT_FALSE(kept->packed);
  const kept_head again(kept->response_head);
  EXPECT_EQ(again.status(), 200u);
  EXPECT_EQ(again.headers().get(header_id::content_type), "text/html");
}

TEST_F(KeepExchange, LeavesOutWhatTheCrawlWasGiven) {
  spec.headers = {{"X-Api-Key", "secret"}};
  spec.cookies = {{"login", "secret"}};
  spec.auth = http_auth{"me", "secret"};
  const auto& kept = read("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nx");
  ASSERT_TRUE(kept);
  EXPECT_TRUE(kept->request_head.starts_with("GET /page HTTP/1.1\r\nHost: a.example\r\n"));
  EXPECT_TRUE(kept->request_head.ends_with("\r\n\r\n"));
  EXPECT_EQ(kept->request_head.find("secret"), std::string::npos);
  EXPECT_EQ(kept->request_head.find("Authorization"), std::string::npos);
  EXPECT_NE(kept->request_head.find("Cookie: session=1\r\n"), std::string::npos);
}

TEST_F(KeepExchange, SaysWhyABodyIsNotWhole) {
  const std::string short_of = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc";
  EXPECT_EQ(read(short_of)->cut, payload_cut::disconnect);
  EXPECT_EQ(read(short_of, true, outcome::total_timeout)->cut, payload_cut::time);
  EXPECT_EQ(read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcX")->cut,
            payload_cut::unspecified);
  // Nobody read on: a redirect's body is of no use to a crawl.
  EXPECT_EQ(read("HTTP/1.1 302 Found\r\nLocation: /n\r\nContent-Length: 9\r\n\r\nabc", false)->cut,
            payload_cut::length);
}

TEST_F(KeepExchange, KeepsPagesAndRedirectsOnly) {
  EXPECT_TRUE(read("HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\nx"));
  EXPECT_TRUE(read("HTTP/1.1 301 Moved\r\nLocation: /n\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_TRUE(read("HTTP/1.1 304 Not Modified\r\n\r\n"));
  EXPECT_FALSE(read("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nx"));
  EXPECT_FALSE(read("HTTP/1.1 200 OK\r\n\r\nx", true, outcome::fetched, false));
  order.entry.kind = entry_kind::robots;
  EXPECT_FALSE(read("HTTP/1.1 200 OK\r\n\r\nx"));
}

TEST_F(KeepExchange, KnowsWhatIsCompressedAlready) {
  spec.content_types = {"*"};
  EXPECT_TRUE(read("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\nx")->packed);
  EXPECT_TRUE(read("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nx")->packed);
  EXPECT_FALSE(read("HTTP/1.1 200 OK\r\nContent-Type: image/svg+xml\r\n\r\nx")->packed);
}

TEST(KeptBody, IsCountedWhileItIsThere) {
  const std::size_t before = kept_body::bytes_in_use();
  {
    const kept_body body(std::string(1000, 'x'));
    EXPECT_EQ(kept_body::bytes_in_use(), before + 1000);
  }
  EXPECT_EQ(kept_body::bytes_in_use(), before);
}

}  // namespace
}  // namespace orbweaver
