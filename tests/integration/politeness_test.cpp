// What holds between crawls and hosts: robots.txt, patience, numbers of connections.
#include <condition_variable>
#include <mutex>

#include "tests/support/engine_fixture.hpp"
#include "tests/support/site_server.hpp"

namespace orbweaver::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using then = site_server::then;
using reply = site_server::reply;
using hit = site_server::hit;

const std::string no_robots = http_response(404, "", "");
std::string robots(const std::string& text) {
  return http_response(200, "Content-Type: text/plain\r\n", text);
}

// Opened once, for all who wait; gives up waiting after a while, so that a failing test ends.
class gate {
 public:
  void open() {
    const std::scoped_lock lock(mutex_);
    open_ = true;
    opened_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    opened_.wait_for(lock, 20s, [this] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool open_ = false;
};

TEST(Robots, DisallowedPagesAreNotAskedFor) {
  site_server site([](const hit& h) -> reply {
    if (h.target == "/robots.txt")
      return {robots("User-agent: other\nDisallow: /\n\nUser-agent: *\nDisallow: /private\n")};
    return {html_response("<a href=/private/1>x</a><a href=/public>y</a>")};
  });
  running_engine e;
  const auto got = e.crawl(quick_spec({site.url(), site.url("/private/seed")}));
  EXPECT_EQ(got.status.counts.fetched, 2u);
  EXPECT_EQ(got.status.by_outcome.at(outcome::robots_disallowed), 2u);
  EXPECT_EQ(site.hit_counts().count("/private/1"), 0u);
  const json* seed = record_of(got.records, site.url("/private/seed"));
  ASSERT_TRUE(seed) << "a seed has a record whatever becomes of it";
  EXPECT_NE(seed->at("reason").at("message").get<std::string>().find("line 5"), std::string::npos)
      << *seed;
  EXPECT_EQ(seed->at("attempts"), 0);
}

TEST(Robots, IsReadWholeHoweverLittleOfPagesIs) {
  site_server site([](const hit& h) -> reply {
    if (h.target == "/robots.txt")
      return {robots(std::string(5000, '#') + "\nUser-agent: *\nDisallow: /\n")};
    return {html_response("x")};
  });
  running_engine e;
  crawl_spec spec = quick_spec({site.url()});
  spec.max_body_bytes = 10;
  EXPECT_EQ(code_of(e.crawl(std::move(spec)).records.at(0)), "robots_disallowed");
}

TEST(Robots, AFileThatDoesNotExistAllowsEverything) {
  for (const int status : {404, 403, 401, 410, 302}) {
    site_server site([=](const hit& h) -> reply {
      return {h.target == "/robots.txt" ? http_response(status, "", "") : html_response("x")};
    });
    running_engine e;
    EXPECT_EQ(e.crawl(quick_spec({site.url()})).status.counts.fetched, 1u) << status;
  }
}

TEST(Robots, AFileThatCannotBeReadAllowsNothing) {
  for (const int retries : {0, 1}) {
    site_server site([](const hit& h) -> reply {
      return {h.target == "/robots.txt" ? http_response(500, "", "") : html_response("x")};
    });
    running_engine e;
    crawl_spec spec = quick_spec({site.url("/1"), site.url("/2")});
    spec.sitemap = sitemap_policy::include;  // nor are sitemaps asked for
    spec.retries = static_cast<std::uint32_t>(retries);
    const auto got = e.crawl(std::move(spec));
    EXPECT_EQ(got.status.by_outcome.at(outcome::robots_unreachable), 2u);
    EXPECT_EQ(code_of(got.records.at(0)), "robots_unreachable");
    EXPECT_EQ(site.hit_counts(), (std::map<std::string, int>{{"/robots.txt", 1 + retries}}));
  }
}

TEST(Robots, AHostThatCannotBeReachedIsReportedAsThatForEachPage) {
  std::string gone;
  {
    site_server site(site_server::page_map{});
    gone = site.url();
  }
  running_engine e;
  crawl_spec spec = quick_spec({gone + "1", gone + "2"});
  spec.retries = 0;
  const auto got = e.crawl(std::move(spec));
  EXPECT_EQ(got.status.by_outcome.at(outcome::connect_refused), 2u);
  EXPECT_EQ(got.status.counts.failed, 2u);
}

TEST(Robots, RedirectsAreFollowedToAnotherHost) {
  site_server other(
      [](const hit& h) -> reply {
        if (h.target == "/robots.txt") return {redirect_response("/real")};
        return {robots("User-agent: *\nDisallow: /private\n")};
      },
      "127.0.0.2");
  site_server site([&](const hit& h) -> reply {
    if (h.target == "/robots.txt") return {redirect_response(other.url("/robots.txt"), 301)};
    return {html_response("x")};
  });
  running_engine e;
  const auto got = e.crawl(quick_spec({site.url("/private"), site.url("/public")}));
  EXPECT_EQ(got.status.counts.fetched, 1u);
  EXPECT_EQ(code_of(*record_of(got.records, site.url("/private"))), "robots_disallowed");
  EXPECT_EQ(other.hits().size(), 2u);
}

TEST(Robots, TooManyRedirectsCountAsNoFile) {
  site_server site([](const hit& h) -> reply {
    if (h.target.starts_with("/robots.txt")) return {redirect_response(h.target + "x")};
    return {html_response("x")};
  });
  running_engine e;
  EXPECT_EQ(e.crawl(quick_spec({site.url()})).status.counts.fetched, 1u);
  EXPECT_EQ(site.hits().size(), 7u) << "the file, five redirects, the page";
}

TEST(Robots, AreFetchedOnceForManyCrawls) {
  gate all_wait;
  site_server site([&](const hit& h) -> reply {
    if (h.target != "/robots.txt") return {html_response("x")};
    all_wait.wait();
    return {no_robots};
  });
  running_engine e(4);
  std::vector<crawl_id> ids;
  for (int i = 0; i < 10; ++i)
    ids.push_back(e.call(e.engine.create(quick_spec({site.url("/" + std::to_string(i))})))->id);
  all_wait.open();
  for (const crawl_id id : ids) EXPECT_EQ(e.wait_until_final(id).counts.fetched, 1u);
  EXPECT_EQ(site.hit_counts().at("/robots.txt"), 1);
  e.crawl(quick_spec({site.url("/later")}));
  EXPECT_EQ(site.hit_counts().at("/robots.txt"), 1) << "the answer is kept";
}

TEST(Robots, AFetchUnderWayIsLeftToWhoStillWaits) {
  gate both_wait;
  site_server site([&](const hit& h) -> reply {
    if (h.target != "/robots.txt") return {html_response("x")};
    both_wait.wait();
    return {no_robots};
  });
  running_engine e(2);
  const crawl_id first = e.call(e.engine.create(quick_spec({site.url("/1")})))->id;
  const crawl_id second = e.call(e.engine.create(quick_spec({site.url("/2")})))->id;
  EXPECT_TRUE(e.call(e.engine.remove(first)));
  both_wait.open();
  EXPECT_EQ(e.wait_until_final(second).counts.fetched, 1u);
  EXPECT_EQ(site.hit_counts(), (std::map<std::string, int>{{"/2", 1}, {"/robots.txt", 1}}));
}

TEST(Robots, AFetchNotYetBegunIsBegunByWhoStillWaits) {
  site_server site([](const hit& h) -> reply {
    return {h.target == "/robots.txt" ? no_robots : html_response("x")};
  });
  running_engine e;
  crawl_spec slow = quick_spec({site.url("/0")});
  slow.delay = seconds_f(0.2);
  EXPECT_EQ(e.crawl(slow).status.counts.fetched, 1u);  // the host must wait now
  // Another agent's robots.txt is another file.
  slow.user_agent = "Second/1";
  slow.urls = {site.url("/1")};
  const crawl_id first = e.call(e.engine.create(slow))->id;
  slow.urls = {site.url("/2")};
  const crawl_id second = e.call(e.engine.create(slow))->id;
  EXPECT_TRUE(e.call(e.engine.remove(first)));
  EXPECT_EQ(e.wait_until_final(second).counts.fetched, 1u);
  EXPECT_EQ(site.hit_counts().at("/robots.txt"), 2);
}

TEST(Robots, AFetchNobodyWaitsForIsGivenUp) {
  site_server site([](const hit&) -> reply { return {"", then::silence}; });
  running_engine e;
  const crawl_id id = e.call(e.engine.create(quick_spec({site.url()})))->id;
  ASSERT_TRUE(e.wait_for_load([](const engine_load& l) { return l.in_flight == 1; }));
  EXPECT_TRUE(e.call(e.engine.remove(id)));
  EXPECT_TRUE(e.wait_for_load(
      [](const engine_load& l) { return l.in_flight == 0 && l.connections == 0 && l.hosts == 0; }));
}

TEST(Robots, APageThatWasAskedForHasARecordWhenItsTargetIsRefused) {
  site_server refusing([](const hit&) -> reply { return {robots("User-agent: *\nDisallow: /\n")}; },
                       "127.0.0.2");
  site_server site([&](const hit& h) -> reply {
    if (h.target == "/robots.txt") return {no_robots};
    if (h.target == "/moved") return {redirect_response(refusing.url("/there"))};
    return {html_response("<a href=/moved>x</a>")};
  });
  running_engine e;
  crawl_spec spec = quick_spec({site.url()});
  spec.scope = scope_kind::any;
  const auto got = e.crawl(std::move(spec));
  const json* moved = record_of(got.records, site.url("/moved"));
  ASSERT_TRUE(moved);
  EXPECT_EQ(code_of(*moved), "robots_disallowed");
  EXPECT_EQ(moved->at("finalUrl"), refusing.url("/there"));
  EXPECT_EQ(refusing.hit_counts().count("/there"), 0u);
}

TEST(Robots, CrawlDelayHoldsForTheHost) {
  site_server site([](const hit& h) -> reply {
    if (h.target == "/robots.txt") return {robots("User-agent: *\nCrawl-delay: 0.1\n")};
    return {html_response("x")};
  });
  running_engine e;
  e.crawl(quick_spec({site.url("/1"), site.url("/2"), site.url("/3")}));
  const auto hits = site.hits();
  ASSERT_EQ(hits.size(), 4u);
  for (std::size_t i = 1; i < hits.size(); ++i)
    EXPECT_GE(hits[i].time - hits[i - 1].time, 95ms) << i;
}

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
  running_engine e;
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
