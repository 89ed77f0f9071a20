// Sitemaps in a crawl: what they bring, and what is said of those that bring nothing.
#include "crawler/sitemap/sitemap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/engine_fixture.hpp"
#include "tests/support/site_server.hpp"

namespace orbweaver::test {
namespace {

using hit = site_server::hit;
using reply = site_server::reply;
using testing::ElementsAre;
using testing::IsEmpty;

std::string robots_with(const std::vector<std::string>& sitemaps) {
  std::string out;
  for (const std::string& address : sitemaps) out += "Sitemap: " + address + "\n";
  return http_response(200, "", out);
}
std::string index_of(const std::string& address) {
  return http_response(
      200, "", "<sitemapindex><sitemap><loc>" + address + "</loc></sitemap></sitemapindex>");
}
std::string urlset_of(const std::string& address, const std::string& headers = "") {
  return http_response(200, headers, "<urlset><url><loc>" + address + "</loc></url></urlset>");
}

crawl_spec spec_with_sitemaps(const site_server& site) {
  crawl_spec spec = quick_spec({site.url("/")});
  spec.sitemap = sitemap_policy::include;
  spec.retries = 0;
  return spec;
}

// robots.txt names these paths; the others are answered by `answer`, and pages by a page.
using answers = std::map<std::string, std::string>;
auto crawl_with(const std::vector<std::string>& named, const answers& replies,
                std::set<std::string>* asked = nullptr) {
  site_server site([&](const hit& h) -> reply {
    if (h.target == "/robots.txt") return {robots_with(named)};
    const auto known = replies.find(h.target);
    if (known != replies.end()) return {known->second};
    return {h.target.ends_with(".xml") ? http_response(404, "", "") : html_response("page")};
  });
  running_engine e;
  auto got = e.crawl(spec_with_sitemaps(site));
  // So that the port need not be known.
  const std::string origin = site.url("");
  for (std::string& w : got.status.warnings)
    for (auto at = w.find(origin); at != w.npos; at = w.find(origin)) w.erase(at, origin.size());
  if (asked)
    for (const auto& [target, n] : site.hit_counts()) asked->insert(target);
  return got;
}
auto warnings(const std::vector<std::string>& named, const answers& replies) {
  return crawl_with(named, replies).status.warnings;
}

TEST(Sitemaps, OneThatIsNamedAndNotThereIsSaid) {
  EXPECT_THAT(warnings({"/a.xml"}, {}),
              ElementsAre("The sitemap /a.xml could not be fetched: HTTP 404."));
  EXPECT_THAT(warnings({"/a.xml"}, {{"/a.xml", http_response(500, "", "")}}),
              ElementsAre("The sitemap /a.xml could not be fetched: HTTP 500."));
  EXPECT_THAT(warnings({"/a.xml", "/b.xml", "/c.xml"}, {}),
              ElementsAre("The sitemap /a.xml could not be fetched: HTTP 404 (and 2 more)."));
  EXPECT_THAT(warnings({"/a.xml"}, {{"/a.xml", index_of("/b.xml")}}),
              ElementsAre("The sitemap /b.xml could not be fetched: HTTP 404."));
}

TEST(Sitemaps, OneThatIsOnlyGuessedNeedNotBeThere) {
  EXPECT_THAT(warnings({}, {}), IsEmpty());
  EXPECT_THAT(warnings({}, {{"/sitemap.xml", html_response("<html>not found</html>")}}), IsEmpty());
  EXPECT_THAT(warnings({}, {{"/sitemap.xml", redirect_response("/nowhere.xml")}}), IsEmpty());
}

TEST(Sitemaps, WhatIsNoneIsSaid) {
  EXPECT_THAT(warnings({"/a.xml"}, {{"/a.xml", html_response("<html><p>Hello</html>")}}),
              ElementsAre("No sitemap could be found in /a.xml."));
  const std::string broken =
      http_response(200, "Content-Encoding: gzip\r\n", "\x1f\x8b\x08 is no gzip file\x01\x02");
  EXPECT_THAT(warnings({"/a.xml"}, {{"/a.xml", broken}}),
              ElementsAre(testing::StartsWith("The sitemap /a.xml could not be fetched: ")));
  EXPECT_THAT(warnings({"/a.xml"}, {{"/a.xml", http_response(200, "", "<urlset><url><loc>")}}),
              ElementsAre("The sitemap /a.xml could not be read to its end."));
}

TEST(Sitemaps, OneOnADeadHostIsSaid) {
  std::string gone;
  {
    site_server site(site_server::page_map{}, "127.0.0.2");
    gone = site.url("/a.xml");
  }
  EXPECT_THAT(warnings({gone}, {}),
              ElementsAre(testing::StartsWith("The sitemap " + gone + " could not be fetched: ")));
}

// RFC 9309 section 2.2.2: robots.txt is the only file that no rule holds for.
TEST(Sitemaps, OneThatRobotsTxtDisallowsIsNotAskedFor) {
  site_server other([](const hit& h) -> reply {
    return {h.target == "/robots.txt" ? http_response(200, "", "User-agent: *\nDisallow: /\n")
                                      : urlset_of("/page")};
  });
  std::string robots = "User-agent: *\nDisallow: /private/\n";
  site_server site([&](const hit& h) -> reply {
    if (h.target == "/robots.txt") return {http_response(200, "", robots)};
    if (h.target == "/index.xml") return {index_of(other.url("/a.xml"))};
    if (h.target == "/moved.xml") return {redirect_response("/private/a.xml")};
    if (h.target.ends_with(".xml")) return {urlset_of("/page")};
    return {html_response("page")};
  });
  const auto crawl = [&](const std::string& named) {
    robots = "User-agent: *\nDisallow: /private/\nDisallow: /sitemap.xml\n" + named;
    running_engine e;
    return e.crawl(spec_with_sitemaps(site)).status;
  };
  const auto refused = [&](const std::string& address, const std::string& line) {
    return ElementsAre("The sitemap " + address +
                       " could not be fetched: robots.txt disallows it (" + line + ").");
  };
  const std::string named = site.url("/private/a.xml"), moved = site.url("/moved.xml");
  EXPECT_THAT(crawl("").warnings, IsEmpty()) << "it was only guessed";
  EXPECT_THAT(crawl("Sitemap: " + named + "\n").warnings,
              refused(named, "line 2: Disallow: /private/"));
  EXPECT_THAT(crawl("Sitemap: " + moved + "\n").warnings,
              refused(moved, "line 2: Disallow: /private/"));
  EXPECT_THAT(crawl("Sitemap: /index.xml\n").warnings,
              refused(other.url("/a.xml"), "line 2: Disallow: /"));
  EXPECT_EQ(crawl("Sitemap: /allowed.xml\n").counts.fetched, 2u) << "others are";
  const auto asked = site.hit_counts();
  EXPECT_FALSE(asked.contains("/private/a.xml") || asked.contains("/sitemap.xml"));
  EXPECT_FALSE(other.hit_counts().contains("/a.xml"));
}

TEST(Sitemaps, IndexesAreFollowedTwoDeep) {
  std::set<std::string> asked;
  const auto got = crawl_with({"/1.xml"},
                              {{"/1.xml", index_of("/2.xml")},
                               {"/2.xml", index_of("/3.xml")},
                               {"/3.xml", index_of("/4.xml")},
                               {"/4.xml", urlset_of("/page")}},
                              &asked);
  EXPECT_EQ(asked, (std::set<std::string>{"/", "/robots.txt", "/1.xml", "/2.xml", "/3.xml"}));
  EXPECT_THAT(got.status.warnings,
              ElementsAre("The sitemap index /3.xml is not followed: it lies 2 indexes deep."));
}

TEST(Sitemaps, RedirectsAreFollowedFiveTimes) {
  answers hops;
  for (int i = 0; i < 5; ++i)
    hops["/" + std::to_string(i) + ".xml"] =
        redirect_response("/" + std::to_string(i + 1) + ".xml");
  hops["/5.xml"] = urlset_of("/page");
  std::set<std::string> asked;
  EXPECT_THAT(crawl_with({"/0.xml"}, hops, &asked).status.warnings, IsEmpty());
  EXPECT_TRUE(asked.contains("/page"));

  hops["/5.xml"] = redirect_response("/6.xml");
  hops["/6.xml"] = urlset_of("/page");
  asked.clear();
  EXPECT_THAT(crawl_with({"/0.xml"}, hops, &asked).status.warnings,
              ElementsAre("The sitemap /0.xml could not be fetched: too many redirects."));
  EXPECT_FALSE(asked.contains("/6.xml") || asked.contains("/page"));
}

TEST(Sitemaps, AThousandAreRead) {
  constexpr int limit = 1000;
  std::string many = "<sitemapindex>";
  answers replies;
  for (int i = 1; i <= limit; ++i) {  // with the index one too many
    const std::string path = "/" + std::to_string(i) + ".xml";
    many += "<sitemap><loc>" + path + "</loc></sitemap>";
    replies[path] = http_response(200, "", "<urlset></urlset>");
  }
  replies["/index.xml"] = http_response(200, "", many + "</sitemapindex>");
  std::set<std::string> asked;
  EXPECT_THAT(crawl_with({"/index.xml"}, replies, &asked).status.warnings,
              ElementsAre("Only the first 1000 sitemaps are read."));
  EXPECT_TRUE(asked.contains("/999.xml"));
  EXPECT_FALSE(asked.contains("/1000.xml"));
}

TEST(Sitemaps, AreReadInTheirEncoding) {
  const std::string latin1 =
      "<?xml version='1.0' encoding='ISO-8859-1'?><urlset><url><loc>/caf\xe9</loc></url></urlset>";
  std::set<std::string> asked;
  crawl_with({"/a.xml", "/b.xml"},
             {{"/a.xml", http_response(200, "", latin1)},
              {"/b.xml", urlset_of("/th\xe9", "Content-Type: text/xml; charset=latin1\r\n")}},
             &asked);
  EXPECT_TRUE(asked.contains("/caf%C3%A9"));
  EXPECT_TRUE(asked.contains("/th%C3%A9"));
}

TEST(Sitemaps, OneThatIsTooLongIsSaidAndItsLastUrlNotGuessed) {
  const std::string line = std::string(1 << 20, '#') + '\n';
  site_server site([&](const hit& h) -> reply {
    if (h.target == "/robots.txt") return {robots_with({"/long.txt"})};
    if (h.target != "/long.txt") return {html_response("page")};
    std::string text = "http://elsewhere.invalid/\n";
    while (text.size() + line.size() + 200 < max_sitemap_bytes) text += line;
    const auto host = h.head.substr(h.head.find("Host: ") + 6);
    const std::string url = "http://" + host.substr(0, host.find('\r')) + "/cut";
    text += std::string(max_sitemap_bytes - text.size() - url.size() - 1, '#') + '\n' + url;
    return {http_response(200, "", text + "-in-two\n")};
  });
  running_engine e;
  const auto got = e.crawl(spec_with_sitemaps(site));
  EXPECT_THAT(got.status.warnings, ElementsAre("The sitemap " + site.url("/long.txt") +
                                               " could not be read to its end."));
  EXPECT_EQ(site.hit_counts().count("/cut"), 0u);
}

}  // namespace
}  // namespace orbweaver::test
