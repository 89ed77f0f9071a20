#include "crawler/fetch/earlier_page.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "crawler/fetch/keep_exchange.hpp"
#include "crawler/fetch/page_reader.hpp"
#include "crawler/fetch/request.hpp"

namespace orbweaver {
namespace {

using nlohmann::json;

constexpr std::string_view html =
    "<html lang=en><title>t</title><a href='/a#x' rel='x nofollow'>A</a><a href=b>B</a>"
    "<img src=/i.png>";

class Recrawl : public testing::Test {
 protected:
  Recrawl() {
    spec.urls = {"http://a.example/dir/"};
    order.entry.url = "http://a.example/dir/";
  }
  // The record that an answer makes; `earlier`: of an earlier one.
  std::string read(std::string bytes, std::optional<earlier_page> earlier = std::nullopt) {
    order.profile = std::make_shared<const fetch_profile>(std::make_shared<const crawl_spec>(spec),
                                                          "Orbweaver/1", keeps);
    report = {};
    if (earlier) report.earlier = std::make_unique<earlier_page>(std::move(*earlier));
    url target;
    target.assign(order.entry.url);
    request = request_for(order, target, report.earlier.get());
    response_parser head;
    while (head.parse(bytes) == response_parser::state::head_done) {
    }
    head.finish();
    EXPECT_TRUE(read_answer(order, target, head, head.body(bytes), report, 1 << 20));
    keep_exchange(order, target, "", head, head.body(bytes), outcome::fetched, report);
    return report.members;
  }
  static std::string page(std::string_view fields = "", std::string_view status = "200 OK") {
    std::string out("HTTP/1.1 ");
    out.append(status).append("\r\nContent-Type: text/html; charset=utf-8\r\n").append(fields);
    return out.append("\r\n").append(html);
  }
  bool asks() const { return request.find("\r\nIf-") != std::string::npos; }
  // A page of which this is known is asked for as if nothing were; a 304 all the same says nothing.
  void expect_fetched_whole(const std::string& before) {
    const auto earlier = read_earlier_page(before);
    ASSERT_TRUE(earlier) << before;
    const std::string now = read(not_modified, earlier);
    EXPECT_FALSE(asks()) << before;
    const json record = json::parse("{" + now + "}");
    EXPECT_EQ(record.at("status"), 304);
    EXPECT_EQ(record.at("bytes"), 0);
    EXPECT_FALSE(record.contains("change") || record.contains("contentHash")) << now;
    EXPECT_TRUE(report.links.links.empty());
    read(not_modified, read_earlier_page(now));
    EXPECT_FALSE(asks()) << "nor has the next crawl anything to ask by: " << now;
    const auto then = read_earlier_page(now);
    ASSERT_TRUE(then) << now;
    EXPECT_EQ(change_since(&*then, 200, 7), "");
  }
  static constexpr const char* not_modified = "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n";
  void compare_with(format_set formats) { spec.since = earlier_crawl{crawl_id::random(), formats}; }

