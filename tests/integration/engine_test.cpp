#include <future>
#include <set>

#include "tests/support/engine_fixture.hpp"
#include "tests/support/site_server.hpp"

namespace orbweaver::test {
namespace {

using nlohmann::json;

std::set<std::string> urls_of(const std::vector<json>& records) {
  std::set<std::string> out;
  for (const json& r : records) out.insert(r.at("url").get<std::string>());
  return out;
}

class EngineOnThreads : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Threads, EngineOnThreads, testing::Values(1, 2, 8));

TEST_P(EngineOnThreads, FetchesEveryReachablePageOnce) {
  site_server::page_map pages;
  for (int i = 0; i < 300; ++i) {
    std::string& page = pages["/p" + std::to_string(i)];
    page = "<title>page " + std::to_string(i) + "</title>";
    for (int j = 0; j < 10; ++j)
      page += "<a href='p" + std::to_string((i * 7 + j * 31) % 300) + "#f'>x</a>";
    page += "<a href=/p" + std::to_string((i + 1) % 300) + ">next</a>";
  }
  site_server site(std::move(pages));
  running_engine e(GetParam());
  const auto got = e.crawl(quick_spec({site.url("/p0")}));
  EXPECT_EQ(got.status.state, crawl_state::completed);
  EXPECT_EQ(got.status.reason, finish_reason::exhausted);
  EXPECT_EQ(got.status.counts.fetched, 300u);
  EXPECT_EQ(got.status.counts.discovered, 300u);
  EXPECT_EQ(urls_of(got.records).size(), 300u);
  EXPECT_EQ(got.records.size(), 300u);
  for (const auto& [target, count] : site.hit_counts()) EXPECT_EQ(count, 1) << target;
  EXPECT_EQ(site.hits().size(), 301u) << "every page, and robots.txt";
  EXPECT_LE(site.peak_connections(), 8);
  EXPECT_LE(site.total_connections(), 8) << "connections are kept";
}

TEST(Engine, RecordsSayWhatWasFound) {
  site_server site(
      site_server::page_map{{"/",
                             "<html lang=en><title>A &amp; B</title><a href='sub/x?a=1&amp;b=2'>to "
                             "<b>x</b></a><img src=i.png><a href='http://other.invalid/'>off</a>"},
                            {"/sub/x?a=1&b=2", "<title>X</title>"}});
  running_engine e;
  const auto got = e.crawl(quick_spec({site.url("/")}));
  ASSERT_EQ(got.records.size(), 2u);
  const json& home = got.records[0];
  EXPECT_EQ(home.at("seq"), 1);
  EXPECT_EQ(home.at("outcome"), "fetched");
  EXPECT_EQ(home.at("status"), 200);
  EXPECT_EQ(home.at("title"), "A & B");
  EXPECT_EQ(home.at("language"), "en");
  EXPECT_EQ(home.at("depth"), 0);
  ASSERT_EQ(home.at("links").size(), 3u);
  EXPECT_EQ(home.at("links")[0].at("url"), site.url("/sub/x?a=1&b=2"));
  EXPECT_EQ(home.at("links")[0].at("text"), "to x");
  const json& sub = got.records[1];
  EXPECT_EQ(sub.at("referrer"), site.url("/"));
  EXPECT_EQ(sub.at("depth"), 1);
  const auto& n = got.status.counts;
  EXPECT_EQ(n.discovered, 3u);
  EXPECT_EQ(n.skipped, 1u);
  EXPECT_EQ(got.status.by_outcome.at(outcome::out_of_scope), 1u);
  EXPECT_EQ(n.discovered, n.queued + n.in_flight + n.fetched + n.failed + n.skipped);
}

TEST(Engine, FollowsRedirectsWithinTheScopeOnly) {
  site_server other(site_server::page_map{{"/", "elsewhere"}}, "127.0.0.2");
  site_server site([&](const std::string& target) {
    if (target == "/robots.txt") return http_response(404, "", "");
    if (target == "/")
      return html_response(
          "<a href=in>a</a><a href=out>b</a><a href=loop>c</a>"
          "<a href=known>d</a><a href=bad>e</a>");
    if (target == "/in") return redirect_response("/in2", 301);
    if (target == "/in2") return redirect_response("in3", 307);
    if (target == "/in3") return html_response("<title>there</title>");
    if (target == "/out") return redirect_response(other.url("/"));
    if (target == "/loop") return redirect_response("/loop2");
    if (target == "/loop2") return redirect_response("/loop");
    if (target == "/known") return redirect_response("/");
    if (target == "/bad") return redirect_response("http://[");
    return http_response(404, "", "");
  });
  running_engine e;
  const auto got = e.crawl(quick_spec({site.url("/")}));
  const json* in = record_of(got.records, site.url("/in"));
  ASSERT_TRUE(in);
  EXPECT_EQ(in->at("outcome"), "fetched");
  EXPECT_EQ(in->at("finalUrl"), site.url("/in3"));
  EXPECT_EQ(in->at("redirects"), json({site.url("/in"), site.url("/in2")}));
  EXPECT_EQ(in->at("title"), "there");
  EXPECT_EQ(record_of(got.records, site.url("/out"))->at("reason").at("code"),
            "redirect_out_of_scope");
  EXPECT_TRUE(other.hits().empty());
  EXPECT_EQ(record_of(got.records, site.url("/loop"))->at("error").at("code"), "redirect_loop");
  EXPECT_EQ(record_of(got.records, site.url("/known"))->at("reason").at("code"),
            "redirect_to_known");
  EXPECT_EQ(record_of(got.records, site.url("/known"))->at("duplicateOf"), site.url("/"));
  EXPECT_EQ(record_of(got.records, site.url("/bad"))->at("error").at("code"), "bad_redirect");
  const auto& n = got.status.counts;
  EXPECT_EQ(n.discovered, n.fetched + n.failed + n.skipped);
}

TEST(Engine, StopsAtThePageLimitAndAccountsForTheRest) {
  site_server::page_map pages;
  std::string all;
  for (int i = 0; i < 50; ++i) all += "<a href=/" + std::to_string(i) + ">x</a>";
  for (int i = 0; i < 50; ++i) pages["/" + std::to_string(i)] = std::to_string(i);
  pages["/"] = all;
  site_server site(std::move(pages));
  running_engine e;
  crawl_spec spec = quick_spec({site.url("/")});
  spec.limit = 10;
  const auto got = e.crawl(std::move(spec));
  EXPECT_EQ(got.status.reason, finish_reason::limit);
  EXPECT_EQ(got.status.counts.fetched, 10u);
  EXPECT_EQ(got.status.by_outcome.at(outcome::over_page_limit), 41u);
  EXPECT_EQ(site.hits().size(), 11u);
}

TEST(Engine, StopsAtTheDepthLimit) {
  site_server site(
      site_server::page_map{{"/", "<a href=/1>"}, {"/1", "<a href=/2>"}, {"/2", "<a href=/3>"}});
  running_engine e;
  crawl_spec spec = quick_spec({site.url("/")});
  spec.max_depth = 1;
  const auto got = e.crawl(std::move(spec));
  EXPECT_EQ(got.status.counts.fetched, 2u);
  EXPECT_EQ(got.status.by_outcome.at(outcome::too_deep), 1u);
}

TEST(Engine, TriesTransientFailuresAgainAndThenGivesUp) {
  std::atomic<int> asked{0};
  site_server site([&](const std::string& target) -> std::string {
    if (target == "/robots.txt") return http_response(404, "", "");
    ++asked;
    return "";
  });
  running_engine e;
  crawl_spec spec = quick_spec({site.url("/")});
  spec.retries = 1;
  const auto got = e.crawl(std::move(spec));
  ASSERT_EQ(got.records.size(), 1u);
  EXPECT_EQ(got.records[0].at("outcome"), "failed");
  EXPECT_EQ(got.records[0].at("error").at("code"), "connection_closed");
  EXPECT_EQ(got.records[0].at("attempts"), 2);
  EXPECT_EQ(got.status.counts.failed, 1u);
  // The kept connection from robots.txt is tried once more, uncounted.
  EXPECT_LE(asked.load(), 3);
}

TEST(Engine, RefusesAddressesTheServerMayNotDial) {
  running_engine e;
  const auto got = e.crawl(quick_spec({"http://10.0.0.1/"}));
  ASSERT_EQ(got.records.size(), 1u);
  EXPECT_EQ(got.records[0].at("error").at("code"), "blocked_address");
}

TEST(Engine, ARefusedConnectionIsReportedAsThat) {
  std::string gone;
  {
    site_server site(site_server::page_map{});
    gone = site.url("/");
  }
  running_engine e;
  crawl_spec spec = quick_spec({gone});
  spec.retries = 0;
  const auto got = e.crawl(std::move(spec));
  ASSERT_EQ(got.records.size(), 1u);
  EXPECT_EQ(got.records[0].at("error").at("code"), "connect_refused");
}

TEST(Engine, EndsASilentServerAtTheTimeout) {
  // Accepts connections from its backlog but never answers.
  asio::io_context context;
  asio::ip::tcp::acceptor silent(context, {asio::ip::make_address("127.0.0.1"), 0});
  const auto port = std::to_string(silent.local_endpoint().port());
  running_engine e;
  crawl_spec spec = quick_spec({"http://127.0.0.1:" + port + "/"});
  spec.timeout = seconds_f(0.3);
  spec.retries = 0;
  spec.robots = robots_policy::ignore;
  const auto got = e.crawl(std::move(spec));
  ASSERT_EQ(got.records.size(), 1u);
  EXPECT_EQ(got.records[0].at("error").at("code"), "total_timeout");
}

TEST(Engine, KeepsTheDelayBetweenStartsAcrossCrawls) {
  site_server::page_map pages;
  for (char c = 'a'; c <= 'f'; ++c) pages[std::string("/") + c] = "x";
  site_server site(std::move(pages));
  running_engine e(2);
  std::vector<crawl_id> ids;
  for (const char* const first : {"/a", "/d"}) {
    crawl_spec spec = quick_spec({site.url(first), site.url(std::string("/") + char(first[1] + 1)),
                                  site.url(std::string("/") + char(first[1] + 2))});
    spec.delay = seconds_f(0.05);
    ids.push_back(e.call(e.engine.create(std::move(spec)))->id);
  }
  for (const crawl_id id : ids) e.wait_until_final(id);
  const auto hits = site.hits();
  ASSERT_EQ(hits.size(), 7u);
  for (std::size_t i = 1; i < hits.size(); ++i)
    EXPECT_GE(hits[i].time - hits[i - 1].time, std::chrono::milliseconds(45)) << i;
}

TEST(Engine, CancelEndsAtOnceAndKeepsTheBooks) {
  asio::io_context context;
  asio::ip::tcp::acceptor silent(context, {asio::ip::make_address("127.0.0.1"), 0});
  const auto port = std::to_string(silent.local_endpoint().port());
  running_engine e;
  crawl_spec spec =
      quick_spec({"http://127.0.0.1:" + port + "/a", "http://127.0.0.1:" + port + "/b"});
  spec.robots = robots_policy::ignore;
  spec.per_host_concurrency = 1;
  const crawl_id id = e.call(e.engine.create(std::move(spec)))->id;
  silent.accept();
  EXPECT_TRUE(e.wait_for_load([](const engine_load& l) { return l.in_flight == 1; }));
  const auto cancelled = e.call(e.engine.cancel(id));
  ASSERT_TRUE(cancelled);
  EXPECT_EQ(cancelled->state, crawl_state::cancelled);
  EXPECT_EQ(cancelled->counts.skipped, 2u);
  EXPECT_EQ(cancelled->counts.discovered, 2u);
  EXPECT_TRUE(e.wait_for_load([](const engine_load& l) { return l.in_flight == 0; }))
      << "the fetch under way ended with it";
  EXPECT_EQ(e.call(e.engine.cancel(id)).error(), service_error::wrong_state);
  EXPECT_TRUE(e.call(e.engine.remove(id)));
  EXPECT_EQ(e.call(e.engine.status(id)).error(), service_error::not_found);
}

// What comes next in the loop, here a look at the engine, does not wait until all have begun.
TEST(Engine, BeginsManyFetchesAFewAtATime) {
  asio::io_context context;
  asio::ip::tcp::acceptor silent(context, {asio::ip::make_address("127.0.0.1"), 0});
  const auto origin = "http://127.0.0.1:" + std::to_string(silent.local_endpoint().port());
  constexpr std::size_t pages = 100;
  std::vector<std::string> seeds;
  for (std::size_t i = 0; i < pages; ++i) seeds.push_back(origin + "/" + std::to_string(i));
  running_engine e;
  crawl_spec spec = quick_spec(std::move(seeds));
  spec.robots = robots_policy::ignore;
  spec.per_host_concurrency = pages;
  std::future<result<crawl_status>> created;
  std::future<engine_load> looked;
  const strand together = asio::make_strand(e.context);
  std::promise<void> asked;
  asio::post(together, [&] {
    created = asio::co_spawn(together, e.engine.create(std::move(spec)), asio::use_future);
    looked = asio::co_spawn(together, e.engine.load(), asio::use_future);
    asked.set_value();
  });
  asked.get_future().get();
  const std::size_t begun = looked.get().in_flight;
  EXPECT_GT(begun, 0u);
  EXPECT_LT(begun, pages);
  EXPECT_TRUE(e.wait_for_load([](const engine_load& l) { return l.in_flight == pages; }));
  EXPECT_TRUE(e.call(e.engine.cancel(created.get()->id)));
}

TEST(Engine, MaxDurationEndsWhatIsInFlight) {
  asio::io_context context;
  asio::ip::tcp::acceptor silent(context, {asio::ip::make_address("127.0.0.1"), 0});
  const auto port = std::to_string(silent.local_endpoint().port());
  running_engine e;
  crawl_spec spec =
      quick_spec({"http://127.0.0.1:" + port + "/a", "http://127.0.0.1:" + port + "/b"});
  spec.robots = robots_policy::ignore;
  spec.per_host_concurrency = 1;
  spec.max_duration = seconds_f(0.5);
  const auto got = e.crawl(std::move(spec));
  EXPECT_EQ(got.status.state, crawl_state::completed);
  EXPECT_EQ(got.status.reason, finish_reason::duration);
  EXPECT_EQ(got.status.by_outcome.at(outcome::over_duration), 2u) << "and no timeout";
}

TEST(Engine, MaxBytesEndsACrawl) {
  site_server::page_map pages;
  for (int i = 0; i < 50; ++i)
    pages["/" + std::to_string(i)] =
        "<a href=/" + std::to_string(i + 1) + ">" + std::string(10'000, ' ');
  site_server site(std::move(pages));
  running_engine e;
  crawl_spec spec = quick_spec({site.url("/0")});
  spec.max_bytes = 25'000;
  const auto got = e.crawl(std::move(spec));
  EXPECT_EQ(got.status.reason, finish_reason::bytes);
  EXPECT_EQ(got.status.counts.fetched, 3u);
  EXPECT_EQ(got.status.by_outcome.at(outcome::over_bytes), 1u);
}

TEST(Engine, SeedsThatMayNotBeFetchedHaveARecordToo) {
  site_server site(site_server::page_map{{"/", ""}});
  running_engine e;
  crawl_spec spec = quick_spec({site.url("/"), site.url("/private")});
  spec.exclude_paths = {"^/private"};
  const auto got = e.crawl(std::move(spec));
  EXPECT_EQ(code_of(*record_of(got.records, site.url("/private"))), "excluded_by_pattern");
  EXPECT_EQ(got.status.counts.skipped, 1u);
}

TEST(Engine, PausesAndResumes) {
  site_server::page_map pages;
  for (int i = 0; i < 200; ++i)
    pages["/" + std::to_string(i)] = "<a href=/" + std::to_string(i + 1) + ">";
  site_server site(std::move(pages));
  running_engine e(2);
  const crawl_id id = e.call(e.engine.create(quick_spec({site.url("/0")})))->id;
  EXPECT_TRUE(e.call(e.engine.pause(id)));
  EXPECT_EQ(e.call(e.engine.pause(id)).error(), service_error::wrong_state);
  EXPECT_TRUE(e.call(e.engine.resume(id)));
  EXPECT_EQ(e.wait_until_final(id).counts.fetched, 201u);
}

TEST(Engine, FetchesOnePage) {
  site_server site(site_server::page_map{{"/", "<title>one</title><a href=/two>"}, {"/two", ""}});
  running_engine e;
  const auto record = e.call(e.engine.fetch_page(quick_spec({site.url("/")})));
  ASSERT_TRUE(record);
  EXPECT_EQ(json::parse(*record).at("title"), "one");
  EXPECT_EQ(site.hit_counts().count("/two"), 0u);
  EXPECT_TRUE(e.call(e.engine.list({}))->crawls.empty());
}

TEST(Engine, ListsCrawlsNewestFirstInPages) {
  site_server site(site_server::page_map{{"/", ""}});
  running_engine e;
  std::vector<crawl_id> ids;
  for (int i = 0; i < 5; ++i) {
    crawl_spec spec = quick_spec({site.url("/")});
    spec.labels["n"] = std::to_string(i);
    ids.push_back(e.call(e.engine.create(std::move(spec)))->id);
    e.wait_until_final(ids.back());
  }
  const list_page first = e.call(e.engine.list({.limit = 3})).value();
  ASSERT_EQ(first.crawls.size(), 3u);
  EXPECT_EQ(first.crawls[0].id, ids[4]);
  const list_page second = e.call(e.engine.list({.limit = 3, .before = first.next})).value();
  ASSERT_EQ(second.crawls.size(), 2u);
  EXPECT_EQ(second.crawls[1].id, ids[0]);
  EXPECT_EQ(second.next, 0u);
  const list_page labelled = e.call(e.engine.list({.label = {{"n", "2"}}})).value();
  ASSERT_EQ(labelled.crawls.size(), 1u);
  EXPECT_EQ(labelled.crawls[0].id, ids[2]);
}

// A site whose pages are found by its sitemaps alone.
std::string sitemap_site(const site_server& site, const std::string& target) {
  if (target == "/robots.txt")
    return http_response(
        200, "",
        "Sitemap: " + site.url("/index.xml") + "\nUser-agent: *\n" + "Disallow: /secret\n");
  if (target == "/index.xml")
    return http_response(200, "",
                         "<sitemapindex><sitemap><loc>" + site.url("/pages.xml") +
                             "</loc></sitemap></sitemapindex>");
  if (target == "/pages.xml")
    return http_response(200, "",
                         "<urlset><url><loc>" + site.url("/a") + "</loc></url><url><loc>" +
                             site.url("/secret") + "</loc></url></urlset>");
  if (target == "/") return html_response("<a href=/linked>x</a>");
  return html_response("page");
}

TEST(Engine, TakesPagesFromSitemapsAndHeedsRobots) {
  const site_server* self = nullptr;
  site_server site([&](const std::string& target) { return sitemap_site(*self, target); });
  self = &site;
  running_engine e;
  crawl_spec spec = quick_spec({site.url("/")});
  spec.sitemap = sitemap_policy::include;
  const auto got = e.crawl(spec);
  EXPECT_EQ(urls_of(got.records),
            (std::set<std::string>{site.url("/"), site.url("/a"), site.url("/linked")}));
  EXPECT_EQ(got.status.by_outcome.at(outcome::robots_disallowed), 1u);
  EXPECT_EQ(site.hit_counts().count("/secret"), 0u);

  spec.sitemap = sitemap_policy::only;
  const auto only = e.crawl(spec);
  EXPECT_EQ(urls_of(only.records), (std::set<std::string>{site.url("/"), site.url("/a")}));
  EXPECT_EQ(site.hit_counts().at("/robots.txt"), 1) << "the file is known from the first crawl";
}

TEST(Engine, PullsValuesOutOfPagesOffTheLoop) {
  site_server site(site_server::page_map{{"/", "<meta name=price content='42'><p>a@b a@c</p>"}});
  running_engine e;
  crawl_spec spec = quick_spec({site.url("/")});
  spec.extract = {{.name = "price", .regex = "name=price content='(\\d+)'"},
                  {.name = "mails", .regex = "\\w@\\w", .all = true, .on_text = true}};
  const auto got = e.crawl(spec);
  ASSERT_EQ(got.records.size(), 1u);
  EXPECT_EQ(got.records[0].at("extracted"), (json{{"price", "42"}, {"mails", {"a@b", "a@c"}}}));
}

// Nor does the other work off the loop wait for patterns: neither waits for the other's threads.
TEST(Engine, HasThreadsForPatternsAlone) {
  site_server site(site_server::page_map{{"/", "<p>42</p>"}});
  running_engine e;
  std::promise<void> crawled;
  bool in_time = false;
  asio::post(e.engine.compute(), [&, done = crawled.get_future()] {
    in_time = done.wait_for(std::chrono::seconds(30)) == std::future_status::ready;
  });
  crawl_spec spec = quick_spec({site.url("/")});
  spec.extract = {{.name = "number", .regex = "\\d+"}};
  const auto got = e.crawl(spec);
  crawled.set_value();
  e.engine.compute().join();
  EXPECT_TRUE(in_time);
  ASSERT_EQ(got.records.size(), 1u);
  EXPECT_EQ(got.records[0].at("extracted"), (json{{"number", "42"}}));
}

}  // namespace
}  // namespace orbweaver::test
