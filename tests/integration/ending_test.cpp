// How crawls and the engine end while fetches are under way.
#include <random>

#include "crawler/service_error.hpp"
#include "tests/support/dns_server.hpp"
#include "tests/support/engine_fixture.hpp"
#include "tests/support/site_server.hpp"

namespace orbweaver::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using then = site_server::then;
using reply = site_server::reply;
using hit = site_server::hit;

bool is_empty(const engine_load& l) {
  return l.crawls == 0 && l.in_flight == 0 && l.hosts == 0 && l.connections == l.idle_connections;
}

// Every page links to three more, without end.
reply endless_site(const hit& h) {
  if (h.target == "/robots.txt") return {http_response(404, "", "")};
  std::string html;
  for (int i = 0; i < 3; ++i) html += "<a href='" + h.target + "/" + std::to_string(i) + "'>x</a>";
  return {html_response(html)};
}
reply silent_site(const hit&) { return {"", then::silence}; }

// Long enough for a test to be killed for it.
constexpr seconds_f very_long{3600};

TEST(Ending, FiftyCrawlsRemovedLeaveNothing) {
  std::vector<std::unique_ptr<site_server>> sites;
  for (int i = 0; i < 5; ++i)
    sites.push_back(std::make_unique<site_server>(site_server::script(endless_site),
                                                  "127.0.2." + std::to_string(i + 1)));
  sites.push_back(std::make_unique<site_server>(site_server::script(silent_site), "127.0.2.9"));
  running_engine e(4);
  std::vector<crawl_id> ids;
  for (std::size_t i = 0; i < 50; ++i) {
    crawl_spec spec = quick_spec({sites[i % 6]->url("/" + std::to_string(i)),
                                  sites[(i + 1) % 6]->url("/" + std::to_string(i))});
    spec.robots = i % 3 ? robots_policy::obey : robots_policy::ignore;
    spec.timeout = very_long;
    ids.push_back(e.call(e.engine.create(std::move(spec)))->id);
  }
  EXPECT_EQ(e.call(e.engine.load()).crawls, 50u);
  ASSERT_TRUE(e.wait_for_load([](const engine_load& l) { return l.in_flight != 0; }));
  for (const crawl_id id : ids) EXPECT_TRUE(e.call(e.engine.remove(id)));
  EXPECT_TRUE(e.wait_for_load(is_empty));
  EXPECT_TRUE(e.call(e.engine.list({}))->crawls.empty());
}

TEST(Ending, CrawlsMayBeRemovedAtAnyMoment) {
  site_server site{site_server::script(endless_site)};
  site_server silent(site_server::script(silent_site), "127.0.0.2");
  running_engine e(8);
  std::mt19937 random(42);
  std::vector<crawl_id> ids;
  for (int i = 0; i < 300; ++i) {
    crawl_spec spec = quick_spec({site.url("/" + std::to_string(i)), silent.url()});
    spec.delay = seconds_f(random() % 2 ? 0 : 0.001);
    spec.robots = random() % 2 ? robots_policy::obey : robots_policy::ignore;
    spec.timeout = very_long;
    ids.push_back(e.call(e.engine.create(std::move(spec)))->id);
    while (ids.size() > random() % 8) {
      std::swap(ids[random() % ids.size()], ids.back());
      if (random() % 2) e.call(e.engine.cancel(ids.back()));
      EXPECT_TRUE(e.call(e.engine.remove(ids.back())));
      ids.pop_back();
    }
  }
  for (const crawl_id id : ids) EXPECT_TRUE(e.call(e.engine.remove(id)));
  EXPECT_TRUE(e.wait_for_load(is_empty));
}

TEST(Ending, CrawlsMayBePausedAndResumedAtAnyMoment) {
  site_server site{site_server::script(endless_site)};
  running_engine e(4);
  crawl_spec spec = quick_spec({site.url("/p")});
  spec.limit = 2000;
  const crawl_id id = e.call(e.engine.create(std::move(spec)))->id;
  for (;;) {
    if (!e.call(e.engine.pause(id))) break;  // it is over
    const auto s = *e.call(e.engine.status(id));
    const auto& n = s.counts;
    EXPECT_EQ(n.discovered, n.queued + n.in_flight + n.fetched + n.failed + n.skipped);
    if (!e.call(e.engine.resume(id))) break;
  }
  const auto s = e.wait_until_final(id);
  EXPECT_EQ(s.counts.fetched, 2000u);
  EXPECT_EQ(s.reason, finish_reason::limit);
}

