// Webhooks: who is told of what, in which order, how often, and what keeps them apart from the
// networks this service may not reach.
#include <gtest/gtest.h>
#include <numeric>

#include "common/webhook_signature.hpp"
#include "tests/support/engine_fixture.hpp"
#include "tests/support/gate.hpp"
#include "tests/support/running_app.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/site_server.hpp"

namespace orbweaver::test {
namespace {

using nlohmann::json;
using then = site_server::then;
using namespace std::chrono_literals;

constexpr const char* secret = "0123456789abcdef";

site_server::page_map one_page() { return {{"/", "x"}}; }

std::string field(const site_server::hit& request, const std::string& name) {
  const std::string mark = "\r\n" + name + ": ";
  const std::size_t at = request.head.find(mark);
  if (at == request.head.npos) return "";
  const std::size_t from = at + mark.size();
  return request.head.substr(from, request.head.find("\r\n", from) - from);
}

// Takes messages as `answer` says, and holds them.
class receiver {
 public:
  explicit receiver(std::function<int(std::size_t nth)> answer = [](std::size_t) { return 204; })
      : site_([this, answer = std::move(answer)](const site_server::hit&) -> site_server::reply {
          const int status = answer(++asked_);
          return {http_response(status, status == 302 ? "Location: /elsewhere\r\n" : "", "")};
        }) {}

  json hook(json members = json::object()) const {
    members["url"] = site_.url("/hook");
    if (!members.contains("secret")) members["secret"] = secret;
    return members;
  }
  std::vector<site_server::hit> messages() const { return site_.hits(); }
  std::vector<std::string> types() const {
    std::vector<std::string> out;
    for (const auto& one : messages()) out.push_back(json::parse(one.body).at("type"));
    return out;
  }
  // Waits for the message of this type.
  json await(const std::string& type) const {
    for (;;) {
      for (const auto& one : messages())
        if (json body = json::parse(one.body); body.at("type") == type) return body;
      std::this_thread::yield();
    }
  }

