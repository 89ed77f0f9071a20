#include <gtest/gtest.h>
#include <set>

#include "tests/support/gate.hpp"
#include "tests/support/running_app.hpp"
#include "tests/support/site_server.hpp"

namespace orbweaver {
namespace {

using nlohmann::json;
using test::code_of;
using test::gate;
using test::http_answer;
using test::running_app;
using test::site_server;

constexpr int pages = 30;

// 30 pages; two further links lead to an unknown port of the same host and out of scope.
site_server::page_map site_pages() {
  site_server::page_map out;
  for (int i = 1; i < pages; ++i) {
    out["/"] += "<a href=/p" + std::to_string(i) + ">x</a>";
    out["/p" + std::to_string(i)] = "page " + std::to_string(i);
  }
  return out;
}

json quick(const std::string& seed) {
  return {{"urls", json::array({seed})}, {"delay", 0}, {"sitemap", "skip"}, {"robots", "ignore"}};
}

std::vector<json> lines_of(const std::string& text) {
  std::vector<json> out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    if (end == std::string::npos) throw std::runtime_error("the last line does not end");
    out.push_back(json::parse(text.substr(at, end - at)));
    at = end + 1;
  }
  return out;
}

class ApiResults : public testing::Test {
 protected:
  ApiResults() : site_(site_pages()) {
    json request = quick(site_.url());
    request["urls"].push_back(site_server(site_server::page_map{}).url());  // closed again
    request["retries"] = 0;
    id_ = app_.create(request);
    app_.wait_until_final(id_);
  }
  std::string results(const std::string& query = "") const {
    return "/v1/crawls/" + id_ + "/results" + query;
  }

  site_server site_;
  running_app app_;
  std::string id_;
};

TEST_F(ApiResults, ComePageByPageEachOnce) {
  std::set<std::string> urls;
  std::vector<std::uint64_t> seqs;
  std::string cursor;
  for (int page = 0; page < 5; ++page) {
    const json answer = app_.get_json(results("?limit=7" + cursor));
    EXPECT_LE(answer.at("data").size(), 7u);
    for (const json& record : answer.at("data")) {
      urls.insert(record.at("url"));
      seqs.push_back(record.at("seq"));
    }
    EXPECT_EQ(answer.at("next").is_null(), page == 4);
    if (page < 4) cursor = "&cursor=" + answer.at("next").get<std::string>();
  }
  EXPECT_EQ(urls.size(), pages + 1u);
  std::vector<std::uint64_t> expected(pages + 1);
  for (std::size_t i = 0; i < expected.size(); ++i) expected[i] = i + 1;
  EXPECT_EQ(seqs, expected);
}

TEST_F(ApiResults, ComeUpToSoManyAtOnce) {
  EXPECT_EQ(app_.get(results("?limit=1000")).status, 200u);
  EXPECT_EQ(code_of(app_.get(results("?limit=1001"))), "invalid_parameter");
  EXPECT_EQ(code_of(app_.get(results("?limit=0"))), "invalid_parameter");
}

TEST_F(ApiResults, AreFilteredByOutcome) {
  EXPECT_EQ(app_.get_json(results("?outcome=fetched")).at("data").size(), pages + 0u);
  const json failed = app_.get_json(results("?outcome=failed"));
  ASSERT_EQ(failed.at("data").size(), 1u);
  EXPECT_EQ(failed.at("data")[0].at("error").at("code"), "connect_refused");
  EXPECT_EQ(code_of(app_.get(results("?outcome=good"))), "invalid_parameter");
}

TEST_F(ApiResults, StreamAsNdjsonByAcceptOrByParameter) {
  for (const auto& answer :
       {app_.get(results(), "Accept: application/x-ndjson\r\n"),
        app_.get(results("?format=ndjson")),
        app_.get(results(), "Accept: application/json;q=0.5, application/x-ndjson\r\n"),
        app_.get(results(), "Accept: application/json;q=0.5\r\nAccept: application/x-ndjson\r\n"),
        app_.get(results("?follow=true")), app_.get(results("?follow=true"), "Accept: */*\r\n")}) {
    EXPECT_EQ(answer.status, 200u);
    EXPECT_EQ(answer.fields.at("content-type"), "application/x-ndjson");
    EXPECT_TRUE(answer.whole);
    EXPECT_EQ(lines_of(answer.body).size(), pages + 1u);
  }
  EXPECT_EQ(app_.get(results(), "Accept: */*\r\n").fields.at("content-type"), "application/json");
  EXPECT_EQ(app_.get(results("?format=json"), "Accept: application/x-ndjson\r\n")
                .fields.at("content-type"),
            "application/json");
  EXPECT_EQ(lines_of(app_.get(results("?format=ndjson&outcome=failed")).body).size(), 1u);
}

TEST_F(ApiResults, StreamFromACursorOn) {
  const std::string cursor = app_.get_json(results("?limit=20")).at("next");
  const auto rest = lines_of(app_.get(results("?format=ndjson&cursor=" + cursor)).body);
  ASSERT_EQ(rest.size(), pages + 1u - 20);
  EXPECT_EQ(rest[0].at("seq"), 21);
}

TEST_F(ApiResults, AreRefusedInOtherFormats) {
  const http_answer answer = app_.get(results(), "Accept: text/html, image/png\r\n");
  EXPECT_EQ(answer.status, 406u);
  EXPECT_EQ(code_of(answer), "not_acceptable");
  EXPECT_EQ(code_of(app_.get(results("?format=xml"))), "invalid_parameter");
  EXPECT_EQ(code_of(app_.get(results("?format=json&follow=true"))), "invalid_parameter");
  EXPECT_EQ(code_of(app_.get(results("?follow=true"), "Accept: application/json\r\n")),
            "invalid_parameter");
  EXPECT_EQ(code_of(app_.get(results("?follow=yes"))), "invalid_parameter");
  EXPECT_EQ(code_of(app_.get(results("?format=ndjson&limit=5"))), "invalid_parameter");
}

TEST_F(ApiResults, TakeNoCursorOfAnotherList) {
  const std::string other = app_.create(quick(site_.url()));
  app_.wait_until_final(other);
  const std::string cursor = app_.get_json("/v1/crawls/" + other + "/results?limit=1").at("next");
  EXPECT_EQ(code_of(app_.get(results("?cursor=" + cursor))), "bad_cursor");
  EXPECT_EQ(code_of(app_.get(results("?format=ndjson&cursor=x"))), "bad_cursor");
}

TEST_F(ApiResults, AnswerHeadWithoutABody) {
  auto client = app_.connect();
  const http_answer answer = client.request("HEAD", results());
  EXPECT_EQ(answer.status, 200u);
  EXPECT_NE(answer.fields.at("content-length"), "0");
  EXPECT_EQ(client.request("HEAD", results("?format=ndjson")).status, 200u);
  EXPECT_EQ(client.request("GET", results("?limit=1")).status, 200u) << "nothing was left over";
}

// Whose second page waits for the test.
class half_open_site {
 public:
  half_open_site()
      : site_([this](const std::string& target) {
          if (target == "/slow") held_.pass();
          return test::html_response(target == "/" ? "<a href=/slow>x</a>" : "slow");
        }) {}
  std::string url() const { return site_.url(); }
  void open() { held_.open(); }

