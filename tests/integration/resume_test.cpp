// Crawls that outlive the service, through the REST API.
#include <fstream>
#include <gtest/gtest.h>

#include "tests/support/engine_fixture.hpp"
#include "tests/support/running_app.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/site_server.hpp"

namespace orbweaver::test {
namespace {

using nlohmann::json;
using then = site_server::then;
using reply = site_server::reply;
using hit = site_server::hit;

settings kept_in(const scratch_folder& folder) {
  settings out = loopback_settings();
  out.store = store_kind::rocksdb;
  out.data_dir = (folder.path() / "data").string();
  out.memory_budget = 128 << 20;
  out.drain_timeout = std::chrono::seconds(0);
  return out;
}

json request_for(const site_server& site) {
  return {{"urls", {site.url("/")}}, {"delay", 0}, {"sitemap", "skip"}};
}

TEST(Resume, GoesOnWhereTheServiceStopped) {
  scratch_folder folder;
  std::atomic<bool> stuck{true};
  std::atomic<int> asked_for_first{0};
  site_server site([&](const hit& h) -> reply {
    if (h.target == "/robots.txt") return {http_response(404, "", "")};
    if (h.target == "/") {
      ++asked_for_first;
      return {html_response("<a href='/1'>1</a><a href='/2'>2</a>")};
    }
    if (stuck.load()) return {"", then::silence};
    return {html_response("<p>" + h.target)};
  });
  std::string id;
  {
    running_app service(kept_in(folder));
    id = service.create(request_for(site));
    service.connect();
    json status;
    do status = service.status(id);
    while (status["counts"]["inFlight"] != 2);
    EXPECT_EQ(service.get_json("/v1/crawls/" + id + "/urls?outcome=queued")["data"][0]["outcome"],
              "inFlight");
    service.begin_stop(std::chrono::seconds(0));
    service.wait_stopped();
  }
  stuck = false;
  running_app service(kept_in(folder));
  const json status = service.wait_until_final(id);
  EXPECT_EQ(status["state"], "completed");
  EXPECT_EQ(status["counts"]["fetched"], 3);
  EXPECT_EQ(asked_for_first, 1) << "what was fetched is not fetched again";
  const json results = service.get_json("/v1/crawls/" + id + "/results");
  EXPECT_EQ(results["data"].size(), 3u);
  const json ledger = service.get_json("/v1/crawls/" + id + "/urls?reason=fetched");
  EXPECT_EQ(ledger["data"].size(), 3u);
  EXPECT_EQ(ledger["data"][1]["referrer"], site.url("/"));
  const json statistics = service.get_json("/v1/crawls/" + id + "/statistics");
  EXPECT_EQ(statistics["depths"][0], 1) << "of the earlier start";
  EXPECT_EQ(statistics["depths"][1], 2);
  EXPECT_EQ(ledger["next"], nullptr);
}

// What a host asked for holds for all that is asked of it.
TEST(Resume, AHostThatAskedForPatienceIsLeftAlone) {
  scratch_folder folder;
  site_server busy([](const hit& h) -> reply {
    if (h.target == "/robots.txt" || h.target == "/sitemap.xml")
      return {http_response(404, "", "")};
    return {http_response(503, "Retry-After: 3600\r\n", "")};
  });
  std::atomic<bool> stuck{true};
  site_server other(
      [&](const hit& h) -> reply {
        if (h.target == "/robots.txt") return {http_response(404, "", "")};
        if (stuck.load()) return {"", then::silence};
        return {html_response("<a href='" + h.target + "a'>on</a>")};
      },
      "127.0.0.2");
  std::string id;
  {
    running_app service(kept_in(folder));
    // The other's sitemap is being asked for, so that all sitemaps are asked for once more.
    id = service.create({{"urls", {busy.url("/1"), busy.url("/2"), busy.url("/3"), other.url("/")}},
                         {"delay", 0},
                         {"perHostConcurrency", 1}});
    while (!busy.hit_counts().contains("/1") || !other.hit_counts().contains("/sitemap.xml") ||
           service.status(id)["counts"]["inFlight"] != 0)
      std::this_thread::yield();
    service.begin_stop(std::chrono::seconds(0));
    service.wait_stopped();
  }
  const std::size_t before = busy.hits().size();
  EXPECT_EQ(before, 3u) << "two files and one page";
  stuck = false;
  running_app service(kept_in(folder));
  while (!other.hit_counts().contains("/aaaa")) std::this_thread::yield();
  EXPECT_EQ(busy.hits().size(), before);
}

TEST(Resume, ACrawlThatOnlyWaitsGetsNoMoreTimeByARestart) {
  using namespace std::chrono_literals;
  scratch_folder folder;
  site_server busy(
      [](const hit&) -> reply { return {http_response(503, "Retry-After: 3600\r\n", "")}; });
  const store_options place{.directory = folder.path() / "data", .memory = 32 << 20};
  const auto start = [&place] {
    return std::make_unique<running_engine>(1, running_engine::default_settings(),
                                            resolver_settings{}, running_engine::loopback(), place);
  };
  crawl_id id;
  {
    const auto e = start();
    crawl_spec spec = quick_spec({busy.url("/")});
    spec.robots = robots_policy::ignore;
    spec.max_duration = seconds_f(3600);
    id = e->call(e->engine.create(spec))->id;
    while (busy.hits().empty()) std::this_thread::yield();
    ASSERT_TRUE(e->wait_for_load([](const engine_load& l) { return l.in_flight == 0; }));
    // Durable, as a crash would leave it, though nothing else is committed.
    const auto ran = [&] { return e->call(e->store.durable_tally(id))->ran_ms; };
    const std::uint64_t at_first = ran();
    while (ran() <= at_first) e->call(e->store.wait(id, 1, 20ms));
    e->store.commit({.crawl = id, .ran_ms = 3'600'000});
    ASSERT_TRUE(e->call(e->store.flush()));
  }
  const auto e = start();
  e->call(e->engine.recover());
  EXPECT_EQ(e->wait_until_final(id).reason, finish_reason::duration);
  EXPECT_EQ(busy.hits().size(), 1u);
}

// Whatever it was that was asked for, and whoever asks.
TEST(Resume, AHostThatAskedForPatienceByAnyAnswerIsLeftAlone) {
  scratch_folder folder;
  // Each refuses one thing only.
  const auto refusing = [](std::string target) {
    return [target = std::move(target)](const hit& h) -> reply {
      if (h.target == target) return {http_response(503, "Retry-After: 3600\r\n", "")};
      if (h.target == "/robots.txt" || h.target == "/sitemap.xml")
        return {http_response(404, "", "")};
      return {html_response("<p>here")};
    };
  };
  site_server robots(refusing("/robots.txt"), "127.0.0.2");
  site_server sitemap(refusing("/sitemap.xml"), "127.0.0.3");
  site_server hop(refusing("/hop"), "127.0.0.4");
  site_server last_attempt(refusing("/last"), "127.0.0.5");
  site_server other([&](const hit& h) -> reply {
    if (h.target == "/robots.txt" || h.target == "/sitemap.xml")
      return {http_response(404, "", "")};
    if (h.target == "/start")
      return {http_response(302, "Location: " + hop.url("/hop") + "\r\n", "")};
    return {html_response("<a href='" + h.target + "a'>on</a>")};
  });
  const std::vector<std::pair<site_server*, std::string>> refused{{&robots, "/robots.txt"},
                                                                  {&sitemap, "/sitemap.xml"},
                                                                  {&hop, "/hop"},
                                                                  {&last_attempt, "/last"}};
  {
    running_app service(kept_in(folder));
    const std::string id = service.create(
        {{"urls",
          {robots.url("/"), sitemap.url("/"), other.url("/start"), last_attempt.url("/last")}},
         {"delay", 0},
         {"scope", "any"},
         {"retries", 0}});
    for (const auto& [site, target] : refused)
      while (!site->hit_counts().contains(target)) std::this_thread::yield();
    while (service.status(id)["counts"]["inFlight"] != 0) std::this_thread::yield();
    service.begin_stop(std::chrono::seconds(0));
    service.wait_stopped();
  }
  std::vector<std::size_t> before;
  for (const auto& [site, target] : refused) before.push_back(site->hits().size());
  running_app service(kept_in(folder));
  service.create({{"urls",
                   {robots.url("/1"), sitemap.url("/1"), hop.url("/1"), last_attempt.url("/1"),
                    other.url("/b")}},
                  {"delay", 0},
                  {"robots", "ignore"},
                  {"sitemap", "skip"},
                  {"limit", 100}});
  while (!other.hit_counts().contains("/baaaaaa")) std::this_thread::yield();
  for (std::size_t i = 0; i < refused.size(); ++i)
    EXPECT_EQ(refused[i].first->hits().size(), before[i]) << refused[i].second;
}

// What may be dialled is asked anew: a restart may have narrowed it.
TEST(Resume, WhatMayNoLongerBeReachedIsNotDialled) {
  scratch_folder folder;
  site_server site([&](const hit& h) -> reply {
    if (h.target == "/robots.txt") return {http_response(404, "", "")};
    if (h.target == "/") return {html_response("<a href='/1'>1</a><a href='/2'>2</a>")};
    return {"", then::silence};
  });
  std::string id;
  {
    running_app service(kept_in(folder));
    id = service.create(request_for(site));
    while (service.status(id)["counts"]["inFlight"] != 2) std::this_thread::yield();
    service.begin_stop(std::chrono::seconds(0));
    service.wait_stopped();
  }
  const int before = site.total_connections();
  settings narrower = kept_in(folder);
  narrower.allow_net.clear();
  running_app service(narrower);
  const json status = service.wait_until_final(id);
  EXPECT_EQ(status["counts"]["fetched"], 1);
  EXPECT_EQ(status["byOutcome"]["blocked_address"], 2);
  EXPECT_EQ(site.total_connections(), before);
}

TEST(Resume, WhatAStoreHasLostIsToldByTheServiceThatWorksOnIt) {
  scratch_folder folder;
  { running_app service(kept_in(folder)); }
  std::ofstream(folder.path() / "data/acknowledged", std::ios::trunc) << "torn";
  for (int i = 0; i < 2; ++i) {
    running_app service(kept_in(folder));
    const json ready = service.get_json("/readyz");
    EXPECT_EQ(ready["status"], "ready");
    EXPECT_NE(ready.value("doubt", "").find("damaged"), std::string::npos) << ready;
  }
}

TEST(Resume, PausedCrawlsStayPausedAndFinishedOnesFinished) {
  scratch_folder folder;
  site_server site([&](const hit& h) -> reply {
    if (h.target == "/robots.txt") return {http_response(404, "", "")};
    return {html_response("<p>end")};
  });
  std::string paused, finished, removed;
  {
    running_app service(kept_in(folder));
    json slow = request_for(site);
    slow["urls"] = {site.url("/"), site.url("/1")};
    slow["delay"] = 3600;
    paused = service.create(slow);
    EXPECT_EQ(service.post("/v1/crawls/" + paused + "/pause").status, 202u);
    json elsewhere = request_for(site);
    elsewhere["urls"] = {"http://127.0.0.2:25/"};
    finished = service.create(elsewhere);
    service.wait_until_final(finished);
    removed = service.create(elsewhere);
    EXPECT_EQ(service.connect().request("DELETE", "/v1/crawls/" + removed, "").status, 204u);
  }
  running_app service(kept_in(folder));
  const std::string state = service.status(paused)["state"];
  EXPECT_EQ(state, "paused");
  EXPECT_EQ(service.status(finished)["state"], "completed");
  EXPECT_EQ(service.get_json("/v1/crawls/" + finished + "/results")["data"].size(), 1u);
  EXPECT_EQ(service.get("/v1/crawls/" + removed).status, 404u);
  const json list = service.get_json("/v1/crawls");
  ASSERT_EQ(list["data"].size(), 2u);
  EXPECT_EQ(list["data"][0]["id"], finished) << "the newest first";
  EXPECT_EQ(service.post("/v1/crawls/" + finished + "/pause").status, 409u);
  EXPECT_EQ(service.post("/v1/crawls/" + paused + "/resume").status, 202u);
}

}  // namespace
}  // namespace orbweaver::test