 private:
  std::atomic<std::size_t> asked_{0};
  site_server site_;
};

json request_with(const site_server& site, json hook) {
  return {{"urls", {site.url("/")}}, {"delay", 0}, {"webhook", std::move(hook)}};
}

// Waits until the crawl's own answer says so.
json await_deliveries(const running_app& app, const std::string& id, const std::string& name,
                      std::uint64_t count) {
  for (;;) {
    json told = app.status(id).at("webhook");
    if (told.at(name).get<std::uint64_t>() >= count) return told;
    std::this_thread::yield();
  }
}

TEST(Webhooks, TellOfTheWholeCrawlInOrderAndSigned) {
  const site_server site(
      site_server::page_map{{"/", "<a href=/a>a</a><a href=/b>b</a>"}, {"/a", "x"}, {"/b", "y"}});
  const receiver told;
  const running_app app;
  json request = request_with(site, told.hook({{"headers", {{"X-Which", "mine"}}}}));
  request["name"] = "nightly";
  const std::string id = app.create(request);
  const json end = told.await("crawl.completed");
  EXPECT_EQ(end.at("crawl").at("id"), id);
  EXPECT_EQ(end.at("crawl").at("name"), "nightly");
  EXPECT_EQ(end.at("data").at("state"), "completed");
  EXPECT_EQ(end.at("data").at("counts").at("fetched"), 3);
  EXPECT_EQ(told.types().front(), "crawl.started");
  EXPECT_EQ(told.types().back(), "crawl.completed");
  std::vector<std::uint64_t> seqs;
  for (const auto& message : told.messages()) {
    EXPECT_TRUE(message.head.starts_with("POST /hook HTTP/1.1\r\n"));
    EXPECT_EQ(field(message, "Content-Type"), "application/json");
    EXPECT_EQ(field(message, "X-Which"), "mine");
    EXPECT_EQ(field(message, "Accept"), "*/*") << "no page is asked for";
    EXPECT_TRUE(field(message, "webhook-id").starts_with(id));
    EXPECT_EQ(field(message, "webhook-signature"),
              webhook_signature(secret, field(message, "webhook-id"),
                                std::stoll(field(message, "webhook-timestamp")), message.body));
    const json body = json::parse(message.body);
    if (body.at("type") == "crawl.page")
      for (const json& record : body.at("data")) seqs.push_back(record.at("seq"));
  }
  EXPECT_EQ(seqs, (std::vector<std::uint64_t>{1, 2, 3}));
  const json state = await_deliveries(app, id, "delivered", told.messages().size());
  EXPECT_EQ(state.at("givenUp"), 0);
  EXPECT_EQ(state.at("lastError"), nullptr);
}

TEST(Webhooks, TellOfWhatWasAskedForOnly) {
  const site_server site(one_page());
  const receiver told;
  const running_app app;
  app.create(request_with(site, told.hook({{"events", {"crawl.completed"}}})));
  told.await("crawl.completed");
  EXPECT_EQ(told.types(), std::vector<std::string>{"crawl.completed"});
}

TEST(Webhooks, AServicesOwnSecretSignsForThoseWithout) {
  const site_server site(one_page());
  const receiver told;
  settings with = loopback_settings();
  with.webhook_secret = "fedcba9876543210";
  const running_app app(with);
  json hook = told.hook();
  hook.erase("secret");
  app.create(request_with(site, hook));
  told.await("crawl.completed");
  const auto message = told.messages().front();
  EXPECT_EQ(field(message, "webhook-signature"),
            webhook_signature(with.webhook_secret, field(message, "webhook-id"),
                              std::stoll(field(message, "webhook-timestamp")), message.body));
}

TEST(Webhooks, ACancelledCrawlIsCompletedAndSaysHow) {
  gate closed;
  const site_server site([&](const std::string&) {
    closed.pass();
    return html_response("x");
  });
  const receiver told;
  const running_app app;
  const std::string id = app.create(request_with(site, told.hook()));
  told.await("crawl.started");
  EXPECT_EQ(app.post("/v1/crawls/" + id + "/cancel").status, 202u);
  EXPECT_EQ(told.await("crawl.completed").at("data").at("state"), "cancelled");
  closed.open();
}

TEST(Webhooks, ADeletedCrawlIsToldOfNoMore) {
  const site_server site(one_page());
  const receiver told([](std::size_t) { return 500; });  // and is asked again after seconds
  running_app app;
  const std::string id = app.create(request_with(site, told.hook()));
  told.await("crawl.started");
  EXPECT_EQ(app.connect().request("DELETE", "/v1/crawls/" + id).status, 204u);
  app.begin_stop(0s);
  app.wait_stopped();
  EXPECT_EQ(told.messages().size(), 1u);
}

// The webhooks of an engine in this process, with pauses that tests have time for.
class HookedEngine : public ::testing::Test {
 protected:
  void tell(webhook_settings with, crawl_spec spec) {
    with.secret = secret;
    with.user_agent = "Test/1.0";
    hooks_.emplace(engine_.context, engine_.engine, engine_.store, std::move(with));
    const auto made = engine_.call(engine_.engine.create(std::move(spec)));
    id_ = made.value().id;
    hooks_->watch(id_, made.value().request);
  }
  void TearDown() override {
    if (hooks_) engine_.call(hooks_->stop());
  }
  delivery_state state() {
    return read_delivery_state(engine_.call(engine_.store.delivery(id_)).value());
  }
  delivery_state await_end() {
    for (;;) {
      delivery_state now = state();
      if (now.ended) return now;
      std::this_thread::yield();
    }
  }
  static crawl_spec spec_with(const site_server& site, const std::string& hook) {
    crawl_spec spec = quick_spec({site.url("/")});
    spec.webhook.emplace().url = hook;
    return spec;
  }

