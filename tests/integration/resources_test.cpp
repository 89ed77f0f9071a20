// A process that has fewer descriptors than its settings would use.
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/engine_fixture.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/own_network.hpp"
#include "tests/support/program.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/site_server.hpp"

namespace orbweaver::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using then = site_server::then;
using reply = site_server::reply;
using hit = site_server::hit;

// Fewer of them are left for connections than the service is told to open.
std::vector<std::string> with_few_descriptors(std::vector<std::string> arguments) {
  std::vector<std::string> out{"/bin/sh", "-c", "ulimit -n 48; exec \"$@\"", "sh",
                               ORBWEAVER_BINARY};
  out.insert(out.end(), arguments.begin(), arguments.end());
  return out;
}

TEST(Resources, WhatThisMachineLacksIsNotChargedToASite) {
  constexpr int pages = 150;

  // Answers so late that many would be in flight.
  site_server site(site_server::script([&](const hit& h) -> reply {
    if (h.target != "/")
      return {
          "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n"
          "Connection: close\r\n\r\n",
          then::keep, "x", 100ms};
    std::string links;
    for (int i = 0; i < pages; ++i) links += "<a href=/" + std::to_string(i) + ">x</a>";
    return {html_response(links)};
  }));
  program crawl(with_few_descriptors({"crawl", site.url(), "--allow-net", "127.0.0.0/8", "--delay",
                                      "0", "--robots", "ignore", "--sitemap", "skip", "--retries",
                                      "0", "--per-host-concurrency", "200", "--formats", "none",
                                      "--max-connections", "44"}));
  const std::string records = crawl.read_all();
  EXPECT_EQ(crawl.wait(), 0) << crawl.errors();
  int fetched = 0;
  for (std::size_t at = 0; at < records.size();) {
    const std::size_t end = records.find('\n', at);
    const json record = json::parse(records.substr(at, end - at));
    EXPECT_EQ(code_of(record), "fetched") << record;
    EXPECT_EQ(record.at("attempts"), 1) << record;
    ++fetched;
    at = end + 1;
  }
  EXPECT_EQ(fetched, pages + 1);
  EXPECT_LT(site.peak_connections(), 44) << "nothing was lacking";
}

