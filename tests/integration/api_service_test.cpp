#include <gtest/gtest.h>

#include "tests/support/gate.hpp"
#include "tests/support/running_app.hpp"
#include "tests/support/site_server.hpp"

namespace orbweaver {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using test::code_of;
using test::gate;
using test::http_answer;
using test::running_app;
using test::site_server;

json one_page(const std::string& url) { return {{"url", url}, {"robots", "ignore"}}; }

TEST(ApiFetch, AnswersThePagesRecord) {
  const site_server site(site_server::page_map{{"/", "<title>Hello</title><a href=/x>x</a>"}});
  const running_app app;
  json request = one_page(site.url());
  request["formats"] = {"metadata", "links", "text"};
  const http_answer answer = app.post("/v1/fetch", request.dump());
  EXPECT_EQ(answer.status, 200u);
  const json record = json::parse(answer.body);
  EXPECT_EQ(record.at("outcome"), "fetched");
  EXPECT_EQ(record.at("status"), 200);
  EXPECT_EQ(record.at("title"), "Hello");
  EXPECT_EQ(record.at("links").size(), 1u);
  EXPECT_EQ(site.hit_counts().count("/x"), 0u);
  EXPECT_EQ(app.get_json("/v1/crawls").at("data"), json::array()) << "it is no crawl to list";
}

TEST(ApiFetch, AnswersWithARecordOfWhatFailed) {
  const running_app app;
  const auto failure = [&](const std::string& url) {
    json request = one_page(url);
    request["retries"] = 0;
    const http_answer answer = app.post("/v1/fetch", request.dump());
    EXPECT_EQ(answer.status, 200u);
    const json record = json::parse(answer.body);
    EXPECT_EQ(record.at("outcome"), "failed");
    return record.at("error").at("code").get<std::string>();
  };
  const std::string closed = site_server(site_server::page_map{}).url();
  EXPECT_EQ(failure(closed), "connect_refused");
  EXPECT_EQ(failure("http://10.0.0.1/"), "blocked_address");
}

TEST(ApiFetch, ChecksItsRequest) {
  settings with = test::loopback_settings();
  with.max_body_size = 90'000;
  const running_app app(with);
  const http_answer answer = app.post("/v1/fetch", R"({"url": "x", "maxDepth": 1})");
  EXPECT_EQ(code_of(answer), "invalid_request");
  EXPECT_EQ(json::parse(answer.body).at("errors").size(), 2u);
  EXPECT_EQ(code_of(app.post("/v1/fetch", "{}")), "invalid_request");
  EXPECT_EQ(code_of(app.post("/v1/fetch", "{}" + std::string(89'998, ' '))), "invalid_request");
  EXPECT_EQ(code_of(app.post("/v1/fetch", std::string(90'001, ' '))), "body_too_large");
  EXPECT_EQ(code_of(app.get("/v1/fetch")), "method_not_allowed");
}

std::string fetch_call(const std::string& url) {
  const std::string body = one_page(url).dump();
  return "POST /v1/fetch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
         "Content-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

TEST(ApiFetch, IsGivenUpWithItsClient) {
  const site_server silent([](const site_server::hit&) -> site_server::reply {
    return {"", site_server::then::silence};
  });
  settings with = test::loopback_settings();
  with.max_crawls = 1;
  const running_app app(with);
  {
    auto leaving = app.connect();
    leaving.send(fetch_call(silent.url()));
    while (silent.hits().empty()) std::this_thread::yield();
    EXPECT_EQ(code_of(app.post("/v1/fetch", one_page(silent.url()).dump())), "too_many_crawls");
  }
  const site_server site(site_server::page_map{{"/", "here"}});
  http_answer next;
  while (next.status != 200) next = app.post("/v1/fetch", one_page(site.url()).dump());
  EXPECT_EQ(json::parse(next.body).at("outcome"), "fetched");
}

TEST(ApiFetch, LeavesConnectionsToOtherCalls) {
  const site_server silent([](const site_server::hit&) -> site_server::reply {
    return {"", site_server::then::silence};
  });
  const running_app app;
  std::vector<test::http_client> waiting;
  for (std::size_t i = 0; i < max_page_fetches; ++i) {
    waiting.push_back(app.connect());
    waiting.back().send(fetch_call(silent.url("/" + std::to_string(i))));
  }
  // Some may not have been read yet, and a call that is answered at once may take the place of one.
  http_answer refused = app.post("/v1/fetch", "{}");
  for (; refused.status != 429; refused = app.post("/v1/fetch", "{}")) {
    waiting.push_back(app.connect());
    waiting.back().send(fetch_call(silent.url()));
  }
  EXPECT_EQ(code_of(refused), "too_many_fetches");
  EXPECT_EQ(refused.fields.count("retry-after"), 1u);
  EXPECT_EQ(app.get("/healthz").status, 200u);
  waiting.clear();
  while (refused.status != 400) refused = app.post("/v1/fetch", "{}");
  EXPECT_EQ(code_of(refused), "invalid_request") << "there is room again";
}

TEST(ApiService, SaysThatItLivesAndIsReady) {
  const running_app app;
  EXPECT_EQ(app.get("/healthz").body, R"({"status":"ok"})");
  EXPECT_EQ(app.get("/readyz").body, R"({"status":"ready","store":"well"})");
  EXPECT_EQ(code_of(app.get("/v2")), "not_found");
}

TEST(ApiService, RefusesParametersItDoesNotKnowEverywhere) {
  const running_app app;
  for (const char* path :
       {"/healthz", "/readyz", "/v1/crawls", "/v1/crawls/x", "/v1/crawls/x/results"})
    EXPECT_EQ(code_of(app.get(std::string(path) + "?y=1")), "invalid_parameter") << path;
  for (const char* path : {"/v1/crawls", "/v1/fetch", "/v1/crawls/x/pause", "/v1/crawls/x/cancel"})
    EXPECT_EQ(code_of(app.post(std::string(path) + "?y=1", "{}")), "invalid_parameter") << path;
  EXPECT_EQ(code_of(app.connect().request("DELETE", "/v1/crawls/x?y=1")), "invalid_parameter");
}

TEST(ApiService, ServesNoPageOfAnotherSite) {
  const running_app app;
  const auto code = [&](const std::string& fields) {
    auto client = app.connect();
    client.send("GET /healthz HTTP/1.1\r\n" + fields + "\r\n");
    const http_answer answer = client.read();
    return answer.status == 200 ? "" : code_of(answer);
  };
  for (const char* host : {"localhost", "LOCALHOST:8080", "127.0.0.1", "127.3.2.1:80", "[::1]:1"})
    EXPECT_EQ(code("Host: " + std::string(host) + "\r\n"), "") << host;
  for (const char* host :
       {"a.test", "a.test:8080", "localhost.a.test", "10.0.0.1", "[::2]", "127.1"})
    EXPECT_EQ(code("Host: " + std::string(host) + "\r\n"), "forbidden_host") << host;
  EXPECT_EQ(code("Host: localhost:1\r\nOrigin: http://localhost:1\r\n"), "");
  for (const char* origin : {"http://a.test", "http://localhost", "https://localhost:1", "null"})
    EXPECT_EQ(code("Host: localhost:1\r\nOrigin: " + std::string(origin) + "\r\n"),
              "forbidden_origin")
        << origin;
  auto client = app.connect();
  client.send("GET http://a.test/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(code_of(client.read()), "forbidden_host");
}

TEST(ApiService, RefusesMoreCrawlsThanItMayHave) {
  settings with = test::loopback_settings();
  with.max_crawls = 1;
  const site_server site(site_server::page_map{{"/", "<a href=/x>x</a>"}, {"/x", ""}});
  const running_app app(with);
  const json slow = {{"urls", json::array({site.url()})}, {"delay", 3600}, {"robots", "ignore"}};
  const std::string first = app.create(slow);
  const http_answer refused = app.post("/v1/crawls", slow.dump());
  EXPECT_EQ(refused.status, 429u);
  EXPECT_EQ(code_of(refused), "too_many_crawls");
  EXPECT_EQ(refused.fields.count("retry-after"), 1u);
  app.post("/v1/crawls/" + first + "/cancel");
  app.create(slow);
}

TEST(ApiService, FinishesWhatItDoesBeforeItStops) {
  gate held;
  const site_server site([&](const std::string&) {
    held.pass();
    return test::html_response("late");
  });
  const test::open_at_end opener(held);
  running_app app;
  auto fetching = app.connect();
  const std::string body = one_page(site.url()).dump();
  fetching.send(fetch_call(site.url()));
  held.wait_for_arrival();
  app.begin_stop(60s);

  auto other = app.connect();
  while (other.request("GET", "/readyz").status == 200) continue;
  const http_answer not_ready = other.request("GET", "/readyz");
  EXPECT_EQ(not_ready.status, 503u);
  EXPECT_EQ(code_of(not_ready), "shutting_down");
  EXPECT_EQ(not_ready.fields.count("retry-after"), 1u);
  EXPECT_EQ(other.request("GET", "/healthz").status, 200u);
  EXPECT_EQ(other.request("GET", "/v1/crawls").status, 200u);
  const http_answer refused = other.request("POST", "/v1/crawls", R"({"urls":["http://a.test/"]})");
  EXPECT_EQ(refused.status, 503u);
  EXPECT_EQ(refused.fields.count("retry-after"), 1u);
  EXPECT_EQ(code_of(other.request("POST", "/v1/fetch", body)), "shutting_down");

  held.open();
  const http_answer answer = fetching.read();
  EXPECT_EQ(answer.status, 200u);
  EXPECT_EQ(json::parse(answer.body).at("outcome"), "fetched");
  app.wait_stopped();
}

TEST(ApiService, StopsInTimeWhateverHangs) {
  gate held;
  const site_server site([&](const std::string&) {
    held.pass();
    return std::string();
  });
  const test::open_at_end opener(held);
  running_app app;
  const json crawl = {{"urls", json::array({site.url()})}, {"robots", "ignore"}};
  const std::string id = app.create(crawl);
  const site_server silent(
      [](const site_server::hit&) -> site_server::reply {
        return {"", site_server::then::silence};
      },
      "127.0.0.2");
  auto fetching = app.connect();
  fetching.send(fetch_call(silent.url()));
  while (silent.hits().empty()) std::this_thread::yield();
  auto follower = app.connect();
  follower.send("GET /v1/crawls/" + id +
                "/results?follow=true HTTP/1.1\r\nHost: localhost\r\n\r\n");
  auto idle = app.connect();
  EXPECT_EQ(idle.request("GET", "/healthz").status, 200u);
  held.wait_for_arrival();
  app.begin_stop(100ms);
  app.wait_stopped();
  EXPECT_EQ(idle.read_all(), "");
  const std::string followed = follower.read_all();
  EXPECT_NE(followed.find("200 OK"), std::string::npos);
  EXPECT_FALSE(followed.ends_with("0\r\n\r\n")) << "the crawl is not over";
  const http_answer given_up = fetching.read();
  EXPECT_EQ(given_up.status, 200u);
  EXPECT_EQ(json::parse(given_up.body).at("reason").at("code"), "cancelled");
}

}  // namespace
}  // namespace orbweaver
