// The service with API keys, as its callers meet it.
#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>

#include "tests/support/key_folder.hpp"
#include "tests/support/running_app.hpp"

namespace orbweaver {
namespace {

using nlohmann::json;
using test::bearer;
using test::code_of;
using test::http_answer;
using test::running_app;

class ApiKeys : public testing::Test {
 protected:
  settings with_keys() const { return folder_.with_keys(); }
  static http_answer call(const running_app& app, const std::string& method,
                          const std::string& target, const std::string& fields = "") {
    return app.connect().request(method, target, method == "POST" ? "{}" : "", fields);
  }
  test::key_folder folder_;
};

TEST_F(ApiKeys, EveryCallButTheOpenOnesNeedsOne) {
  folder_.add("a");
  const running_app app(with_keys());
  const json description = json::parse(app.get("/openapi.json").body);
  std::size_t open = 0, closed = 0;
  for (const auto& [path, methods] : description.at("paths").items())
    for (const auto& [method, operation] : methods.items()) {
      std::string name;
      for (const char c : method) name += static_cast<char>(std::toupper(c));
      const http_answer answer = call(app, name, path);
      if (!operation.contains("security")) {
        EXPECT_EQ(answer.status, 200u) << name << path;
        EXPECT_FALSE(operation.at("responses").contains("401")) << name << path;
        ++open;
      } else {
        EXPECT_EQ(answer.status, 401u) << name << path;
        EXPECT_EQ(code_of(answer), "key_required") << name << path;
        EXPECT_EQ(answer.fields.at("www-authenticate"), "Bearer realm=\"orbweaver\"");
        EXPECT_TRUE(operation.at("responses").contains("401")) << name << path;
        const bool writes = operation.at("security").at(0).at("apiKey").at(0) == "write";
        EXPECT_EQ(writes, name != "GET") << name << path;
        ++closed;
      }
    }
  EXPECT_GE(open, 3u);
  EXPECT_GE(closed, 12u);
  EXPECT_EQ(app.get("/").status, 200u) << "the dashboard asks for a key itself";
  EXPECT_EQ(app.connect().request("HEAD", "/v1/crawls").status, 401u);
  EXPECT_EQ(app.connect().request("OPTIONS", "/v1/crawls").status, 204u);
}

TEST_F(ApiKeys, AKeyDoesWhatItsScopeAllows) {
  const std::string reader = bearer(folder_.add("r", key_scope::read));
  const std::string writer = bearer(folder_.add("w", key_scope::write));
  const running_app app(with_keys());
  for (const std::string& key : {reader, writer}) {
    EXPECT_EQ(app.get("/v1/crawls", key).status, 200u);
    EXPECT_EQ(code_of(call(app, "GET", "/v1/crawls/x", key)), "crawl_not_found");
  }
  for (const auto& [method, path] : {std::pair{"POST", "/v1/crawls"},
                                     {"POST", "/v1/fetch"},
                                     {"POST", "/v1/crawls/x/cancel"},
                                     {"DELETE", "/v1/crawls/x"}}) {
    const http_answer refused = call(app, method, path, reader);
    EXPECT_EQ(refused.status, 403u) << path;
    EXPECT_EQ(code_of(refused), "scope_insufficient") << path;
    EXPECT_EQ(refused.fields.count("www-authenticate"), 1u) << path;
    const http_answer allowed = call(app, method, path, writer);
    EXPECT_NE(allowed.status, 403u) << path;
    EXPECT_NE(allowed.status, 401u) << path;
  }
}

TEST_F(ApiKeys, WrongKeysArePutOffAndRightOnesNeverAre) {
  const std::string right = bearer(folder_.add("a"));
  const running_app app(with_keys());
  http_answer answer;
  std::size_t refused = 0;
  for (; answer.status != 429 && refused < 100; ++refused) {
    answer = app.get("/v1/crawls", bearer("ow_wrong"));
    if (answer.status != 429) {
      EXPECT_EQ(code_of(answer), "key_invalid");
    }
  }
  EXPECT_EQ(code_of(answer), "too_many_attempts");
  EXPECT_GE(std::stoi(answer.fields.at("retry-after")), 1);
  EXPECT_GT(refused, 5u) << "a few mistakes are forgiven";
  EXPECT_EQ(app.get("/v1/crawls", right).status, 200u);
  EXPECT_EQ(code_of(app.get("/v1/crawls")), "key_required");
  EXPECT_EQ(app.get("/healthz").status, 200u);
}

TEST_F(ApiKeys, RefusalsAreLoggedWithinBounds) {
  const std::string reader = folder_.add("r", key_scope::read);
  const running_app app(with_keys());
  testing::internal::CaptureStderr();
  std::vector<http_answer> refused;
  refused.push_back(app.get("/v1/crawls"));
  refused.push_back(app.get("/v1/crawls", bearer("ow_wrong")));
  refused.push_back(app.post("/v1/crawls", "{}", bearer(reader)));
  refused.push_back(app.get("/healthz", "Origin: https://evil.example\r\n"));
  app.get("/v1/crawls/none", bearer(reader));  // which is no secret, and no refusal
  for (int i = 0; i < 100; ++i) app.get("/v1/crawls");
  const std::string log = testing::internal::GetCapturedStderr();
  for (const http_answer& answer : refused) {
    const auto at = log.find("request=" + answer.fields.at("x-request-id") + " client=127.0.0.1");
    ASSERT_NE(at, std::string::npos) << code_of(answer) << log;
    const std::string line = log.substr(at, log.find('\n', at) - at);
    EXPECT_NE(line.find("code=" + code_of(answer)), std::string::npos) << line;
    const bool known = code_of(answer) == "scope_insufficient";
    EXPECT_EQ(line.find("key=none") == std::string::npos, known) << line;
  }
  EXPECT_EQ(log.find("ow_"), std::string::npos) << "no key is ever logged";
  EXPECT_LE(std::ranges::count(log, '\n'), 20) << log;
}

TEST_F(ApiKeys, AreSeenAsTheyComeAndGo) {
  const running_app app(with_keys());
  EXPECT_EQ(app.get("/v1/crawls").status, 200u);
  const std::string key = bearer(folder_.add("a"));
  while (app.get("/v1/crawls").status == 200) std::this_thread::yield();
  EXPECT_EQ(app.get("/v1/crawls", key).status, 200u);
  std::ofstream(key_file_in(folder_.path())) << "damaged";
  EXPECT_EQ(app.get("/v1/crawls", key).status, 200u);
  std::filesystem::remove(key_file_in(folder_.path()));
  const std::string next = bearer(folder_.add("b"));
  while (app.get("/v1/crawls", next).status != 200) std::this_thread::yield();
  EXPECT_NE(app.get("/v1/crawls", key).status, 200u);
  folder_.revoke("b");
  while (app.get("/v1/crawls", next).status == 200) std::this_thread::yield();
  EXPECT_EQ(app.get("/v1/crawls").status, 401u) << "without a key it is shut, not open";
}

TEST_F(ApiKeys, ADirectoryThatOthersMayEnterIsWarnedOf) {
  const auto said_with = [&](std::filesystem::perms mode) {
    std::filesystem::permissions(folder_.path(), mode);
    testing::internal::CaptureStderr();
    { const running_app app(with_keys()); }
    return testing::internal::GetCapturedStderr().find("others may enter the data directory") !=
           std::string::npos;
  };
  EXPECT_FALSE(said_with(std::filesystem::perms(0700)));
  EXPECT_TRUE(said_with(std::filesystem::perms(0750)));
  EXPECT_TRUE(said_with(std::filesystem::perms(0701)));
}

TEST_F(ApiKeys, ADamagedFileKeepsTheServiceFromStarting) {
  std::ofstream(key_file_in(folder_.path())) << "{}";
  EXPECT_THROW(running_app{with_keys()}, keys_refused);
}

TEST_F(ApiKeys, HoldOffPagesOfOtherOriginsButTheConfiguredOnes) {
  const std::string key = bearer(folder_.add("a"));
  settings with = with_keys();
  with.cors_origins = {"https://app.example"};
  const running_app app(with);
  const http_answer preflight =
      app.connect().request("OPTIONS", "/v1/crawls", "",
                            "Origin: https://app.example\r\nAccess-Control-Request-Method: POST\r\n"
                            "Access-Control-Request-Headers: authorization, content-type\r\n");
  EXPECT_EQ(preflight.status, 204u);
  EXPECT_EQ(preflight.fields.at("access-control-allow-origin"), "https://app.example");
  EXPECT_EQ(preflight.fields.at("vary"), "Origin");
  EXPECT_EQ(preflight.fields.count("access-control-allow-credentials"), 0u);
  const http_answer read = app.get("/v1/crawls", key + "Origin: https://app.example\r\n");
  EXPECT_EQ(read.status, 200u);
  EXPECT_EQ(read.fields.at("access-control-allow-origin"), "https://app.example");
  EXPECT_EQ(app.get("/v1/crawls", key).fields.count("access-control-allow-origin"), 0u);
  const http_answer other = app.get("/v1/crawls", key + "Origin: https://other.example\r\n");
  EXPECT_EQ(code_of(other), "forbidden_origin");
  EXPECT_EQ(other.fields.count("access-control-allow-origin"), 0u);
}

}  // namespace
}  // namespace orbweaver
