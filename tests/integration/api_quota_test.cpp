// What API keys may use, and what happens beyond it.
#include <fstream>
#include <gtest/gtest.h>

#include "tests/support/key_folder.hpp"
#include "tests/support/running_app.hpp"
#include "tests/support/site_server.hpp"

namespace orbweaver {
namespace {

using nlohmann::json;
using test::bearer;
using test::code_of;
using test::http_answer;
using test::running_app;
using test::site_server;

// Each page leads to the next.
site_server::reply chain(const site_server::hit& request) {
  if (request.target == "/robots.txt") return {test::http_response(404, "", "")};
  const int at = std::atoi(request.target.c_str() + 1);
  return {test::html_response("<a href=/" + std::to_string(at + 1) + ">on</a>")};
}

class ApiQuota : public testing::Test {
 protected:
  settings with_keys() const { return folder_.with_keys(); }
  json request(const char* path = "/1", int limit = 1000) const {
    return {{"urls", {site_.url(path)}}, {"delay", 0}, {"limit", limit}, {"sitemap", "skip"}};
  }
  // Crawls that wait for ever.
  json waiting() const {
    return {{"urls", {site_.url("/1"), site_.url("/5")}}, {"delay", 3600}, {"robots", "ignore"}};
  }
  static json wait_until_paused(const running_app& app, const std::string& id) {
    json status = app.status(id);
    while (status["state"] == "running" || status["state"] == "pausing") {
      std::this_thread::yield();
      status = app.status(id);
    }
    return status;
  }

  test::key_folder folder_;
  site_server site_{site_server::script(chain)};
};

TEST_F(ApiQuota, SoManyCrawlsAtOnce) {
  const std::string key = folder_.add("a", key_scope::write, {.max_crawls = 2});
  const std::string other = folder_.add("b");
  running_app app(with_keys());
  app.always_send(bearer(key));
  const std::string first = app.create(waiting());
  app.create(waiting());
  const http_answer refused = app.post("/v1/crawls", waiting().dump());
  EXPECT_EQ(refused.status, 429u);
  EXPECT_EQ(code_of(refused), "quota_crawls_reached");
  EXPECT_EQ(refused.fields.count("retry-after"), 1u);
  EXPECT_EQ(app.connect().request("POST", "/v1/crawls", waiting().dump(), bearer(other)).status,
            201u);
  EXPECT_EQ(app.post("/v1/crawls/" + first + "/cancel").status, 202u);
  app.create(waiting());
}

TEST_F(ApiQuota, SoManyPagesADay) {
  const std::string key = folder_.add("a", key_scope::write, {.max_pages = 5});
  running_app app(with_keys());
  app.always_send(bearer(key));
  const std::string id = app.create(request());
  const json status = wait_until_paused(app, id);
  EXPECT_EQ(status["state"], "paused");
  EXPECT_GE(status["counts"]["fetched"], 5);
  EXPECT_LE(status["counts"]["fetched"], 7) << "what was under way is not thrown away";
  EXPECT_NE(status["warnings"].dump().find("quota"), std::string::npos) << status["warnings"];
  for (const std::string& target : {std::string("/v1/crawls"), "/v1/crawls/" + id + "/resume"}) {
    const http_answer refused = app.post(target, request().dump());
    EXPECT_EQ(refused.status, 429u) << target;
    EXPECT_EQ(code_of(refused), "quota_pages_reached") << target;
    const int pause = std::stoi(refused.fields.at("retry-after"));
    EXPECT_GE(pause, 1);
    EXPECT_LE(pause, 24 * 3600);
  }
  const std::string page = json{{"url", site_.url("/1")}}.dump();
  EXPECT_EQ(code_of(app.post("/v1/fetch", page)), "quota_pages_reached");
  EXPECT_EQ(app.get("/v1/crawls/" + id + "/results").status, 200u) << "it can still be read";
}

TEST_F(ApiQuota, SoManyBytesADay) {
  const std::string key = folder_.add("a", key_scope::write, {.max_bytes = 2000});
  running_app app(with_keys());
  app.always_send(bearer(key));
  const std::string page = json{{"url", site_.url("/1")}, {"robots", "ignore"}}.dump();
  http_answer answer;
  std::uint64_t bytes = 0;
  for (answer = app.post("/v1/fetch", page); answer.status == 200;
       answer = app.post("/v1/fetch", page))
    bytes += json::parse(answer.body).at("bytesOnWire").get<std::uint64_t>();
  EXPECT_EQ(code_of(answer), "quota_bytes_reached");
  EXPECT_GE(bytes, 2000u);
  EXPECT_LE(bytes, 3000u);
}

TEST_F(ApiQuota, ARestartForgetsNothing) {
  const std::string key = bearer(folder_.add("a", key_scope::write, {.max_pages = 5}));
  {
    running_app app(with_keys());
    app.always_send(key);
    wait_until_paused(app, app.create(request()));
  }
  {
    running_app app(with_keys());
    app.always_send(key);
    EXPECT_EQ(code_of(app.post("/v1/crawls", request().dump())), "quota_pages_reached");
  }
  std::ofstream(folder_.path() / "usage.json") << "damaged";
  running_app app(with_keys());
  app.always_send(key);
  app.create(request("/1", 1));
}

}  // namespace
}  // namespace orbweaver
