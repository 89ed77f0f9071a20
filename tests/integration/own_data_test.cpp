// What a crawl tells which site: cookies that sites set, and the user's own cookies, headers and
// credentials, which only the seeds' origins are told.
#include <fstream>
#include <set>

#include "tests/support/engine_fixture.hpp"
#include "tests/support/site_server.hpp"

namespace orbweaver::test {
namespace {

using reply = site_server::reply;
using hit = site_server::hit;

// The value of the request's field; empty without one.
std::string field(const hit& h, const std::string& name) {
  const std::size_t at = h.head.find("\r\n" + name + ": ");
  if (at == std::string::npos) return {};
  const std::size_t from = at + name.size() + 4;
  return h.head.substr(from, h.head.find("\r\n", from) - from);
}

std::map<std::string, std::string> fields(const site_server& site, const std::string& name) {
  std::map<std::string, std::string> out;
  for (const hit& h : site.hits()) out[h.target] = field(h, name);
  return out;
}

crawl_spec serial_spec(std::vector<std::string> urls) {
  crawl_spec spec = quick_spec(std::move(urls));
  spec.per_host_concurrency = 1;
  return spec;
}

using pairs = std::map<std::string, std::string>;

TEST(Cookies, AreSentBackWhereTheyBelongAndNeverToRobots) {
  site_server other([](const hit&) -> reply { return {html_response("x")}; }, "127.0.0.2");
  site_server site([&](const hit& h) -> reply {
    if (h.target == "/robots.txt") return {http_response(404, "Set-Cookie: robot=1\r\n", "")};
    if (h.target == "/")
      return {http_response(200,
                            "Content-Type: text/html\r\nSet-Cookie: sid=1; Path=/\r\n"
                            "Set-Cookie: deep=1; Path=/deep\r\nSet-Cookie: s=1; Secure\r\n",
                            "<a href=/deep/a>x</a><a href='" + other.url() + "'>x</a>")};
    if (h.target == "/deep/a")
      return {http_response(
          500, "Set-Cookie: sid=2; Path=/\r\nSet-Cookie: deep=; Max-Age=0; Path=/deep\r\n", "")};
    return {html_response("x")};
  });
  running_engine e;
  crawl_spec spec = serial_spec({site.url()});
  spec.scope = scope_kind::any;
  spec.retries = 0;
  e.crawl(spec);
  EXPECT_EQ(fields(site, "Cookie"),
            (pairs{{"/robots.txt", ""}, {"/", ""}, {"/deep/a", "deep=1; sid=1"}}));
  EXPECT_EQ(fields(other, "Cookie").at("/"), "");
  // Another crawl has a jar of its own.
  spec.urls = {site.url("/deep/b")};
  e.crawl(spec);
  EXPECT_EQ(fields(site, "Cookie").at("/deep/b"), "");
}

TEST(Cookies, AnswersOfEveryKindSetThem) {
  site_server site([&](const hit& h) -> reply {
    if (h.target == "/robots.txt") return {http_response(404, "", "")};
    if (h.target == "/") return {http_response(302, "Location: /two\r\nSet-Cookie: a=1\r\n", "")};
    if (h.target == "/two")
      return {http_response(302, "Location: /three\r\nSet-Cookie: b=1\r\n", "")};
    if (h.target == "/three")
      return {http_response(403, "Content-Type: text/html\r\nSet-Cookie: a=2\r\n", "no")};
    return {html_response("x")};
  });
  running_engine e;
  e.crawl(serial_spec({site.url(), site.url("/last")}));
  EXPECT_EQ(fields(site, "Cookie"), (pairs{{"/robots.txt", ""},
                                           {"/", ""},
                                           {"/two", "a=1"},
                                           {"/three", "a=1; b=1"},
                                           {"/last", "a=2; b=1"}}));
}

TEST(Cookies, OfPublicSuffixesAreNotTaken) {
  std::string port;
  site_server site([&](const hit& h) -> reply {
    if (h.target != "/") return {html_response("x")};
    return {http_response(200,
                          "Content-Type: text/html\r\nSet-Cookie: evil=1; Domain=co.uk\r\n"
                          "Set-Cookie: good=1; Domain=a.co.uk\r\n",
                          "<a href='http://b.co.uk:" + port + "/other'>x</a>")};
  });
  port = std::to_string(site.port());
  const std::string hosts = testing::TempDir() + "/orbweaver_suffix_hosts";
  std::ofstream(hosts) << "127.0.0.1 www.a.co.uk x.a.co.uk b.co.uk\n";
  running_engine e(1, running_engine::default_settings(), names_of(hosts));
  crawl_spec spec =
      serial_spec({"http://www.a.co.uk:" + port + "/", "http://x.a.co.uk:" + port + "/same"});
  spec.scope = scope_kind::any;
  spec.robots = robots_policy::ignore;
  spec.max_concurrency = 1;
  e.crawl(spec);
  EXPECT_EQ(fields(site, "Cookie"), (pairs{{"/", ""}, {"/same", "good=1"}, {"/other", ""}}));
}

TEST(OwnData, TheSeedsOriginsAreToldAndSitesMayReplaceCookies) {
  site_server site([&](const hit& h) -> reply {
    if (h.target == "/1")
      return {http_response(200, "Content-Type: text/html\r\nSet-Cookie: sid=new\r\n", "x")};
    return {html_response("x")};
  });
  running_engine e;
  crawl_spec spec = serial_spec({site.url("/1"), site.url("/2")});
  spec.robots = robots_policy::ignore;
  spec.cookies = {{"sid", "own"}, {"lang", "en"}};
  spec.headers = {{"X-Key", "k"}, {"cookie", "more=1"}};
  spec.auth = http_auth{"Aladdin", "open sesame"};
  e.crawl(spec);
  EXPECT_EQ(fields(site, "Cookie"),
            (pairs{{"/1", "sid=own; lang=en; more=1"}, {"/2", "lang=en; more=1; sid=new"}}));
  EXPECT_EQ(fields(site, "X-Key"), (pairs{{"/1", "k"}, {"/2", "k"}}));
  EXPECT_EQ(fields(site, "Authorization").at("/1"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

// Everything of the user's stays at the seed's origin, whichever way leads elsewhere.
TEST(OwnData, IsDroppedWhenHostOrPortChanges) {
  const auto bare = [](const hit& h) {
    return field(h, "Cookie").empty() && field(h, "X-Key").empty() &&
           field(h, "Authorization").empty();
  };
  site_server other([](const hit&) -> reply { return {html_response("x")}; }, "127.0.0.2");
  std::string second_port;
  site_server site(site_server::script([&](const hit& h) -> reply {
                     if (h.target == "/seed") return {redirect_response(other.url("/from-seed"))};
                     if (h.target == "/port") return {redirect_response(second_port)};
                     if (h.target == "/links")
                       return {html_response("<a href='" + other.url("/from-link") + "'>x</a>")};
                     if (h.target == "/sitemap.xml") return {redirect_response(other.url("/map"))};
                     if (h.target == "/robots.txt")
                       return {redirect_response(other.url("/robots.txt"))};
                     return {html_response("x")};
                   }),
                   "127.0.0.1", 2);
  second_port = site.url("/on-second-port", 1);
  running_engine e;
  crawl_spec spec = serial_spec({site.url("/seed"), site.url("/port"), site.url("/links")});
  spec.scope = scope_kind::any;
  spec.sitemap = sitemap_policy::include;
  spec.cookies = {{"sid", "own"}};
  spec.headers = {{"X-Key", "k"}};
  spec.auth = http_auth{"u", "p"};
  e.crawl(spec);
  std::set<std::string> told;
  for (const hit& h : other.hits()) {
    told.insert(h.target);
    EXPECT_TRUE(bare(h)) << h.head;
  }
  for (const char* const target : {"/from-seed", "/from-link", "/map", "/robots.txt"})
    EXPECT_TRUE(told.contains(target)) << target;
  bool second = false;
  for (const hit& h : site.hits()) {
    const bool here = h.target == "/on-second-port";
    second |= here;
    EXPECT_TRUE(!here || bare(h)) << h.head;
    EXPECT_FALSE(h.target == "/seed" && bare(h)) << h.head;
  }
  EXPECT_TRUE(second);
}

}  // namespace
}  // namespace orbweaver::test
