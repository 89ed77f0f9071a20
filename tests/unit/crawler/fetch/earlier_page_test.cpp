#include "crawler/fetch/earlier_page.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

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
                                                          "Orbweaver/1");
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
    return report.members;
  }
  static std::string page(std::string_view fields = "") {
    return "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n" + std::string(fields) +
           "\r\n" + std::string(html);
  }
  void compare_with(format_set formats) { spec.since = earlier_crawl{crawl_id::random(), formats}; }

  crawl_spec spec;
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
  const auto asks = [&] {
    read(page(), before);
    return request.find("If-None-Match") != std::string::npos;
  };
  compare_with(spec.formats);
  EXPECT_TRUE(asks());
  compare_with(format_set{static_cast<std::uint8_t>(format::metadata)});
  EXPECT_FALSE(asks()) << "no links";
  compare_with(spec.formats);
  spec.formats.add(format::text);
  EXPECT_FALSE(asks()) << "no text";
  spec.formats = spec.since->formats;
  spec.extract = {{.name = "x", .regex = user_pattern("x")}};
  EXPECT_FALSE(asks());
  spec.extract.clear();
  order.entry.url = "http://a.example/elsewhere";
  EXPECT_FALSE(asks()) << "the tag is that of another URL";
}

TEST_F(Recrawl, APageWhoseLinksAreNotAllKnownIsFetchedWhole) {
  auto members = read(page("ETag: \"1\"\r\n"));
  EXPECT_FALSE(read_earlier_page(members)->etag.empty());
  members += ",\"limitsReached\":[\"links\"]";
  EXPECT_TRUE(read_earlier_page(members)->etag.empty());
}

TEST_F(Recrawl, LongValidatorsAreNotKept) {
  EXPECT_EQ(read(page("ETag: \"" + std::string(1100, 'e') + "\"\r\n")).find("etag"),
            std::string::npos);
}

TEST_F(Recrawl, APagesNofollowOutlivesIt) {
  const auto before = read_earlier_page(read(page("X-Robots-Tag: nofollow\r\n")));
  ASSERT_TRUE(before);
  EXPECT_TRUE(before->nofollow_page);
  compare_with(spec.formats);
  read("HTTP/1.1 304 Not Modified\r\n\r\n", before);
  EXPECT_TRUE(report.nofollow_page);
  ASSERT_FALSE(report.links.links.empty());
  EXPECT_EQ(report.links.links[0].nofollow, nofollow_by::earlier_page);
}

TEST(EarlierPage, WhatChanged) {
  const earlier_page then{.status = 200, .content_hash = 7};
  const earlier_page missing{.status = 404, .content_hash = 8};
  EXPECT_EQ(change_since(nullptr, 200, 7), "new");
  EXPECT_EQ(change_since(&then, 304, 0), "unchanged");
  EXPECT_EQ(change_since(&then, 200, 7), "unchanged");
  EXPECT_EQ(change_since(&then, 200, 8), "changed");
  for (const unsigned gone : {404u, 410u}) EXPECT_EQ(change_since(&then, gone, 8), "gone");
  EXPECT_EQ(change_since(&missing, 404, 8), "unchanged");
  EXPECT_EQ(change_since(&missing, 200, 7), "changed");
  for (const unsigned says_nothing : {500u, 503u, 429u, 408u})
    EXPECT_EQ(change_since(&then, says_nothing, 9), "");
}

TEST(EarlierPage, NoRecordNoPage) {
  EXPECT_FALSE(read_earlier_page("\"status\":"));
  EXPECT_TRUE(read_earlier_page("\"status\":\"x\",\"links\":[1,{}]"));
}

}  // namespace
}  // namespace orbweaver
