// Requests that are repeated, because nobody knows what became of the first one.
#include <csignal>
#include <future>
#include <gtest/gtest.h>
#include <set>

#include "tests/support/key_folder.hpp"
#include "tests/support/program.hpp"
#include "tests/support/running_app.hpp"

namespace orbweaver {
namespace {

using nlohmann::json;
using test::code_of;
using test::http_answer;
using test::http_client;
using test::running_app;

std::string with_key(const std::string& key) { return "Idempotency-Key: " + key + "\r\n"; }

// It waits for ever, and nothing of its first answer is true for long.
std::string waiting(const std::string& name = "x") {
  return json{{"urls", {"http://127.0.0.1:18/", "http://127.0.0.1:18/2"}},
              {"name", name},
              {"delay", 3600},
              {"retries", 10},
              {"labels", {{"a", "b"}}},
              {"headers", {{"X-Secret", "s"}}}}
      .dump();
}

void expect_same(const http_answer& first, const http_answer& again) {
  EXPECT_EQ(first.status, 201u) << first.body;
  EXPECT_EQ(again.status, first.status);
  EXPECT_EQ(again.fields.at("location"), first.fields.at("location"));
  EXPECT_EQ(again.body, first.body);
}

std::size_t crawls(const running_app& app) { return app.get_json("/v1/crawls").at("data").size(); }

TEST(ApiIdempotency, ARepetitionIsGivenTheFirstAnswer) {
  const running_app app;
  const http_answer first = app.post("/v1/crawls", waiting(), with_key("k"));
  const std::string id = json::parse(first.body).at("id");
  app.post("/v1/crawls/" + id + "/pause");
  expect_same(first, app.post("/v1/crawls", waiting(), with_key("k")));
  EXPECT_EQ(crawls(app), 1u);
  EXPECT_EQ(app.post("/v1/crawls", waiting(), with_key("l")).status, 201u);
  EXPECT_EQ(app.post("/v1/crawls", waiting()).status, 201u);
  EXPECT_EQ(crawls(app), 3u);
}

TEST(ApiIdempotency, AnotherBodyIsAMistake) {
  const running_app app;
  EXPECT_EQ(app.post("/v1/crawls", waiting(), with_key("k")).status, 201u);
  const http_answer other = app.post("/v1/crawls", waiting() + " ", with_key("k"));
  EXPECT_EQ(other.status, 422u);
  EXPECT_EQ(code_of(other), "idempotency_key_reused");
  EXPECT_EQ(crawls(app), 1u);
}

TEST(ApiIdempotency, ARefusedRequestIsNotRemembered) {
  const running_app app;
  EXPECT_EQ(code_of(app.post("/v1/crawls", "{}", with_key("k"))), "invalid_request");
  EXPECT_EQ(app.post("/v1/crawls", waiting(), with_key("k")).status, 201u);
}

TEST(ApiIdempotency, ADeletedCrawlMayBeMadeAgain) {
  const running_app app;
  const http_answer first = app.post("/v1/crawls", waiting(), with_key("k"));
  EXPECT_EQ(app.remove(first.fields.at("location")).status, 204u);
  const http_answer again = app.post("/v1/crawls", waiting(), with_key("k"));
  EXPECT_EQ(again.status, 201u);
  EXPECT_NE(again.fields.at("location"), first.fields.at("location"));
}

TEST(ApiIdempotency, KeysAreChecked) {
  const running_app app;
  for (const std::string& wrong : {with_key(""), with_key("a b"), with_key(std::string(256, 'k')),
                                   with_key("\xc3\xa4"), with_key("a") + with_key("a")})
    EXPECT_EQ(code_of(app.post("/v1/crawls", waiting(), wrong)), "bad_idempotency_key") << wrong;
  EXPECT_EQ(app.post("/v1/crawls", waiting(), with_key(std::string(255, 'k'))).status, 201u);
}

TEST(ApiIdempotency, EachApiKeyHasNamesOfItsOwn) {
  const test::key_folder folder;
  const std::string a = test::bearer(folder.add("a")), b = test::bearer(folder.add("b"));
  settings with = test::loopback_settings();
  with.data_dir = folder.path().string();
  const running_app app(with);
  const http_answer first = app.post("/v1/crawls", waiting(), a + with_key("k"));
  expect_same(first, app.post("/v1/crawls", waiting(), a + with_key("k")));
  const http_answer other = app.post("/v1/crawls", waiting("y"), b + with_key("k"));
  EXPECT_EQ(other.status, 201u);
  EXPECT_NE(other.fields.at("location"), first.fields.at("location"));
}

TEST(ApiIdempotency, OfManyAtOnceOneMakesACrawl) {
  const running_app app;
  std::vector<std::future<http_answer>> answers;
  for (int i = 0; i < 8; ++i)
    answers.push_back(std::async(std::launch::async,
                                 [&] { return app.post("/v1/crawls", waiting(), with_key("k")); }));
  std::set<std::string> bodies;
  for (auto& one : answers) {
    const http_answer answer = one.get();
    if (answer.status == 201) {
      bodies.insert(answer.body);
      continue;
    }
    EXPECT_EQ(code_of(answer), "idempotency_in_progress");
    EXPECT_EQ(answer.fields.count("retry-after"), 1u);
  }
  EXPECT_EQ(bodies.size(), 1u);
  EXPECT_EQ(crawls(app), 1u);
}

// The service in a process of its own, to be killed.
class killed_service {
 public:
  explicit killed_service(const std::filesystem::path& folder)
      : program_({ORBWEAVER_BINARY, "serve", "--listen", "127.0.0.1:0", "--data-dir",
                  folder.string(), "--allow-net", "127.0.0.0/8", "--memory-budget", "128MiB"}) {
    const std::string line = program_.read_line();
    port_ = static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
  }
  http_client connect() const { return http_client(port_); }
  void kill() {
    program_.signal(SIGKILL);
    program_.wait();
  }

 private:
  test::program program_;
  std::uint16_t port_ = 0;
};

TEST(ApiIdempotency, AnAnswerThatWasGivenIsGivenAgainAfterAKill) {
  const test::scratch_folder folder;
  http_answer first;
  {
    killed_service service(folder.path());
    first = service.connect().request("POST", "/v1/crawls", waiting(), with_key("k"));
    service.kill();
  }
  killed_service service(folder.path());
  expect_same(first, service.connect().request("POST", "/v1/crawls", waiting(), with_key("k")));
  EXPECT_EQ(code_of(service.connect().request("POST", "/v1/crawls", waiting("y"), with_key("k"))),
            "idempotency_key_reused");
  const http_answer list = service.connect().request("GET", "/v1/crawls");
  EXPECT_EQ(json::parse(list.body).at("data").size(), 1u);
  service.kill();
}

}  // namespace
}  // namespace orbweaver
