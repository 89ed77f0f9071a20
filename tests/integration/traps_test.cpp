// Sites that invent pages for ever: a crawl of each ends by itself, on a cap that has a name.
#include "tests/support/certificates.hpp"
#include "tests/support/engine_fixture.hpp"
#include "tests/support/site_server.hpp"

namespace orbweaver::test {
namespace {

using reply = site_server::reply;
using hit = site_server::hit;

// Each page links to what `next` says of its target.
running_engine::crawl_result crawl_of(const std::function<std::string(const std::string&)>& next,
                                      const std::string& seed, void (*adjust)(crawl_spec&)) {
  site_server site(site_server::script([&](const hit& h) -> reply {
    if (h.target == "/robots.txt") return {http_response(404, "", "")};
    return {html_response(next(h.target))};
  }));
  running_engine e;
  crawl_spec spec = quick_spec({site.url(seed)});
  spec.limit = 5000;
  adjust(spec);
  return e.crawl(std::move(spec));
}

std::string link_to(const std::string& target) { return "<a href='" + target + "'>x</a>"; }

TEST(Traps, ACalendarEndsOnItsQueries) {
  const auto got = crawl_of(
      [](const std::string& target) {
        const int month = std::stoi(target.substr(target.find('=') + 1));
        return link_to("/calendar?month=" + std::to_string(month + 1)) +
               link_to("/calendar?month=" + std::to_string(month - 1));
      },
      "/calendar?month=0", [](crawl_spec& spec) { spec.max_query_variants = 50; });
  EXPECT_EQ(got.status.reason, finish_reason::exhausted);
  EXPECT_EQ(got.status.counts.fetched, 50u);
  EXPECT_EQ(got.status.by_outcome.at(outcome::too_many_query_variants), 2u);
}

TEST(Traps, ACalendarOfPathsEndsOnThePagesOfItsHost) {
  const auto got = crawl_of(
      [](const std::string& target) {
        const int day = std::stoi(target.substr(target.rfind('/') + 1));
        return link_to("/day/" + std::to_string(day + 1)) +
               link_to("/day/" + std::to_string(day * 2 + 7));
      },
      "/day/1", [](crawl_spec& spec) { spec.max_pages_per_host = 40; });
  EXPECT_EQ(got.status.reason, finish_reason::exhausted);
  EXPECT_EQ(got.status.counts.fetched, 40u);
  EXPECT_GT(got.status.by_outcome.at(outcome::over_host_limit), 0u);
}

TEST(Traps, AMazeOfSessionsEndsOnItsQueries) {
  std::atomic<int> session{0};
  const auto got = crawl_of(
      [&](const std::string&) {
        std::string out;
        for (const char* const page : {"/a", "/b", "/c"})
          out += link_to(page + std::string("?session=") + std::to_string(++session));
        return out;
      },
      "/a", [](crawl_spec& spec) { spec.max_query_variants = 30; });
  EXPECT_EQ(got.status.reason, finish_reason::exhausted);
  EXPECT_EQ(got.status.counts.fetched, 1u + 3 * 30);
  EXPECT_GT(got.status.by_outcome.at(outcome::too_many_query_variants), 100u);
}

TEST(Traps, RelativeLinksThatPileUpEndOnRepeatedSegments) {
  const auto got =
      crawl_of([](const std::string&) { return link_to("news/"); }, "/", [](crawl_spec&) {});
  EXPECT_EQ(got.status.counts.fetched, 5u) << "the seed, and four levels of news/";
  EXPECT_EQ(got.status.by_outcome.at(outcome::repeated_segments), 1u);
}

TEST(Traps, PathsThatGrowEndOnTheirDepth) {
  const auto got = crawl_of(
      [](const std::string& target) {
        return link_to(std::to_string(target.size()) + "/") +
               link_to("x" + std::to_string(target.size()) + "/");
      },
      "/", [](crawl_spec& spec) { spec.max_path_depth = 6; });
  EXPECT_EQ(got.status.counts.fetched, 127u) << "a tree of two branches, six levels deep";
  EXPECT_EQ(got.status.by_outcome.at(outcome::path_too_deep), 128u);
}

TEST(Traps, UrlsThatGrowEndOnTheirLength) {
  const auto got = crawl_of([](const std::string& target) { return link_to(target + "xxxxxxxx"); },
                            "/", [](crawl_spec& spec) { spec.max_url_length = 200; });
  EXPECT_LT(got.status.counts.fetched, 25u);
  EXPECT_EQ(got.status.by_outcome.at(outcome::url_too_long), 1u);
}

TEST(Traps, HostsThatMultiplyEndOnTheirNumber) {
  std::string hosts = "127.0.0.1";
  for (int i = 0; i < 100; ++i) hosts += " h" + std::to_string(i) + ".maze.test";
  const temporary_file hosts_file(hosts + "\n");
  std::atomic<int> last{0};
  site_server site(site_server::script([&](const hit& h) -> reply {
    if (h.target == "/robots.txt") return {http_response(404, "", "")};
    const std::size_t at = h.head.find(".maze.test:");
    const std::string rest = h.head.substr(at, h.head.find('\r', at) - at);
    std::string out;
    for (int i = 0; i < 2; ++i) out += link_to("http://h" + std::to_string(++last) + rest + "/");
    return {html_response(out)};
  }));
  running_engine e(1, running_engine::default_settings(), names_of(hosts_file.path()));
  crawl_spec spec = quick_spec({"http://h0.maze.test:" + std::to_string(site.port()) + "/"});
  spec.scope = scope_kind::domain;
  spec.max_subdomains = 20;
  const auto got = e.crawl(std::move(spec));
  EXPECT_EQ(got.status.counts.fetched, 20u);
  EXPECT_EQ(got.status.by_outcome.at(outcome::too_many_subdomains), 21u);
}

TEST(Traps, TheRecordOfARedirectNamesTheCap) {
  site_server site(site_server::script([](const hit& h) -> reply {
    if (h.target == "/") return {redirect_response("/x/x/x/x/x")};
    return {html_response("x")};
  }));
  running_engine e;
  crawl_spec spec = quick_spec({site.url()});
  spec.robots = robots_policy::ignore;
  const auto got = e.crawl(std::move(spec));
  EXPECT_EQ(code_of(got.records.at(0)), "repeated_segments");
  EXPECT_NE(got.records.at(0).at("reason").at("message").get<std::string>().find(
                "maxRepeatedSegments is 4"),
            std::string::npos);
}

}  // namespace
}  // namespace orbweaver::test
