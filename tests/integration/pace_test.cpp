// How hard a host is hit, as its own log shows it.
#include "crawler/fetch/http_date.hpp"
#include "tests/support/engine_fixture.hpp"
#include "tests/support/site_server.hpp"

namespace orbweaver::test {
namespace {

using namespace std::chrono_literals;
using then = site_server::then;
using reply = site_server::reply;
using hit = site_server::hit;

constexpr auto delay = 100ms;
// The crawler counts by the monotonic clock, the kernel that dates the requests by the other.
constexpr auto jitter = 1ms;

void expect_gaps(const site_server& site, clock::duration least) {
  const auto hits = site.hits();
  for (std::size_t i = 1; i < hits.size(); ++i)
    EXPECT_GE(hits[i].time - hits[i - 1].time, least - jitter)
        << hits[i - 1].target << " then " << hits[i].target;
}

TEST(Pace, HoldsAcrossCrawlsRedirectsRetriesRobotsAndSitemaps) {
  std::atomic<int> busy{1};
  site_server site(
      site_server::script([&](const hit& h) -> reply {
        if (h.target == "/robots.txt")
          return {http_response(200, "Content-Type: text/plain\r\n", "User-agent: *\n")};
        if (h.target == "/sitemap.xml")
          return {http_response(200, "Content-Type: application/xml\r\n",
                                "<urlset><url><loc>/mapped</loc></url></urlset>")};
        if (h.target == "/moved") return {redirect_response("/moved/on")};
        if (h.target == "/moved/on") return {redirect_response("/moved/there")};
        if (h.target == "/busy" && busy-- > 0) return {http_response(500, "", "")};
        if (h.target == "/cut")
          return {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", then::close};
        return {html_response("<a href=/moved>x</a><a href=/busy>x</a><a href=/cut>x</a>")};
      }),
      "127.0.0.1", 2);
  engine_settings settings = running_engine::default_settings();
  settings.pace.longest_delay = delay;  // what goes wrong here is not to make the test longer
  running_engine e(2, settings);
  std::vector<crawl_id> ids;
  for (std::size_t i = 0; i < 3; ++i) {
    crawl_spec spec = quick_spec({site.url("/" + std::to_string(i), i % 2), site.url("/seed", 1)});
    spec.sitemap = sitemap_policy::include;
    spec.delay = delay;
    spec.per_host_concurrency = 2;
    spec.retries = 1;
    spec.user_agent = "Bot" + std::to_string(i);  // each has a robots.txt of its own to ask for
    ids.push_back(e.call(e.engine.create(std::move(spec)))->id);
  }
  for (const crawl_id id : ids) EXPECT_GE(e.wait_until_final(id).counts.fetched, 5u);
  expect_gaps(site, delay);
  EXPECT_GE(site.hits().size(), 30u);
  EXPECT_LE(site.peak_connections(), 2);
  for (const char* const target : {"/robots.txt", "/sitemap.xml", "/moved/there", "/busy"})
    EXPECT_TRUE(site.hit_counts().contains(target)) << target;
}

// The server sees a request on a connection it keeps, and closes it without an answer.
TEST(Pace, HoldsForWhatAKeptConnectionLetDown) {
  for (const then how : {then::close, then::reset}) {
    std::map<std::string, int> asked;
    site_server site(site_server::script([&](const hit& h) -> reply {
      if (h.target != "/0" && asked[h.target]++ == 0) return {"", how};
      return {html_response("x")};
    }));
    running_engine e(2);
    crawl_spec spec = quick_spec({});
    for (int i = 0; i < 5; ++i) spec.urls.push_back(site.url("/" + std::to_string(i)));
    spec.robots = robots_policy::ignore;
    spec.delay = delay;
    spec.per_host_concurrency = 1;
    spec.retries = 0;
    const auto got = e.crawl(std::move(spec));
    // Each of them follows an answer; the one after is asked for on a new connection.
    EXPECT_EQ(got.status.counts.fetched, 5u);
    EXPECT_EQ(site.hits().size(), 9u);
    for (const auto& record : got.records) EXPECT_EQ(record.at("attempts"), 1);
    expect_gaps(site, delay);
  }
}

// Only once: a server that does nothing else is in trouble.
TEST(Pace, WhatIsLetDownTwiceIsAFailure) {
  site_server site(site_server::script([&](const hit& h) -> reply {
    if (h.target == "/0") return {html_response("x")};
    return {"", then::close};
  }));
  running_engine e;
  crawl_spec spec = quick_spec({site.url("/0"), site.url("/1")});
  spec.robots = robots_policy::ignore;
  spec.per_host_concurrency = 1;
  spec.retries = 0;
  const auto got = e.crawl(std::move(spec));
  EXPECT_EQ(code_of(*record_of(got.records, site.url("/1"))), "connection_closed");
  EXPECT_EQ(site.hits().size(), 3u);
}

// Nobody crawls the host that all these redirect to.
TEST(Pace, HoldsWhereTheRobotsOfManySitesAreOne) {
  site_server shared(site_server::script([](const hit&) -> reply {
    return {http_response(200, "Content-Type: text/plain\r\n", "")};
  }));
  std::vector<std::unique_ptr<site_server>> sites;
  crawl_spec spec = quick_spec({});
  for (int i = 0; i < 4; ++i) {
    sites.push_back(
        std::make_unique<site_server>(site_server::script([&](const hit& h) -> reply {
                                        if (h.target == "/robots.txt")
                                          return {redirect_response(shared.url("/robots.txt"))};
                                        return {html_response("x")};
                                      }),
                                      "127.0.3." + std::to_string(i + 1)));
    spec.urls.push_back(sites.back()->url());
  }
  running_engine e(2);
  EXPECT_EQ(e.crawl(std::move(spec)).status.counts.fetched, 4u);
  EXPECT_EQ(shared.hits().size(), 4u);
  expect_gaps(shared, std::chrono::duration_cast<clock::duration>(crawl_spec{}.delay));
}

TEST(Pace, RetryAfterMayBeADate) {
  std::atomic<int> busy{1};
  site_server site(site_server::script([&](const hit&) -> reply {
    if (busy-- <= 0) return {html_response("x")};
    const auto until = std::chrono::floor<std::chrono::seconds>(wall_clock::now()) + 3s;
    return {http_response(503, "Retry-After: " + format_http_date(until) + "\r\n", "")};
  }));
  running_engine e;
  crawl_spec spec = quick_spec({site.url("/1"), site.url("/2")});
  spec.robots = robots_policy::ignore;
  spec.per_host_concurrency = 1;
  EXPECT_EQ(e.crawl(std::move(spec)).status.counts.fetched, 2u);
  const auto hits = site.hits();
  ASSERT_EQ(hits.size(), 3u);
  EXPECT_GE(hits[1].time - hits[0].time, 1900ms);
}

// Quick to lose patience, so that the test need not wait.
engine_settings impatient() {
  engine_settings out = running_engine::default_settings();
  out.pace = {.first_penalty = 1ms,
              .longest_delay = 2ms,
              .failures_to_park = 4,
              .first_park = 10ms,
              .longest_park = 40ms,
              .parks_to_give_up = 3};
  return out;
}

TEST(Pace, AHostThatPushesBackIsAskedLessOftenAndRecovers) {
  engine_settings settings = running_engine::default_settings();
  settings.pace.first_penalty = 200ms;
  std::atomic<int> asked{0};
  site_server site(site_server::script([&](const hit&) -> reply {
    return {asked++ < 2 ? http_response(503, "", "") : html_response("x")};
  }));
  running_engine e(1, settings);
  crawl_spec spec = quick_spec({});
  for (int i = 0; i < 20; ++i) spec.urls.push_back(site.url("/" + std::to_string(i)));
  spec.robots = robots_policy::ignore;
  spec.delay = 1ms;
  spec.retries = 0;
  spec.per_host_concurrency = 1;
  EXPECT_EQ(e.crawl(std::move(spec)).status.counts.fetched, 20u);
  const auto hits = site.hits();
  EXPECT_GE(hits[1].time - hits[0].time, 200ms - jitter);
  EXPECT_GE(hits[2].time - hits[1].time, 400ms - jitter);
  EXPECT_GE(hits[3].time - hits[2].time, 300ms - jitter);
  clock::duration shortest = hits[3].time - hits[2].time;
  for (std::size_t i = 4; i < hits.size(); ++i)
    shortest = std::min<clock::duration>(shortest, hits[i].time - hits[i - 1].time);
  EXPECT_LT(shortest, 300ms - jitter) << "it recovers";
}

TEST(Pace, ADeadHostIsGivenUpInsteadOfBurningRetries) {
  site_server dead(site_server::script([](const hit&) -> reply { return {"", then::reset}; }));
  site_server alive(site_server::page_map{{"/", "x"}}, "127.0.0.2");
  running_engine e(1, impatient());
  crawl_spec spec = quick_spec({alive.url()});
  for (int i = 0; i < 100; ++i) spec.urls.push_back(dead.url("/" + std::to_string(i)));
  spec.robots = robots_policy::ignore;
  spec.delay = 1ms;
  spec.per_host_concurrency = 1;
  spec.retries = 0;
  const auto got = e.crawl(std::move(spec));
  EXPECT_EQ(got.status.counts.fetched, 1u);
  EXPECT_EQ(got.status.by_outcome.at(outcome::host_unreachable), 93u);
  EXPECT_EQ(dead.hits().size(), 7u) << "four until it is parked, one after each of three parks";
  EXPECT_EQ(code_of(*record_of(got.records, dead.url("/99"))), "host_unreachable");
}

TEST(Pace, ADeadHostsRobotsEndItsPagesToo) {
  site_server dead(site_server::script([](const hit&) -> reply { return {"", then::reset}; }));
  engine_settings settings = impatient();
  settings.pace.failures_to_park = 1;
  settings.pace.parks_to_give_up = 0;
  running_engine e(1, settings);
  crawl_spec spec = quick_spec({dead.url("/1"), dead.url("/2")});
  spec.sitemap = sitemap_policy::include;
  spec.delay = 1ms;
  spec.retries = 5;
  const auto got = e.crawl(std::move(spec));
  EXPECT_EQ(got.status.by_outcome.at(outcome::host_unreachable), 2u);
  EXPECT_EQ(dead.hits().size(), 1u);
}

TEST(Pace, AHostThatComesBackIsCrawledToItsEnd) {
  std::atomic<int> asked{0};
  site_server site(site_server::script([&](const hit&) -> reply {
    if (asked++ < 6) return {"", then::reset};
    return {html_response("x")};
  }));
  running_engine e(1, impatient());
  crawl_spec spec = quick_spec({});
  for (int i = 0; i < 30; ++i) spec.urls.push_back(site.url("/" + std::to_string(i)));
  spec.robots = robots_policy::ignore;
  spec.delay = 1ms;
  spec.per_host_concurrency = 1;
  spec.retries = 0;
  const auto got = e.crawl(std::move(spec));
  EXPECT_EQ(got.status.counts.fetched, 24u);
  EXPECT_EQ(got.status.counts.failed, 6u);
  EXPECT_FALSE(got.status.by_outcome.contains(outcome::host_unreachable));
}

}  // namespace
}  // namespace orbweaver::test