  crawl_spec spec;
  fetch_keeps keeps;
  fetch_order order;
  fetch_report report;
  std::string request;
};

TEST_F(Recrawl, A304IsThePageAsItWas) {
  const std::string before =
      read(page("ETag: W/\"1\"\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n"));
  const auto links_before = report.links.links.size();
  EXPECT_EQ(request.find("If-"), std::string::npos);
  compare_with(spec.formats);
  const json now =
      json::parse("{" + read("HTTP/1.1 304 Not Modified\r\n\r\n", read_earlier_page(before)) + "}");
  EXPECT_NE(request.find("\r\nIf-None-Match: W/\"1\"\r\n"), std::string::npos);
  EXPECT_NE(request.find("\r\nIf-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n"),
            std::string::npos);
  const json then = json::parse("{" + before + "}");
  EXPECT_EQ(now.at("status"), 304);
  EXPECT_EQ(now.at("change"), "unchanged");
  for (const char* same : {"contentType", "charset", "charsetSource", "bytes", "contentHash",
                           "title", "language", "links", "etag", "lastModified"})
    EXPECT_EQ(now.at(same), then.at(same)) << same;
  ASSERT_EQ(report.links.links.size(), links_before);
  EXPECT_EQ(report.links.url(report.links.links[0]), "http://a.example/a");
  EXPECT_EQ(report.links.links[0].nofollow, nofollow_by::rel);
  EXPECT_EQ(report.links.links[1].nofollow, nofollow_by::nothing);
}

TEST_F(Recrawl, AsksOnlyWhereTheEarlierRecordsSuffice) {
  const auto before = read_earlier_page(read(page("ETag: \"1\"\r\n")));
  const auto would_ask = [&] {
    read(page(), before);
    return asks();
  };
  compare_with(spec.formats);
  EXPECT_TRUE(would_ask());
  compare_with(format_set{static_cast<std::uint8_t>(format::metadata)});
  EXPECT_FALSE(would_ask()) << "no links";
  compare_with(spec.formats);
  spec.formats.add(format::text);
  EXPECT_FALSE(would_ask()) << "no text";
  spec.formats = spec.since->formats;
  spec.extract = {{.name = "x", .regex = user_pattern("x")}};
  EXPECT_FALSE(would_ask());
  spec.extract.clear();
  order.entry.url = "http://a.example/elsewhere";
  EXPECT_FALSE(would_ask()) << "the tag is that of another URL";
}

TEST_F(Recrawl, APageThatWasNotReadToItsEndIsFetchedWhole) {
  compare_with(spec.formats);
  const std::string whole = read(page("ETag: \"1\"\r\n"));
  EXPECT_FALSE(read_earlier_page(whole)->etag.empty());
  for (const char* limit : {"links", "urls", "text", "nesting"})
    expect_fetched_whole(whole + ",\"limitsReached\":[\"" + limit + "\"]");
  const std::string cut = read(page("Content-Length: 5000\r\nETag: \"1\"\r\n"));
  ASSERT_NE(cut.find("\"truncated\""), std::string::npos);
  expect_fetched_whole(cut);
}

TEST_F(Recrawl, ABodyInPartIsNotCompared) {
  compare_with(spec.formats);
  const auto cut = read_earlier_page(read(page("Content-Length: 5000\r\n")));
  EXPECT_EQ(read(page(), cut).find("\"change\""), std::string::npos);
  EXPECT_NE(read(page("", "404 Not Found"), cut).find("\"change\":\"gone\""), std::string::npos);
}

TEST_F(Recrawl, WhatValidatesAnErrorIsOfNoUse) {
  compare_with(spec.formats);
  for (const char* status : {"301 Moved", "404 Not Found", "429 Later", "503 Maintenance"})
    expect_fetched_whole(read(page("Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n", status)));
}

TEST_F(Recrawl, A304LendsWhatItWasLent) {
  compare_with(spec.formats);
  std::string record = read(page("ETag: \"1\"\r\n"));
  for (int i = 0; i < 3; ++i) {
    record = read(not_modified, read_earlier_page(record));
    EXPECT_TRUE(asks());
    EXPECT_NE(record.find("\"change\":\"unchanged\""), std::string::npos);
    EXPECT_EQ(report.links.links.size(), 2u);
  }
}

TEST_F(Recrawl, APageIsFetchedWholeForABodyThatWasNotKept) {
  compare_with(spec.formats);
  auto before = read_earlier_page(read(page("ETag: \"1\"\r\n")));
  const auto would_ask = [&] {
    read(page(), before);
    return asks();
  };
  EXPECT_TRUE(would_ask()) << "bodies are of no interest";
  keeps.exchanges = true;
  EXPECT_FALSE(would_ask());
  read(not_modified, before);
  EXPECT_FALSE(report.exchange->unchanged);
  before->exchange.emplace();
  EXPECT_FALSE(would_ask()) << "of a 304 that had lost it";
  before->payload_bytes = 9;
  EXPECT_TRUE(would_ask());
  before->payload_bytes = before->bytes = 0;
  EXPECT_TRUE(would_ask()) << "there was none";
}

TEST_F(Recrawl, A304OfAnyTypeRefersToTheBody) {
  compare_with(spec.formats);
  keeps.exchanges = true;
  auto before = read_earlier_page(read(page("ETag: \"1\"\r\n")));
  before->exchange.emplace();
  before->payload_bytes = 9;
  read("HTTP/1.1 304 Not Modified\r\nContent-Type: image/png\r\n\r\n", before);
  ASSERT_TRUE(report.exchange);
  EXPECT_TRUE(report.exchange->unchanged);
  EXPECT_EQ(report.exchange->payload_bytes, 9u);
}

TEST_F(Recrawl, LongValidatorsAreNotKept) {
  EXPECT_EQ(read(page("ETag: \"" + std::string(1100, 'e') + "\"\r\n")).find("etag"),
            std::string::npos);
}

TEST_F(Recrawl, APagesNofollowOutlivesIt) {
  const auto before = read_earlier_page(read(page("ETag: \"1\"\r\nX-Robots-Tag: nofollow\r\n")));
  ASSERT_TRUE(before);
  EXPECT_TRUE(before->nofollow_page);
  compare_with(spec.formats);
  const std::string now = read("HTTP/1.1 304 Not Modified\r\n\r\n", before);
  EXPECT_NE(now.find("\"nofollow\":true"), std::string::npos) << now;
  ASSERT_FALSE(report.links.links.empty());
  EXPECT_EQ(report.links.links[0].nofollow, nofollow_by::earlier_page);
}

TEST(EarlierPage, WhatChanged) {
  const earlier_page then{.status = 200, .content_hash = 7};
  const earlier_page missing{.status = 404, .content_hash = 8};
  EXPECT_EQ(change_since(nullptr, 200, 7), "new");
  EXPECT_EQ(change_since(nullptr, 304, 0), "");
  EXPECT_EQ(change_since(&then, 304, 0), "") << "it was not asked for";
  EXPECT_EQ(change_since(&then, 200, 7), "unchanged");
  EXPECT_EQ(change_since(&then, 200, 8), "changed");
  for (const unsigned gone : {404u, 410u}) EXPECT_EQ(change_since(&then, gone, 8), "gone");
  EXPECT_EQ(change_since(&missing, 404, 8), "unchanged");
  EXPECT_EQ(change_since(&missing, 200, 7), "changed");
  for (const unsigned says_nothing : {500u, 503u, 429u, 425u, 408u}) {
    EXPECT_EQ(change_since(&then, says_nothing, 9), "");
    const earlier_page error{.status = says_nothing, .content_hash = 7};
    for (const unsigned status : {200u, 404u}) EXPECT_EQ(change_since(&error, status, 7), "");
  }
  const earlier_page part{.status = 200, .content_hash = 7, .whole = false};
  for (const std::uint64_t hash : {7u, 8u}) EXPECT_EQ(change_since(&part, 200, hash), "");
  EXPECT_EQ(change_since(&part, 404, 8), "gone");
}

TEST(EarlierPage, NoRecordNoPage) {
  EXPECT_FALSE(read_earlier_page("\"status\":"));
  EXPECT_TRUE(read_earlier_page("\"status\":\"x\",\"links\":[1,{}]"));
}

}  // namespace
}  // namespace orbweaver