TEST(Resources, BodiesBeyondTheMemoryForThemSlowTheCrawlDownAndAreNobodysFault) {
  constexpr int pages = 200;
  std::atomic<bool> slow{true};
  // Half a body, and then a byte now and then for as long as the test likes.
  site_server site(site_server::script([&](const hit& h) -> reply {
    const std::string rest(h.target == "/" || !slow ? 0 : 200'000, ' ');
    if (!rest.empty())
      return {
          "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 200100\r\n"
          "Connection: close\r\n\r\n" +
              rest,
          then::keep, " ", 20ms};
    std::string links;
    for (int i = 0; i < pages; ++i) links += "<a href=/" + std::to_string(i) + ">x</a>";
    return {html_response(links)};
  }));
  engine_settings settings = running_engine::default_settings();
  settings.max_body_memory = 1 << 20;
  running_engine e(2, settings);
  crawl_spec spec = quick_spec({site.url()});
  spec.robots = robots_policy::ignore;
  spec.per_host_concurrency = 64;
  const crawl_id id = e.call(e.engine.create(std::move(spec)))->id;
  EXPECT_TRUE(e.wait_for_load([](const engine_load& l) { return l.in_flight == 64; }));
  EXPECT_TRUE(e.wait_for_load([](const engine_load& l) { return l.in_flight <= 16; }))
      << "each holds 200 kB and more";
  EXPECT_GT(e.call(e.engine.status(id))->counts.queued, 0u) << "though more could be fetched";
  slow = false;
  const crawl_status end = e.wait_until_final(id);
  EXPECT_EQ(end.counts.fetched, pages + 1u);
  EXPECT_EQ(end.counts.failed, 0u);
}

TEST(Resources, PortsThatRunOutAreNobodysFault) {
  const std::string why_not = in_own_network([] {
    constexpr int ports = 4;
    site_server site(site_server::script([&](const hit& h) -> reply {
      if (h.target != "/")
        return {"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\n",
                then::keep, "x", 50ms};
      std::string links;
      for (int i = 0; i < 30; ++i) links += "<a href=/" + std::to_string(i) + ">x</a>";
      return {html_response(links)};
    }));
    std::ofstream("/proc/sys/net/ipv4/ip_local_port_range") << 60000 << ' ' << 60000 + ports - 1;
    running_engine e(2);
    crawl_spec spec = quick_spec({site.url()});
    spec.robots = robots_policy::ignore;
    spec.per_host_concurrency = 3 * ports;
    spec.retries = 0;
    const auto got = e.crawl(std::move(spec));
    EXPECT_EQ(got.status.counts.fetched, 31u);
    for (const json& record : got.records) EXPECT_EQ(record.at("attempts"), 1) << record;
    EXPECT_LE(site.peak_connections(), ports);
  });
  if (!why_not.empty()) GTEST_SKIP() << "no network of its own: " << why_not;
}

// What is in flight already must not take whatever memory it likes.
TEST(Resources, LargeBodiesArePutOffWhenTogetherTheyTakeTooMuch) {
  constexpr int pages = 16;
  // The greater part of a large body, and then a byte now and then.
  site_server site(site_server::script([&](const hit& h) -> reply {
    if (h.target != "/")
      return {"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000000\r\n\r\n" +
                  std::string(900'000, ' '),
              then::keep, " ", 20ms};
    std::string links;
    for (int i = 0; i < pages; ++i) links += "<a href=/" + std::to_string(i) + ">x</a>";
    return {html_response(links)};
  }));
  engine_settings settings = running_engine::default_settings();
  settings.max_body_memory = 1 << 20;
  running_engine e(2, settings);
  crawl_spec spec = quick_spec({site.url()});
  spec.robots = robots_policy::ignore;
  spec.per_host_concurrency = pages;
  spec.retries = 0;
  const crawl_id id = e.call(e.engine.create(std::move(spec)))->id;
  EXPECT_TRUE(
      e.wait_for_load([&](const engine_load&) { return site.total_connections() >= pages; }));
  EXPECT_TRUE(e.wait_for_load([](const engine_load& l) { return l.in_flight <= pages / 4; }))
      << "none of them ends by itself";
  const crawl_counts counts = e.call(e.engine.status(id))->counts;
  EXPECT_EQ(counts.fetched, 1u);
  EXPECT_EQ(counts.failed, 0u);
  EXPECT_EQ(counts.queued + counts.in_flight, static_cast<std::uint64_t>(pages));
  e.call(e.engine.cancel(id));
}

TEST(Resources, TheApiAnswersWhileTheCrawlsHaveTakenAllDescriptors) {
  site_server silent(site_server::script([](const hit&) -> reply { return {"", then::silence}; }));
  const test::scratch_folder data;
  program service(with_few_descriptors({"serve", "--listen", "127.0.0.1:0", "--allow-net",
                                        "127.0.0.0/8", "--max-connections", "44", "--drain-timeout",
                                        "0s", "--data-dir", data.path().string()}));
  const std::string line = service.read_line();
  const auto port = static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
  json request = {{"urls", json::array()},
                  {"delay", 0},
                  {"robots", "ignore"},
                  {"perHostConcurrency", 200},
                  {"sitemap", "skip"}};
  for (int i = 0; i < 100; ++i) request["urls"].push_back(silent.url("/" + std::to_string(i)));
  std::string id;
  {
    http_client client(port);
    const http_answer made = client.request("POST", "/v1/crawls", request.dump());
    ASSERT_EQ(made.status, 201u) << made.body;
    id = json::parse(made.body).at("id");
  }
  for (int i = 0; i < 40; ++i) {
    http_client client(port);
    const http_answer status = client.request("GET", "/v1/crawls/" + id);
    ASSERT_EQ(status.status, 200u);
    EXPECT_EQ(json::parse(status.body).at("counts").at("failed"), 0);
  }
  http_client client(port);
  EXPECT_EQ(client.request("DELETE", "/v1/crawls/" + id).status / 100, 2u);
}

}  // namespace
}  // namespace orbweaver::test