 private:
  gate held_;
  site_server site_;
  test::open_at_end opener_{held_};
};

// The first record of a stream that goes on.
json first_line(test::http_client& client) {
  std::string text;
  while (text.find("}\n") == std::string::npos) {
    const std::string more = client.read_some();
    if (more.empty()) throw std::runtime_error("the stream has ended: " + text);
    text += more;
  }
  const auto begin = text.find("{\"seq\"");
  return json::parse(text.substr(begin, text.find("}\n") + 1 - begin));
}

TEST(ApiResultsOfARunningCrawl, AreFollowedToTheEnd) {
  half_open_site site;
  const running_app app;
  const std::string id = app.create(quick(site.url()));
  auto follower = app.connect();
  follower.send("GET /v1/crawls/" + id +
                "/results?follow=true HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(first_line(follower).at("seq"), 1);

  const json so_far = app.get_json("/v1/crawls/" + id + "/results");
  EXPECT_EQ(so_far.at("data").size(), 1u);
  const std::string cursor = so_far.at("next");  // there may be more
  const json none = app.get_json("/v1/crawls/" + id + "/results?cursor=" + cursor);
  EXPECT_EQ(none.at("data"), json::array());
  EXPECT_EQ(none.at("next"), cursor);
  EXPECT_EQ(lines_of(app.get("/v1/crawls/" + id + "/results?format=ndjson").body).size(), 1u);

  site.open();
  std::string rest;
  while (!rest.ends_with("0\r\n\r\n")) rest += follower.read_some();
  EXPECT_NE(rest.find("\"seq\":2"), std::string::npos);
  EXPECT_EQ(app.status(id).at("state"), "completed");
  const json last = app.get_json("/v1/crawls/" + id + "/results?cursor=" + cursor);
  EXPECT_EQ(last.at("data").size(), 1u);
  EXPECT_TRUE(last.at("next").is_null());
}

TEST(ApiResultsOfARunningCrawl, BreakOffWhenItIsDeleted) {
  half_open_site site;
  const running_app app;
  const std::string id = app.create(quick(site.url()));
  auto follower = app.connect();
  follower.send("GET /v1/crawls/" + id +
                "/results?follow=true HTTP/1.1\r\nHost: localhost\r\n\r\n");
  first_line(follower);
  EXPECT_EQ(app.connect().request("DELETE", "/v1/crawls/" + id).status, 204u);
  const std::string rest = follower.read_all();
  EXPECT_FALSE(rest.ends_with("0\r\n\r\n")) << "it must not look complete";
}

TEST(ApiResultsOfLargePages, ComeInSmallerPages) {
  site_server::page_map large;
  for (int i = 0; i < 6; ++i) large["/" + std::to_string(i)] = std::string(1 << 20, 'x');
  const site_server site(large);
  const running_app app;
  json request = quick(site.url("/0"));
  for (int i = 1; i < 6; ++i) request["urls"].push_back(site.url("/" + std::to_string(i)));
  request["formats"] = json::array({"rawHtml"});
  const std::string id = app.create(request);
  app.wait_until_final(id);
  const std::string results = "/v1/crawls/" + id + "/results";
  const json first = app.get_json(results);
  EXPECT_LT(first.at("data").size(), 6u);
  const std::string cursor = first.at("next");
  const json rest = app.get_json(results + "?cursor=" + cursor);
  EXPECT_EQ(first.at("data").size() + rest.at("data").size(), 6u);
}

}  // namespace
}  // namespace orbweaver
