// robots.txt between crawls and hosts: who fetches it, what holds for whom.
#include "crawler/robots/robots.hpp"

#include <gmock/gmock.h>

#include "tests/support/engine_fixture.hpp"
#include "tests/support/gate.hpp"
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
    engine_settings settings = running_engine::default_settings();
    settings.robots_retries = static_cast<std::uint32_t>(retries);
    running_engine e(1, settings);
    crawl_spec spec = quick_spec({site.url("/1"), site.url("/2")});
    spec.sitemap = sitemap_policy::include;  // nor are sitemaps asked for
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
    all_wait.pass();
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

TEST(Robots, APausedCrawlKeepsNobodyWaiting) {
  gate both_wait;
  site_server site([&](const hit& h) -> reply {
    if (h.target == "/first") both_wait.pass();
    return {h.target == "/robots.txt" ? no_robots : html_response("x")};
  });
  running_engine e(2);
  // The one connection to the host is taken, so that robots.txt is asked for but not yet fetched.
  crawl_spec taken = quick_spec({site.url("/first")});
  taken.robots = robots_policy::ignore;
  taken.per_host_concurrency = 1;
  const crawl_id first = e.call(e.engine.create(std::move(taken)))->id;
  const crawl_id paused = e.call(e.engine.create(quick_spec({site.url("/1")})))->id;
  EXPECT_TRUE(e.call(e.engine.pause(paused)));
  const crawl_id second = e.call(e.engine.create(quick_spec({site.url("/2")})))->id;
  both_wait.open();
  EXPECT_EQ(e.wait_until_final(first).counts.fetched, 1u);
  EXPECT_EQ(e.wait_until_final(second).counts.fetched, 1u);
  EXPECT_TRUE(e.call(e.engine.resume(paused)));
  EXPECT_EQ(e.wait_until_final(paused).counts.fetched, 1u);
  EXPECT_EQ(site.hit_counts().at("/robots.txt"), 1);
}

TEST(Robots, OneCrawlsImpatienceAndSecretsAreNotEverybodys) {
  site_server site([&](const hit& h) -> reply {
    if (h.target == "/robots.txt")
      return {h.head.find("Authorization") != std::string::npos ||
                      h.head.find("X-Key") != std::string::npos
                  ? http_response(403, "", "")
                  : robots("User-agent: *\nDisallow: /private\n")};
    return {html_response("x")};
  });
  running_engine e;
  crawl_spec hasty = quick_spec({site.url("/1"), site.url("/private")});
  hasty.headers = {{"X-Key", "k"}};
  hasty.auth = http_auth{"me", "secret"};
  const auto got = e.crawl(std::move(hasty));
  EXPECT_EQ(got.status.counts.fetched, 1u);
  EXPECT_EQ(code_of(*record_of(got.records, site.url("/private"))), "robots_disallowed");
}

TEST(Robots, AFileThatIsNoAnswerIsUnreachable) {
  site_server site([](const hit& h) -> reply {
    return {h.target == "/robots.txt" ? "HTTP/1.1 200 OK\r\nContent-Length: nonsense\r\n\r\n"
                                      : html_response("x")};
  });
  running_engine e;
  const auto got = e.crawl(quick_spec({site.url()}));
  EXPECT_EQ(code_of(got.records.at(0)), "robots_unreachable");
  EXPECT_NE(got.records.at(0).dump().find("Content-Length"), std::string::npos);
}

TEST(Robots, ARedirectToNowhereMeansThereIsNoFile) {
  site_server site([](const hit& h) -> reply {
    return {h.target == "/robots.txt" ? redirect_response("ftp://a/") : html_response("x")};
  });
  running_engine e;
  EXPECT_EQ(e.crawl(quick_spec({site.url()})).status.counts.fetched, 1u);
}

TEST(Robots, ADelayBeyondBoundsAndALostEndAreTold) {
  site_server site([](const hit&) -> reply {
    return {robots("User-agent: *\nCrawl-delay: 100000\n" + std::string(max_robots_size, '\n') +
                   "Disallow: /\n")};
  });
  running_engine e;
  const crawl_id id = e.call(e.engine.create(quick_spec({site.url()})))->id;
  const auto warnings = [&] { return e.call(e.engine.status(id))->warnings; };
  EXPECT_TRUE(e.wait_for_load([&](const engine_load&) { return warnings().size() == 2; }));
  EXPECT_THAT(warnings(),
              testing::ElementsAre(testing::HasSubstr("300 s"), testing::HasSubstr("too long")));
  EXPECT_TRUE(e.call(e.engine.remove(id)));
}

TEST(Robots, ALineCutByTheSizeLimitIsNoRule) {
  site_server site([](const hit& h) -> reply {
    if (h.target == "/robots.txt") {
      std::string text = "User-agent: *\n";
      text += std::string(max_robots_size - text.size() - 12, '\n');
      return {robots(text + "Disallow: /private-only\n")};
    }
    return {html_response("x")};
  });
  running_engine e;
  EXPECT_EQ(e.crawl(quick_spec({site.url()})).status.counts.fetched, 1u);
}

TEST(Robots, AFetchUnderWayIsLeftToWhoStillWaits) {
  gate both_wait;
  site_server site([&](const hit& h) -> reply {
    if (h.target != "/robots.txt") return {html_response("x")};
    both_wait.pass();
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

}  // namespace
}  // namespace orbweaver::test