  // What may be dialled: this address alone.
  running_engine engine_{
      1, running_engine::default_settings(), {}, {*ip_network::parse("127.0.0.1/32")}};
  std::optional<webhooks> hooks_;
  crawl_id id_;
  site_server pages_{one_page()};
};

TEST_F(HookedEngine, AMessageIsRepeatedUntilItIsTaken) {
  const receiver told([](std::size_t nth) { return nth < 3 ? 503 : 200; });
  tell({.pauses = {1ms, 1ms, 1ms}}, spec_with(pages_, told.hook().at("url")));
  const delivery_state end = await_end();
  EXPECT_EQ(end.given_up, 0u);
  EXPECT_EQ(end.last_error, "it answered 503");
  EXPECT_EQ(told.types(),
            (std::vector<std::string>{"crawl.started", "crawl.started", "crawl.started",
                                      "crawl.page", "crawl.completed"}));
  const auto messages = told.messages();
  EXPECT_EQ(field(messages[0], "webhook-id"), field(messages[2], "webhook-id"));
  EXPECT_EQ(messages[0].body, messages[2].body);
}

TEST_F(HookedEngine, AMessageThatNobodyTakesIsGivenUpAndTheNextGetOneAttempt) {
  const receiver told([](std::size_t) { return 500; });
  tell({.pauses = {1ms, 1ms}}, spec_with(pages_, told.hook().at("url")));
  const delivery_state end = await_end();
  EXPECT_EQ(end.given_up, 3u);
  EXPECT_EQ(end.delivered, 0u);
  EXPECT_EQ(told.types(),
            (std::vector<std::string>{"crawl.started", "crawl.started", "crawl.started",
                                      "crawl.page", "crawl.completed"}));
}

TEST_F(HookedEngine, ARedirectIsAFailureAndNotFollowed) {
  const receiver told([](std::size_t) { return 302; });
  tell({.pauses = {}}, spec_with(pages_, told.hook().at("url")));
  EXPECT_EQ(await_end().last_error, "it answered 302");
  for (const auto& message : told.messages()) EXPECT_EQ(message.target, "/hook");
}

TEST_F(HookedEngine, AReceiverThatIsGoneIsToldOfNothingMore) {
  const receiver told([](std::size_t) { return 410; });
  tell({.pauses = {1ms}}, spec_with(pages_, told.hook().at("url")));
  const delivery_state end = await_end();
  EXPECT_EQ(end.last_error, "it answered 410");
  EXPECT_EQ(told.messages().size(), 1u);
}

TEST_F(HookedEngine, OneThatNeverAnswersIsLeftAtTheTimeout) {
  const site_server mute([](const site_server::hit&) -> site_server::reply {
    return {"", then::silence};
  });
  tell({.pauses = {}, .timeout = 50ms}, spec_with(pages_, mute.url("/hook")));
  const delivery_state end = await_end();
  EXPECT_EQ(end.given_up, 3u);
  EXPECT_NE(end.last_error.find("timeout"), std::string::npos) << end.last_error;
}

TEST_F(HookedEngine, StoppingCutsAMessageOnItsWay) {
  gate asked;
  const site_server mute([&](const site_server::hit&) -> site_server::reply {
    asked.open();
    return {"", then::silence};
  });
  tell({.timeout = 1h}, spec_with(pages_, mute.url("/hook")));
  asked.pass();
  engine_.call(hooks_->stop());
  hooks_.reset();
  EXPECT_FALSE(state().started) << "it is told of again after a restart";
}

TEST_F(HookedEngine, AnAddressThatMayNotBeReachedIsNotTriedAgain) {
  const site_server closed([](const std::string&) { return html_response("x"); }, "127.9.9.9");
  tell({.pauses = {1h}}, spec_with(pages_, closed.url("/hook")));
  const delivery_state end = await_end();
  EXPECT_EQ(end.given_up, 3u);
  EXPECT_TRUE(end.last_error.starts_with("blocked_address")) << end.last_error;
  EXPECT_EQ(closed.total_connections(), 0);
}

TEST(WebhooksAfterARestart, GoOnWhereTheyWere) {
  const scratch_folder folder;
  std::map<std::string, std::string> pages{{"/", ""}};
  for (int i = 0; i < 250; ++i) {
    pages["/"] += "<a href=/" + std::to_string(i) + ">x</a>";
    pages["/" + std::to_string(i)] = "x";
  }
  const site_server site(pages);
  settings with = loopback_settings();
  with.store = store_kind::rocksdb;
  with.data_dir = folder.path();
  std::atomic<bool> up{false};
  // Takes the start and the first pages, then nothing until the service has been started again.
  const receiver told([&](std::size_t nth) { return nth <= 2 || up ? 200 : 503; });
  std::string id;
  {
    const running_app first(with);
    id = first.create(request_with(site, told.hook()));
    EXPECT_EQ(first.wait_until_final(id).at("counts").at("fetched"), 251);
    await_deliveries(first, id, "delivered", 2);
  }
  const std::size_t before = told.messages().size();
  up = true;
  const running_app second(with);
  told.await("crawl.completed");
  std::vector<std::uint64_t> seqs;
  bool began_anew = false;
  const auto messages = told.messages();
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const json body = json::parse(messages[i].body);
    if (i >= before && body.at("type") == "crawl.started") began_anew = true;
    if (body.at("type") != "crawl.page" || (i >= 2 && i < before)) continue;
    for (const json& record : body.at("data")) seqs.push_back(record.at("seq"));
  }
  EXPECT_FALSE(began_anew);
  std::vector<std::uint64_t> all(251);
  std::iota(all.begin(), all.end(), 1);
  EXPECT_EQ(seqs, all);
}

}  // namespace
}  // namespace orbweaver::test
