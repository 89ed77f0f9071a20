#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "crawler/robots/robots.hpp"
#include "server/commands/inspect.hpp"

namespace orbweaver {
namespace {

using testing::HasSubstr;

const std::string file =
    "User-agent: FooBot\n"
    "Disallow: /a\n"
    "Allow: /a/*.html$\n"
    "Crawl-delay: 2.5\n"
    "User-agent: *\n"
    "Disallow: /\n"
    "Sitemap: https://h/1.xml\n"
    "Sitemap: https://h/2.xml\n";

std::string answer(std::string_view robots, std::string_view agent, std::string_view url) {
  const nlohmann::json line{{"robots", robots}, {"agent", agent}, {"url", url}};
  std::string out;
  EXPECT_TRUE(inspect_robots(line.dump(), out)) << out;
  return out;
}
std::string error(std::string_view line) {
  std::string out;
  EXPECT_FALSE(inspect_robots(line, out)) << out;
  return out;
}

TEST(InspectRobots, AnswersTheVerdictAndItsLine) {
  const std::string rest = R"("crawlDelay":2.5,"sitemaps":["https://h/1.xml","https://h/2.xml"]})";
  EXPECT_EQ(answer(file, "FooBot", "https://h/a/b?c"),
            R"({"allowed":false,"line":2,"rule":"Disallow: /a",)" + rest);
  EXPECT_EQ(answer(file, "FooBot", "https://h/a/b.html"),
            R"({"allowed":true,"line":3,"rule":"Allow: /a/*.html$",)" + rest);
  EXPECT_EQ(answer(file, "FooBot", "https://h/b"),
            R"({"allowed":true,"line":null,"rule":null,)" + rest);
  EXPECT_EQ(answer("", "FooBot", "https://h/b"),
            R"({"allowed":true,"line":null,"rule":null,"crawlDelay":null,"sitemaps":[]})");
}

TEST(InspectRobots, TakesAWholeUserAgentAndAPath) {
  EXPECT_THAT(answer(file, "foobot/2.0 (+https://foo/)", "/a"), HasSubstr(R"("line":2)"));
  EXPECT_THAT(answer(file, "Mozilla/5.0 (compatible; FooBot/2.0; +https://foo/)", "/a"),
              HasSubstr(R"("line":2)"));
  EXPECT_THAT(answer(file, "Other", "/robots.txt"), HasSubstr(R"("allowed":true)"));
  EXPECT_THAT(answer(file, "*", "/b#/a"), HasSubstr(R"("line":6)"));
  EXPECT_THAT(answer("user-agent: *\ndisallow: //a\n", "*", "//a/b"), HasSubstr(R"("line":2)"));
}

TEST(InspectRobots, SaysThatTheWorkIsTooMuch) {
  std::string rules = "User-agent: *\n", path = "/";
  for (int i = 0; i < 1000; ++i) rules += "Disallow: /*bb\n";
  while (path.size() < 10'000) path += "ab";
  EXPECT_EQ(answer(rules, "x", path),
            R"({"allowed":false,"line":null,"rule":null,"crawlDelay":null,"sitemaps":[],)"
            R"("reason":"the rules take too much work to compare"})");
}

TEST(InspectRobots, AnswersWhatTheFileOverdoes) {
  const std::string rest = R"({"allowed":true,"line":null,"rule":null,"crawlDelay":)";
  EXPECT_EQ(answer("User-agent: *\nCrawl-delay: 301\n", "x", "/"),
            rest + R"(300,"sitemaps":[],"crawlDelayClamped":true})");
  EXPECT_EQ(answer("User-agent: *\nCrawl-delay: 300\n", "x", "/"), rest + R"(300,"sitemaps":[]})");
  for (const std::string& line :
       {"Allow: /" + std::string(max_robots_line, 'a') + "\n", std::string(max_robots_size, '\n')})
    EXPECT_EQ(answer("User-agent: *\n" + line, "x", "/"),
              rest + R"(null,"sitemaps":[],"truncated":true})");
}

TEST(InspectRobots, AnswersWhatIsNoInputByAnError) {
  EXPECT_EQ(error(R"({"robots":"","agent":"x"})"), R"({"error":"\"url\" is missing."})");
  EXPECT_EQ(error(R"({"robots":"","url":"/"})"), R"({"error":"\"agent\" is missing."})");
  EXPECT_EQ(error(R"({"robots":"","agent":"x","url":"a"})"),
            R"({"error":"\"url\": The URL is relative and there is no base to resolve it."})");
}

TEST(InspectRobots, ExplainsALineForEachUrl) {
  const explanation e = explain_robots(file, "FooBot/1", {"/a", "https://h/a/.html", "/", "x"});
  EXPECT_FALSE(e.good);
  EXPECT_EQ(e.text,
            "agent        FooBot\n"
            "rules        2, of the agent's own group\n"
            "crawl-delay  2.5 s between two fetches\n"
            "sitemap      https://h/1.xml\n"
            "sitemap      https://h/2.xml\n"
            "disallowed   /a  (line 2: Disallow: /a)\n"
            "allowed      https://h/a/.html  (line 3: Allow: /a/*.html$)\n"
            "allowed      /  (no rule matches)\n"
            "no URL       x  (The URL is relative and there is no base to resolve it.)\n");
  EXPECT_TRUE(explain_robots(file, "FooBot", {"/"}).good);
  EXPECT_TRUE(explain_robots(file, "FooBot", {}).good);
}

TEST(InspectRobots, ExplainsWhatTheFileOverdoes) {
  const explanation e = explain_robots(
      "User-agent: *\nCrawl-delay: 1000\nDisallow: /" + std::string(20'000, 'a'), "*", {});
  EXPECT_EQ(e.text,
            "agent        any\n"
            "rules        1, of the group for all\n"
            "crawl-delay  300 s between two fetches (the file asks for more)\n"
            "note         the file is too long to be read whole\n");
}

}  // namespace
}  // namespace orbweaver
