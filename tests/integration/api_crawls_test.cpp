#include <gtest/gtest.h>
#include <set>

#include "tests/support/gate.hpp"
#include "tests/support/running_app.hpp"
#include "tests/support/site_server.hpp"

namespace orbweaver {
namespace {

using nlohmann::json;
using test::code_of;
using test::http_answer;
using test::running_app;
using test::site_server;

// A site of `pages` pages, each linked from the first one.
site_server::page_map star(int pages) {
  site_server::page_map out;
  for (int i = 1; i < pages; ++i) {
    const std::string path = "/p" + std::to_string(i);
    out["/"] += "<a href=" + path + ">x</a>";
    out[path] = "page " + std::to_string(i);
  }
  return out;
}

json quick(const std::string& seed) {
  return {{"urls", json::array({seed})}, {"delay", 0}, {"sitemap", "skip"}, {"robots", "ignore"}};
}

// A crawl of this never ends by itself within a test.
json endless(const std::string& seed) {
  json out = quick(seed);
  out["delay"] = 3600;
  return out;
}

std::uint64_t sum_of(const json& counts) {
  std::uint64_t sum = 0;
  for (const char* part : {"queued", "inFlight", "fetched", "failed", "skipped"})
    sum += counts.at(part).get<std::uint64_t>();
  return sum;
}

// The errors of a refused request as "pointer: detail".
std::set<std::string> mistakes(const http_answer& answer) {
  std::set<std::string> out;
  for (const json& e : json::parse(answer.body).value("errors", json::array()))
    out.insert(e.at("pointer").get<std::string>() + ": " + e.at("detail").get<std::string>());
  return out;
}

TEST(ApiCrawls, CreatesACrawlAndReportsItToItsEnd) {
  const site_server site(star(5));
  const running_app app;
  json request = quick(site.url());
  request["name"] = "five";
  request["labels"] = {{"team", "x"}};
  const http_answer answer = app.post("/v1/crawls", request.dump());
  EXPECT_EQ(answer.status, 201u);
  EXPECT_EQ(answer.fields.at("content-type"), "application/json");
  const json created = json::parse(answer.body);
  const std::string id = created.at("id");
  EXPECT_EQ(answer.fields.at("location"), "/v1/crawls/" + id);
  EXPECT_EQ(created.at("name"), "five");
  EXPECT_EQ(sum_of(created.at("counts")), created.at("counts").at("discovered"));

  const json done = app.wait_until_final(id);
  EXPECT_EQ(done.at("state"), "completed");
  EXPECT_EQ(done.at("finishReason"), "exhausted");
  EXPECT_EQ(done.at("counts").at("fetched"), 5);
  EXPECT_EQ(done.at("counts").at("discovered"), 5);
  EXPECT_EQ(done.at("byStatus").at("200"), 5);
  EXPECT_EQ(done.at("progress"), 1.0);
  EXPECT_EQ(done.at("labels"), json({{"team", "x"}}));
  EXPECT_EQ(done.at("request").at("urls"), json::array({site.url()}));
  EXPECT_EQ(done.at("availableActions"), json::array({"delete"}));
  EXPECT_FALSE(done.at("finishedAt").is_null());
}

TEST(ApiCrawls, ReportsEveryMistakeOfARequest) {
  const running_app app;
  const http_answer answer =
      app.post("/v1/crawls", R"({"urls":["http://a.test/","nonsense"],"limit":0,"scpoe":"any"})");
  EXPECT_EQ(answer.status, 400u);
  EXPECT_EQ(code_of(answer), "invalid_request");
  const auto found = mistakes(answer);
  EXPECT_EQ(found.size(), 3u);
  EXPECT_TRUE(found.count("/scpoe: is not a known field; did you mean \"scope\"?")) << answer.body;
  for (const char* body : {"", "{", "[]", "null", "\xff\xfe", R"({"urls":[]})"})
    EXPECT_EQ(code_of(app.post("/v1/crawls", std::string(body) + " ")), "invalid_request") << body;
  EXPECT_EQ(code_of(app.post("/v1/crawls", std::string(1'000'000, '['))), "invalid_request");
  EXPECT_EQ(app.get_json("/v1/crawls").at("data"), json::array()) << "nothing was created";
}

TEST(ApiCrawls, TakesJsonOnly) {
  const running_app app;
  const auto post_as = [&](const std::string& field) {
    auto client = app.connect();
    client.send("POST /v1/crawls HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n" + field +
                "\r\n{}");
    return client.read();
  };
  const std::string form = "Content-Type: application/x-www-form-urlencoded\r\n";
  EXPECT_EQ(code_of(post_as("Content-Type: text/plain\r\n")), "unsupported_media_type");
  // What a browser sends for a form is no request; what curl -d sends is one.
  for (const char* const said :
       {"Origin: http://localhost\r\n", "Sec-Fetch-Site: cross-site\r\n"}) {
    EXPECT_EQ(code_of(post_as(form + said)), "unsupported_media_type");
    EXPECT_EQ(code_of(post_as(said)), "unsupported_media_type");
  }
  EXPECT_EQ(code_of(post_as(form)), "invalid_request");
  EXPECT_EQ(code_of(post_as("")), "invalid_request");
  EXPECT_EQ(code_of(post_as("Content-Type: Application/JSON; charset=utf-8\r\n")),
            "invalid_request");
}

TEST(ApiCrawls, RefusesABodyOverItsLimit) {
  settings with = test::loopback_settings();
  with.max_body_size = 1000;
  const running_app app(with);
  EXPECT_EQ(code_of(app.post("/v1/crawls", std::string(1000, ' '))), "invalid_request");
  EXPECT_EQ(code_of(app.post("/v1/crawls", std::string(1001, ' '))), "body_too_large");
}

TEST(ApiCrawls, KnowsWhichCrawlsThereAre) {
  const running_app app;
  const std::string unknown = crawl_id::random().to_string();
  for (const std::string& id : {unknown, std::string("x"), std::string("%00"), unknown + "0"}) {
    const std::string path = "/v1/crawls/" + id;
    EXPECT_EQ(code_of(app.get(path)), "crawl_not_found") << id;
    EXPECT_EQ(code_of(app.get(path + "/results")), "crawl_not_found") << id;
    EXPECT_EQ(code_of(app.get(path + "/results?format=ndjson")), "crawl_not_found") << id;
    for (const char* action : {"/pause", "/resume", "/cancel"})
      EXPECT_EQ(code_of(app.post(path + action)), "crawl_not_found") << id << action;
    EXPECT_EQ(code_of(app.connect().request("DELETE", path)), "crawl_not_found") << id;
  }
  EXPECT_EQ(code_of(app.get("/v1/crawls/" + unknown + "/nothing")), "not_found");
  EXPECT_EQ(code_of(app.connect().request("PUT", "/v1/crawls/" + unknown)), "method_not_allowed");
}

TEST(ApiCrawls, PausesResumesAndCancels) {
  const site_server site(star(50));
  const running_app app;
  const std::string path = "/v1/crawls/" + app.create(endless(site.url()));

  EXPECT_EQ(code_of(app.post(path + "/resume")), "wrong_state") << "it runs";
  http_answer answer = app.post(path + "/pause");
  EXPECT_EQ(answer.status, 202u);
  const std::string state = json::parse(answer.body).at("state");
  EXPECT_TRUE(state == "pausing" || state == "paused") << state;
  answer = app.post(path + "/resume");
  EXPECT_EQ(answer.status, 202u);
  EXPECT_EQ(json::parse(answer.body).at("state"), "running");
  answer = app.post(path + "/cancel");
  EXPECT_EQ(answer.status, 202u);

  const json done = app.wait_until_final(path.substr(path.rfind('/') + 1));
  EXPECT_EQ(done.at("state"), "cancelled");
  EXPECT_EQ(done.at("finishReason"), "cancelled");
  EXPECT_EQ(sum_of(done.at("counts")), done.at("counts").at("discovered"));
  for (const char* action : {"/pause", "/resume", "/cancel"}) {
    const http_answer late = app.post(path + action);
    EXPECT_EQ(late.status, 409u) << action;
    EXPECT_EQ(json::parse(late.body).at("detail"), "The crawl is cancelled; it allows delete.");
  }
}

TEST(ApiCrawls, ForgetsADeletedCrawl) {
  const site_server site(star(5));
  const running_app app;
  const std::string finished = app.create(quick(site.url()));
  app.wait_until_final(finished);
  const std::string running = app.create(endless(site.url()));
  for (const std::string& id : {finished, running}) {
    const http_answer answer = app.connect().request("DELETE", "/v1/crawls/" + id);
    EXPECT_EQ(answer.status, 204u);
    EXPECT_EQ(answer.body, "");
    EXPECT_EQ(code_of(app.get("/v1/crawls/" + id)), "crawl_not_found");
    EXPECT_EQ(code_of(app.get("/v1/crawls/" + id + "/results")), "crawl_not_found");
    EXPECT_EQ(code_of(app.connect().request("DELETE", "/v1/crawls/" + id)), "crawl_not_found");
  }
  EXPECT_EQ(app.get_json("/v1/crawls").at("data"), json::array());
}

TEST(ApiCrawls, ListsCrawlsNewestFirstPageByPage) {
  const site_server site(star(2));
  const site_server slow(star(2), "127.0.0.2");  // politeness is per host, across all crawls
  const running_app app;
  std::vector<std::string> created;
  for (int i = 0; i < 7; ++i) {
    json request = i % 2 == 0 ? endless(slow.url()) : quick(site.url());
    request["labels"] = {{"parity", i % 2 == 0 ? "even" : "odd"}};
    if (i == 3) request["labels"]["three"] = "";
    created.push_back(app.create(request));
    if (i % 2 == 1) app.wait_until_final(created.back());
  }
  const auto ids = [&](const std::string& query) {
    std::vector<std::string> out;
    const json list = app.get_json("/v1/crawls?" + query);
    for (const json& crawl : list.at("data")) out.push_back(crawl.at("id"));
    return out;
  };
  const std::vector<std::string> newest_first(created.rbegin(), created.rend());
  EXPECT_EQ(ids(""), newest_first);
  EXPECT_EQ(ids("state=completed"), (std::vector<std::string>{created[5], created[3], created[1]}));
  EXPECT_EQ(ids("label=parity=odd&state=running"), std::vector<std::string>{});
  EXPECT_EQ(ids("label=parity%3Deven").size(), 4u);
  EXPECT_EQ(ids("label=three"), std::vector<std::string>{created[3]});
  EXPECT_EQ(ids("label=three="), std::vector<std::string>{created[3]});
  EXPECT_EQ(ids("label=parity="), std::vector<std::string>{}) << "an empty value is one, too";
  EXPECT_EQ(ids("label=parity").size(), 7u);

  std::vector<std::string> paged;
  std::string cursor;
  for (int page = 0; page < 4; ++page) {
    const json list = app.get_json("/v1/crawls?limit=2" + cursor);
    for (const json& crawl : list.at("data")) paged.push_back(crawl.at("id"));
    EXPECT_EQ(list.at("next").is_null(), page == 3) << page;
    if (!list.at("next").is_null()) cursor = "&cursor=" + list.at("next").get<std::string>();
  }
  EXPECT_EQ(paged, newest_first);
}

TEST(ApiCrawls, ChecksTheQueryOfAList) {
  const running_app app;
  const http_answer answer =
      app.get("/v1/crawls?state=ended&limit=0&limit=5&lable=x&cursor=zz&limit=1");
  EXPECT_EQ(answer.status, 400u);
  EXPECT_EQ(code_of(answer), "invalid_parameter");
  EXPECT_EQ(mistakes(answer).size(), 4u) << answer.body;
  EXPECT_EQ(code_of(app.get("/v1/crawls?limit=1001")), "invalid_parameter");
  EXPECT_EQ(code_of(app.get("/v1/crawls?limit=-1")), "invalid_parameter");
  EXPECT_EQ(code_of(app.get("/v1/crawls?limit=1e2")), "invalid_parameter");
  EXPECT_EQ(code_of(app.get("/v1/crawls?cursor=zz")), "bad_cursor");
  EXPECT_EQ(code_of(app.get("/v1/crawls?cursor=000000000000000500000000")), "bad_cursor");
  EXPECT_EQ(code_of(app.get("/v1/crawls?cursor=")), "bad_cursor");
}

TEST(ApiCrawls, KeepsSecretsToItself) {
  const site_server site(star(1));
  const running_app app;
  json request = quick(site.url());
  request["headers"] = {{"Authorization", "Bearer hush"}, {"X-Seen", "seen"}};
  request["auth"] = {{"username", "u"}, {"password", "hush"}};
  const std::string id = app.create(request);
  for (const std::string& path : {"/v1/crawls/" + id, std::string("/v1/crawls")}) {
    const std::string body = app.get(path).body;
    EXPECT_EQ(body.find("hush"), std::string::npos) << body;
    EXPECT_NE(body.find("seen"), std::string::npos) << body;
  }
}

TEST(ApiCrawls, ServesManyClientsAtOnce) {
  const site_server site(star(20));
  const running_app app;
  std::vector<std::future<int>> clients;
  for (int c = 0; c < 16; ++c) {
    clients.push_back(std::async(std::launch::async, [&app, &site] {
      int fetched = 0;
      for (int i = 0; i < 3; ++i) {
        const std::string id = app.create(quick(site.url()));
        const json list = app.get_json("/v1/crawls?limit=5");
        if (list.at("data").empty()) return -1;
        fetched += app.wait_until_final(id).at("counts").at("fetched").get<int>();
        app.connect().request("DELETE", "/v1/crawls/" + id);
      }
      return fetched;
    }));
  }
  for (auto& client : clients) EXPECT_EQ(client.get(), 60);
  EXPECT_EQ(app.get_json("/v1/crawls").at("data"), json::array());
}

TEST(ApiCrawls, SayWhereTheServiceAllowsLess) {
  settings with = test::loopback_settings();
  with.max_concurrency = 7;
  with.max_page_size = 1024;
  const running_app app(with);
  json request = {{"urls", json::array({"http://127.0.0.1:1/"})}, {"maxConcurrency", 8}};
  const std::string id = app.create(request);
  EXPECT_EQ(app.status(id).at("warnings"),
            json::array({"maxConcurrency is held to the 7 of the whole service."}));
  request["maxConcurrency"] = 7;
  EXPECT_EQ(app.status(app.create(request)).at("warnings"), json::array());
  request["maxBodyBytes"] = 1025;
  EXPECT_EQ(code_of(app.post("/v1/crawls", request.dump())), "invalid_request");
}

}  // namespace
}  // namespace orbweaver
