// What holds between crawls and hosts: patience, numbers of connections.
#include "tests/support/engine_fixture.hpp"
#include "tests/support/site_server.hpp"

namespace orbweaver::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using reply = site_server::reply;
using hit = site_server::hit;

const std::string no_robots = http_response(404, "", "");

TEST(Politeness, RetryAfterParksTheHostForAllItsPages) {
  for (const int status : {429, 503}) {
    for (const std::uint32_t retries : {0U, 1U}) {
      std::atomic<int> busy{1};
      site_server site([&, status](const hit&) -> reply {
        if (busy-- > 0) return {http_response(status, "Retry-After: 1\r\n", "")};
        return {html_response("x")};
      });
      running_engine e;
      crawl_spec spec = quick_spec({site.url("/1"), site.url("/2")});
      spec.robots = robots_policy::ignore;
      spec.per_host_concurrency = 1;
      spec.retries = retries;
      const auto got = e.crawl(std::move(spec));
      const auto hits = site.hits();
      ASSERT_EQ(hits.size(), 2u + retries);
      EXPECT_GE(hits[1].time - hits[0].time, 990ms) << "retries: " << retries;
      const json& first = *record_of(got.records, site.url("/1"));
      EXPECT_EQ(first.at("status"), retries == 0 ? status : 200);
      EXPECT_EQ(first.at("attempts"), retries + 1);
    }
  }
}

TEST(Politeness, RetryAfterOfRobotsParksTheHostToo) {
  std::atomic<int> busy{1};
  site_server site([&](const hit& h) -> reply {
    if (busy-- > 0) return {http_response(503, "Retry-After: 2\r\n", "")};
    return {h.target == "/robots.txt" ? no_robots : html_response("x")};
  });
  engine_settings settings = running_engine::default_settings();
  settings.robots_retries = 1;
  running_engine e(1, settings);
  EXPECT_EQ(e.crawl(quick_spec({site.url()})).status.counts.fetched, 1u);
  const auto hits = site.hits();
  ASSERT_EQ(hits.size(), 3u);
  EXPECT_GE(hits[1].time - hits[0].time, 1990ms);
}

TEST(Politeness, ConnectionsToAHostAreCountedOverAllItsPorts) {
  constexpr std::size_t ports = 4;
  site_server site([](const hit&) -> reply { return {html_response("x")}; }, "127.0.0.1", ports);
  running_engine e(2);
  std::vector<crawl_id> ids;
  for (int crawl = 0; crawl < 3; ++crawl) {
    crawl_spec spec = quick_spec({});
    spec.robots = robots_policy::ignore;
    spec.per_host_concurrency = 2;
    for (int i = 0; i < 100; ++i)
      spec.urls.push_back(site.url("/" + std::to_string(i), static_cast<std::size_t>(i) % ports));
    ids.push_back(e.call(e.engine.create(std::move(spec)))->id);
  }
  for (const crawl_id id : ids) EXPECT_EQ(e.wait_until_final(id).counts.fetched, 100u);
  EXPECT_LE(site.peak_connections(), 2);
  EXPECT_EQ(site.hits().size(), 300u);
}

// A crawl that may have many leaves them idle behind it; the next one, which may have one, uses one
// of them.
TEST(Politeness, IdleConnectionsOfAnEarlierCrawlCountToo) {
  constexpr int many = 6;
  site_server site([](const hit& h) -> reply { return {html_response(h.target)}; });
  running_engine e(2);
  crawl_spec wide = quick_spec({});
  wide.robots = robots_policy::ignore;
  wide.per_host_concurrency = many;
  for (int i = 0; i < 50 * many; ++i) wide.urls.push_back(site.url("/" + std::to_string(i)));
  EXPECT_EQ(e.crawl(std::move(wide)).status.counts.fetched, 50u * many);
  ASSERT_GT(e.call(e.engine.load()).idle_connections, 1u);
  crawl_spec narrow = quick_spec({site.url("/narrow")});
  narrow.robots = robots_policy::ignore;
  narrow.per_host_concurrency = 1;
  EXPECT_EQ(e.crawl(std::move(narrow)).status.counts.fetched, 1u);
  EXPECT_EQ(e.call(e.engine.load()).connections, 1u);
}

TEST(Politeness, ManyHostsAreFetchedFromAtOnce) {
  constexpr int hosts = 40;
  std::mutex mutex;
  std::condition_variable all_here;
  int here = 0;
  std::vector<std::unique_ptr<site_server>> sites;
  // Each answers only once all have been asked.
  const auto answer = [&](const hit&) -> reply {
    std::unique_lock lock(mutex);
    if (++here == hosts) all_here.notify_all();
    all_here.wait_for(lock, 20s, [&] { return here >= hosts; });
    return {html_response("x")};
  };
  crawl_spec spec = quick_spec({});
  for (int i = 0; i < hosts; ++i) {
    sites.push_back(std::make_unique<site_server>(site_server::script(answer),
                                                  "127.0.1." + std::to_string(i + 1)));
    spec.urls.push_back(sites.back()->url());
  }
  spec.robots = robots_policy::ignore;
  spec.per_host_concurrency = 1;
  spec.retries = 0;
  spec.timeout = seconds_f(15);
  running_engine e(2);
  EXPECT_EQ(e.crawl(std::move(spec)).status.counts.fetched, static_cast<std::uint64_t>(hosts));
}

}  // namespace
}  // namespace orbweaver::test