TEST(Ending, DrainingEndsFetchesThatAreStuck) {
  site_server silent{site_server::script(silent_site)};
  running_engine e(2);
  crawl_spec spec =
      quick_spec({silent.url("/1"), silent.url("/2"), silent.url("/3"), silent.url("/4")});
  spec.robots = robots_policy::ignore;
  spec.per_host_concurrency = 3;
  spec.timeout = very_long;
  const crawl_id id = e.call(e.engine.create(std::move(spec)))->id;
  ASSERT_TRUE(e.wait_for_load([](const engine_load& l) { return l.in_flight == 3; }));
  e.call(e.engine.drain(50ms));
  EXPECT_EQ(e.call(e.engine.load()).in_flight, 0u);
  const auto s = *e.call(e.engine.status(id));
  EXPECT_EQ(s.counts.queued, 4u) << "the next start of the service fetches them";
  EXPECT_EQ(s.state, crawl_state::running);
  EXPECT_EQ(e.call(e.engine.create(quick_spec({silent.url()}))).error(),
            service_error::shutting_down);
}

TEST(Ending, DrainingEndsRobotsThatAreStuck) {
  site_server silent{site_server::script(silent_site)};
  running_engine e;
  crawl_spec spec = quick_spec({silent.url("/1")});
  spec.timeout = very_long;
  e.call(e.engine.create(std::move(spec)));
  ASSERT_TRUE(e.wait_for_load([](const engine_load& l) { return l.in_flight == 1; }));
  e.call(e.engine.drain(1ms));
  EXPECT_EQ(e.call(e.engine.load()).in_flight, 0u);
}

TEST(Ending, DrainingEndsNamesThatAreStuck) {
  dns_server dns;
  dns.put("silent.test", {.v4 = dns_server::mood::silent, .v6 = dns_server::mood::silent});
  resolver_settings names = names_of("/nonexistent");
  names.servers = {dns.endpoint()};
  names.budget = names.attempt_timeout = 1h;
  running_engine e(2, running_engine::default_settings(), names);
  crawl_spec spec = quick_spec({"http://silent.test/"});
  spec.timeout = very_long;
  e.call(e.engine.create(std::move(spec)));
  dns.wait_for_questions("silent.test", 1);
  e.call(e.engine.drain(1ms));
  EXPECT_EQ(e.call(e.engine.load()).in_flight, 0u);
}

TEST(Ending, DrainingLetsFetchesEndInTime) {
  std::atomic<int> asked{0};
  site_server site([&](const hit&) -> reply {
    ++asked;
    return {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", then::keep, "x", 30ms};
  });
  running_engine e;
  crawl_spec spec = quick_spec({site.url()});
  spec.robots = robots_policy::ignore;
  const crawl_id id = e.call(e.engine.create(std::move(spec)))->id;
  ASSERT_TRUE(e.wait_for_load([&](const engine_load&) { return asked != 0; }));
  e.call(e.engine.drain(1h));
  EXPECT_EQ(e.call(e.engine.status(id))->counts.fetched, 1u);
}

TEST(Ending, DrainingAnswersWhoWaitsForOnePage) {
  site_server silent{site_server::script(silent_site)};
  running_engine e(2);
  crawl_spec spec = quick_spec({silent.url("/1")});
  spec.timeout = very_long;
  spec.robots = robots_policy::ignore;
  auto stuck =
      asio::co_spawn(asio::make_strand(e.context), e.engine.fetch_page(spec), asio::use_future);
  spec.robots = robots_policy::obey;
  auto waiting =
      asio::co_spawn(asio::make_strand(e.context), e.engine.fetch_page(spec), asio::use_future);
  ASSERT_TRUE(e.wait_for_load([](const engine_load& l) { return l.in_flight == 2; }));
  e.call(e.engine.drain(1ms));
  const auto record = stuck.get();
  ASSERT_TRUE(record);
  EXPECT_EQ(code_of(json::parse(*record)), "cancelled");
  EXPECT_EQ(waiting.get().error(), service_error::no_record);
}

// Fetches that end before they have begun must not end within each other.
TEST(Ending, ManyFetchesMayEndAtOnce) {
  running_engine e;
  crawl_spec spec = quick_spec({});
  for (int i = 0; i < 50'000; ++i) spec.urls.push_back("http://127.0.0.1:25/" + std::to_string(i));
  spec.robots = robots_policy::ignore;
  spec.limit = 1'000'000;
  const auto got = e.crawl(std::move(spec));
  EXPECT_EQ(got.status.by_outcome.at(outcome::blocked_port), 50'000u);
}

}  // namespace
}  // namespace orbweaver::test
