#include "crawler/robots/robots.hpp"

#include <gtest/gtest.h>

#include "crawler/robots/pattern.hpp"

namespace orbweaver {
namespace {

using namespace std::string_literals;

bool allowed(std::string_view text, std::string_view path, std::string_view agent = "FooBot") {
  return parse_robots(text, agent).check(path).allowed;
}
// Whether one rule matches a path.
bool blocks(std::string_view pattern, std::string_view path) {
  return !allowed("user-agent: *\ndisallow: " + std::string(pattern), path);
}

TEST(Robots, NothingAllowsEverything) {
  EXPECT_TRUE(robots_rules().check("/").allowed);
  EXPECT_TRUE(allowed("", "/"));
  EXPECT_TRUE(allowed("<html><body>Not found: nothing here</body>", "/"));
  EXPECT_TRUE(allowed("disallow: /\nuser-agent: *\n", "/")) << "a rule before any agent";
  EXPECT_TRUE(allowed("user-agent: *\ndisallow:\nallow:\n", "/"));
}

// RFC 9309, section 5.1.
constexpr std::string_view simple =
    "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\n"
    "User-Agent: foobot\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\n"
    "User-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\n\n"
    "User-Agent: quxbot\n";

TEST(Robots, TheSimpleExampleOfTheRfc) {
  EXPECT_FALSE(allowed(simple, "/a.gif", "other"));
  EXPECT_TRUE(allowed(simple, "/a.gif?x", "other"));
  EXPECT_FALSE(allowed(simple, "/example/", "other"));
  EXPECT_TRUE(allowed(simple, "/publications/", "other"));
  EXPECT_FALSE(allowed(simple, "/", "FooBot"));
  EXPECT_TRUE(allowed(simple, "/example/page.html", "FooBot"));
  EXPECT_TRUE(allowed(simple, "/example/allowed.gif", "FooBot"));
  for (const char* agent : {"barbot", "bazbot"}) {
    EXPECT_FALSE(allowed(simple, "/example/page.html", agent));
    EXPECT_TRUE(allowed(simple, "/example/x.gif", agent));
  }
  EXPECT_TRUE(allowed(simple, "/example/page.html", "quxbot")) << "a group without rules";
  EXPECT_TRUE(parse_robots(simple, "quxbot").names_agent());
  EXPECT_FALSE(parse_robots(simple, "other").names_agent());
}

// RFC 9309, section 5.2.
TEST(Robots, TheLongestMatchOfTheRfc) {
  constexpr std::string_view text =
      "User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n";
  EXPECT_TRUE(allowed(text, "/example/page/x"));
  EXPECT_FALSE(allowed(text, "/example/page/disallowed.gif"));
}

TEST(Robots, TheLongestPatternDecidesAndAllowWinsATie) {
  EXPECT_TRUE(allowed("user-agent: *\ndisallow: /a\nallow: /a\n", "/a"));
  EXPECT_TRUE(allowed("user-agent: *\nallow: /p\ndisallow: /\n", "/page"));
  EXPECT_TRUE(allowed("user-agent: *\nallow: /folder\ndisallow: /folder\n", "/folder/page"));
  EXPECT_FALSE(allowed("user-agent: *\nallow: /page\ndisallow: /*.htm\n", "/page.htm"));
  EXPECT_TRUE(allowed("user-agent: *\nallow: /$\ndisallow: /\n", "/"));
  EXPECT_FALSE(allowed("user-agent: *\nallow: /$\ndisallow: /\n", "/page.htm"));
  EXPECT_TRUE(allowed("user-agent: *\ndisallow: /a/b\nallow: /a/bc\n", "/a/bcd"));
}

TEST(Robots, SaysWhichLine) {
  const robots_rules rules =
      parse_robots("\r\n# x\r\nUser-agent: *\rDisallow: /pri\xc3\xa9 # y\n\nAllow:/pub*\n", "x");
  const robots_verdict no = rules.check("/pri%c3%a9/x");
  EXPECT_FALSE(no.allowed);
  EXPECT_EQ(no.line, 4u);
  EXPECT_EQ(no.rule(), "Disallow: /pri\xc3\xa9");
  EXPECT_EQ(rules.check("/public").line, 6u);
  EXPECT_EQ(rules.check("/public").rule(), "Allow: /pub*");
  EXPECT_EQ(rules.check("/").line, 0u);
  EXPECT_EQ(rules.check("/").rule(), "");
  EXPECT_EQ(no.reason(), "line 4: Disallow: /pri\xc3\xa9");
  EXPECT_EQ(rules.check("/").reason(), "no rule matches");
}

TEST(Robots, FindsTheGroupsOfItsAgent) {
  constexpr std::string_view own = "user-agent: FOOBOT/2.1 (x)\ndisallow: /a\n";
  EXPECT_FALSE(allowed(own, "/a")) << "case and version do not matter";
  EXPECT_TRUE(allowed("user-agent: FooBot-News\ndisallow: /\n", "/a"));
  EXPECT_TRUE(allowed("user-agent: FooBots\ndisallow: /\n", "/a"));
  EXPECT_TRUE(allowed("user-agent: Foo\ndisallow: /\n", "/a"));
  EXPECT_FALSE(allowed("user-agent: FooBot and friends\ndisallow: /\n", "/a"));
  EXPECT_FALSE(allowed("user-agent: * everyone\ndisallow: /\n", "/a"));
  EXPECT_TRUE(allowed("user-agent: *bot\ndisallow: /\n", "/a"));
  EXPECT_TRUE(allowed("user-agent: *\ndisallow: /\nuser-agent: foobot\ndisallow: /b\n", "/a"))
      << "the group of '*' does not count beside its own";
  EXPECT_FALSE(allowed("user-agent: bot2\ndisallow: /\n", "/a", "bot2"));
  EXPECT_TRUE(allowed("user-agent: bot2\ndisallow: /\n", "/a", "bot1"));
  EXPECT_FALSE(allowed("user-agent: *\ndisallow: /\n", "/a", ""));
}

TEST(Robots, MergesGroupsAndSharesRules) {
  constexpr std::string_view text =
      "user-agent: foobot\ndisallow: /a\n\nuser-agent: x\ndisallow: /b\n\n"
      "user-agent: y\n\nuser-agent: FooBot\nsitemap: s\nfoo: bar\nuser-agent: z\ndisallow: /c\n";
  EXPECT_FALSE(allowed(text, "/a"));
  EXPECT_TRUE(allowed(text, "/b"));
  EXPECT_FALSE(allowed(text, "/c"));
  for (const char* agent : {"y", "z"}) {
    EXPECT_TRUE(allowed(text, "/a", agent));
    EXPECT_FALSE(allowed(text, "/c", agent)) << "blank and other lines end no group";
  }
}

TEST(Robots, ReadsWhatRealFilesHold) {
  EXPECT_FALSE(allowed("\xef\xbb\xbfUser-agent: *\nDisallow: /\n", "/")) << "BOM";
  EXPECT_FALSE(allowed("user-agent: *\rdisallow: /\r", "/")) << "CR alone";
  EXPECT_FALSE(allowed("user-agent *\ndisallow /\n", "/")) << "no colons";
  EXPECT_TRUE(allowed("user-agent: *\ndisallow / x\n", "/")) << "no colon, three words";
  EXPECT_FALSE(allowed("  user-agent\t:\t*\t\n\tdisallow :/ \n", "/"));
  EXPECT_FALSE(allowed("USERAGENT: *\nDISALLOW: /\n", "/"));
  for (const char* key : {"dissallow", "dissalow", "disalow", "diasllow", "disallaw"})
    EXPECT_FALSE(allowed("user agent: *\n" + std::string(key) + ": /\n", "/")) << key;
  EXPECT_FALSE(allowed("user-agent: *\ndisallow: / # all", "/"));
  EXPECT_TRUE(allowed("user-agent: *\n#disallow: /", "/"));
  EXPECT_FALSE(allowed("user-agent: *\n: x\n:\n\0\xff\ndisallow: /\n"s, "/"));
  EXPECT_TRUE(allowed("user-agent: *\ndisallow: a\n", "/a")) << "patterns begin with a slash";
}

TEST(Robots, AMissingColonIsSeenThoughTheValueHoldsOne) {
  constexpr std::string_view text = "User agent *\nDisallow /wiki/Special:Search\nallow\t/a:b$\n";
  EXPECT_FALSE(allowed(text, "/wiki/Special:Search"));
  EXPECT_EQ(parse_robots(text, "x").check("/wiki/Special:Search").rule(),
            "Disallow: /wiki/Special:Search");
  EXPECT_TRUE(allowed(text, "/wiki/Special"));
  EXPECT_EQ(parse_robots(text, "x").check("/a:b").line, 3u);
  EXPECT_FALSE(allowed("User agent foobot\nDisallow: /\n", "/"));
  EXPECT_EQ(parse_robots("user agent *\ncrawl delay 7\n", "x").crawl_delay()->count(), 7);

  const robots_rules named = parse_robots("Sitemap http://x/s.xml\nsitemap\t/t.xml\n", "x");
  ASSERT_EQ(named.sitemaps().size(), 2u);
  EXPECT_EQ(named.sitemaps()[0], "http://x/s.xml");
  EXPECT_EQ(named.sitemaps()[1], "/t.xml");

  EXPECT_FALSE(allowed("user-agent : *\ndisallow :/a:b\n", "/a:b")) << "there is a colon";
  EXPECT_FALSE(allowed("user agent: *\ndisallow all: /a\n", "/a")) << "more than two words";
  EXPECT_FALSE(allowed("user-agent: *\ndisallow:/a:b c\n", "/a:b%20c"));
  EXPECT_TRUE(allowed("user agents\nuser agent\ndisallow /\n", "/")) << "no value";
}

TEST(Robots, ItsOwnFileIsAlwaysAllowed) {
  EXPECT_TRUE(allowed("user-agent: *\ndisallow: /\n", "/robots.txt"));
  EXPECT_FALSE(allowed("user-agent: *\ndisallow: /\n", "/robots.txt2"));
}

// Google's documentation of path matching.
TEST(RobotsPattern, WildcardsAndEnds) {
  EXPECT_TRUE(blocks("/fish", "/fish.html") && blocks("/fish", "/fishheads/yummy.html"));
  EXPECT_FALSE(blocks("/fish", "/Fish.asp") || blocks("/fish", "/catfish"));
  EXPECT_TRUE(blocks("/fish*", "/fish") && blocks("/fish/", "/fish/?id=x"));
  EXPECT_FALSE(blocks("/fish/", "/fish"));
  EXPECT_TRUE(blocks("/*.php", "/folder/filename.php?parameters"));
  EXPECT_TRUE(blocks("/*.php", "/filename.php/") && !blocks("/*.php", "/windows.PHP"));
  EXPECT_TRUE(blocks("/*.php$", "/folder/filename.php"));
  EXPECT_FALSE(blocks("/*.php$", "/filename.php?x") || blocks("/*.php$", "/filename.php5"));
  EXPECT_TRUE(blocks("/fish*.php", "/fishheads/catfish.php?parameters"));
  EXPECT_TRUE(blocks("/a$", "/a") && !blocks("/a$", "/ab") && !blocks("/a$", "/"));
  EXPECT_TRUE(blocks("*", "/") && blocks("/**$", "/x") && blocks("/*$", "/"));
  EXPECT_TRUE(blocks("/*aab*b$", "/aaabab") && !blocks("/*ab*ab$", "/ab"));
  EXPECT_TRUE(blocks("/a*a$", "/aa") && !blocks("/a*a$", "/a"));
  EXPECT_TRUE(blocks("/a$b", "/a$bc") && blocks("/a%24", "/a$") && !blocks("/a%24", "/a"));
  EXPECT_TRUE(blocks("/a-%2A.html", "/a-*.html") && !blocks("/a-%2A.html", "/a-b.html"));
}

// RFC 9309, section 2.2.2, and its table.
TEST(RobotsPattern, EscapesDoNotMatter) {
  EXPECT_TRUE(blocks("/foo/bar?baz=quz", "/foo/bar?baz=quz"));
  EXPECT_TRUE(blocks("/foo/bar?baz=https://foo.bar", "/foo/bar?baz=https%3A%2F%2Ffoo.bar"));
  EXPECT_TRUE(blocks("/foo/bar?baz=https%3A%2F%2Ffoo.bar", "/foo/bar?baz=https://foo.bar"));
  EXPECT_TRUE(blocks("/*=https%3a", "/foo?baz=https%3A%2F%2Ffoo.bar"));
  EXPECT_TRUE(blocks("/foo/bar/\xe3\x83\x84", "/foo/bar/%E3%83%84"));
  EXPECT_TRUE(blocks("/foo/bar/%e3%83%84", "/foo/bar/%E3%83%84x"));
  EXPECT_TRUE(blocks("/foo/bar/%62%61%7A", "/foo/bar/baz"));
  EXPECT_TRUE(blocks("/foo/bar/baz", "/foo/bar/%62%61%7A"));
  EXPECT_TRUE(blocks("/a b|c", "/a%20b%7Cc") && blocks("/%7Ea", "/~a"));
  EXPECT_TRUE(blocks("/a?b='c'", "/a?b=%27c%27") && blocks("/100%", "/100%"));
  EXPECT_FALSE(blocks("/a%2Fb", "/a/b") || blocks("/a/b", "/a%2Fb"));
  EXPECT_FALSE(blocks("/a?b%26c", "/a?b&c") || blocks("/a%3Fb", "/a?b"));
}

TEST(RobotsPattern, ManyWildcardsTakeBoundedWork) {
  std::string pattern = "/";
  for (int i = 0; i < 2000; ++i) pattern += "*a";
  const robots::path_matcher path("/" + std::string(4000, 'a'));
  std::size_t work = max_robots_work;
  EXPECT_FALSE(path.matches(pattern + "b$", work));
  EXPECT_TRUE(path.matches(pattern + "$", work));
  EXPECT_FALSE(path.matches(pattern + "*b", work));
  EXPECT_GT(work, max_robots_work - 150'000);
  work = 10;
  EXPECT_FALSE(path.matches("/*a", work));
  EXPECT_EQ(work, 0u);
}

TEST(RobotsPattern, WorkIsWhatIsLookedAt) {
  const auto work_of = [](std::string_view pattern, const std::string& path) {
    std::size_t left = max_robots_work;
    robots::path_matcher(path).matches(pattern, left);
    return max_robots_work - left;
  };
  const std::string path = "/" + std::string(16'000, 'a') + "bc";
  EXPECT_EQ(work_of("/aaaaaaaaac", path), 0u) << "without a wildcard only the prefix";
  EXPECT_LT(work_of("/*aax", path), 20u) << "a byte that the path has not";
  EXPECT_LT(work_of("/*aac", path), 2'000u) << "a rare byte";
  EXPECT_GT(work_of("/*aaba", path + path), 2'000u) << "the length of the path";
  const std::string both = "/" + std::string(8'000, 'a') + std::string(8'000, 'b');
  EXPECT_GT(work_of("/*aba", both), 80'000u) << "each place that nearly fits";
}

// Wildcard rules that no other has anything to do with.
std::string many_rules(int number, std::string_view before, std::string_view after) {
  std::string out = "user-agent: *\n";
  for (int i = 0; i < number; ++i)
    out.append("disallow: ").append(before).append(std::to_string(i)).append(after) += '\n';
  return out;
}

TEST(Robots, ManyRulesAndALongUrlAreDecided) {
  const robots_rules filters = parse_robots(many_rules(1200, "/*?filter", "=") + "allow: /", "x");
  std::string query = "/shop?";
  for (int i = 2000; query.size() < 900; ++i) query += "filter" + std::to_string(i) + "=1&";
  EXPECT_TRUE(filters.check(query).allowed);
  EXPECT_EQ(filters.check(query).line, 1202u);
  EXPECT_EQ(filters.check("/shop?filter1199=" + query).line, 1201u);

  const robots_rules folders = parse_robots(many_rules(600, "/*/x", "/*"), "x");
  std::string path;
  for (int i = 1000; path.size() < 1990; ++i) path += "/x" + std::to_string(i);
  EXPECT_TRUE(folders.check(path).allowed);
  EXPECT_EQ(folders.check(path + "/x599/").line, 601u);
}

TEST(Robots, AFileMadeToBeSlowDisallows) {
  std::string text = "user-agent: *\n";
  while (text.size() < max_robots_size - 20) text += "allow: /*bb\n";
  const robots_rules rules = parse_robots(text, "x");
  std::string path = "/";
  while (path.size() < 2000) path += "ab";
  const robots_verdict verdict = rules.check(path);
  EXPECT_FALSE(verdict.allowed);
  EXPECT_TRUE(verdict.undecided());
  EXPECT_EQ(verdict.line, 0u);
  EXPECT_EQ(verdict.reason(), "the rules take too much work to compare");
  EXPECT_TRUE(rules.check("/short").allowed);
  EXPECT_TRUE(rules.check(path + "b").allowed);
  EXPECT_FALSE(rules.check(path + "b").undecided());
}

TEST(Robots, CrawlDelayIsReadAndClamped) {
  const auto delay = [](std::string_view value) {
    const auto d =
        parse_robots("user-agent: *\ncrawl-delay: " + std::string(value), "x").crawl_delay();
    return d ? d->count() : -1;
  };
  EXPECT_EQ(delay("10"), 10);
  EXPECT_EQ(delay("0.5"), 0.5);
  EXPECT_EQ(delay("0"), 0);
  EXPECT_EQ(delay("5 s"), 5);
  for (const char* bad : {"", "x", "-1", "nan", "inf", "$"}) EXPECT_EQ(delay(bad), -1) << bad;
  EXPECT_EQ(delay("99999"), max_crawl_delay.count());
  EXPECT_EQ(delay(std::string(400, '9')), -1);
  EXPECT_TRUE(parse_robots("user-agent: *\ncrawl-delay: 301", "x").crawl_delay_clamped());
  EXPECT_FALSE(parse_robots("user-agent: *\ncrawl-delay: 300", "x").crawl_delay_clamped());
}

TEST(Robots, CrawlDelayBelongsToItsGroup) {
  constexpr std::string_view text =
      "crawl-delay: 9\nuser-agent: a\ncrawl-delay: 5\ncrawl-delay: 2\nuser-agent: b\ndisallow: /\n"
      "user-agent: *\ncrawl-delay: 1\n";
  EXPECT_EQ(parse_robots(text, "a").crawl_delay()->count(), 5);
  EXPECT_FALSE(parse_robots(text, "b").crawl_delay().has_value());
  EXPECT_EQ(parse_robots(text, "c").crawl_delay()->count(), 1);
  EXPECT_FALSE(parse_robots(text, "a").check("/").allowed) << "it begins no group";
}

TEST(Robots, SitemapsHoldForEveryone) {
  const robots_rules rules = parse_robots(
      "Sitemap: https://h/a.xml\nuser-agent: x\nsite-map: /b.xml # c\nsitemap:\nSITEMAP:c", "y");
  ASSERT_EQ(rules.sitemaps().size(), 3u);
  EXPECT_EQ(rules.sitemaps()[0], "https://h/a.xml");
  EXPECT_EQ(rules.sitemaps()[1], "/b.xml");
  EXPECT_EQ(rules.sitemaps()[2], "c");
}

TEST(Robots, IgnoresWhatLiesBeyondItsLimits) {
  std::string text = "user-agent: *\ndisallow: /a\n";
  while (text.size() < max_robots_size - 10) text += "#\n";
  text += "disallow: /b\ndisallow: /c\n";
  const robots_rules rules = parse_robots(text, "x");
  EXPECT_TRUE(rules.truncated());
  EXPECT_FALSE(rules.check("/a").allowed);
  EXPECT_TRUE(rules.check("/b").allowed) << "its line is cut off";
  EXPECT_TRUE(rules.check("/c").allowed);
  EXPECT_FALSE(parse_robots(text.substr(0, max_robots_size - 20), "x").truncated());

  const std::string line = "disallow: /" + std::string(max_robots_line, 'a');
  const robots_rules cut = parse_robots("user-agent: *\n" + line + "\ndisallow: /b", "x");
  EXPECT_TRUE(cut.truncated());
  EXPECT_EQ(cut.size(), 2u);
  EXPECT_FALSE(cut.check(line.substr(10)).allowed);
}

TEST(Robots, ALineIsNotCutWithinAnEscapeOrACharacter) {
  const std::string_view key = "disallow: ";
  for (const std::string_view tail :
       {"%2Fx", "%2F%2F", "\xe3\x81\x82z", "\xf0\x9f\x95\xb8", "\xc3\xa9", "%E3%81%82", "$$b", "%",
        "%zz", "\x80\x80\x80\x80\x80\x80"}) {
    for (std::size_t behind = 0; behind <= tail.size(); ++behind) {
      const std::string path =
          "/" + std::string(max_robots_line - key.size() - 1 - behind, 'a') + std::string(tail);
      const robots_rules rules =
          parse_robots("user-agent: *\n" + std::string(key) + path + "bcd", "x");
      EXPECT_TRUE(rules.truncated());
      EXPECT_FALSE(rules.check(path + "bcd").allowed) << tail << ' ' << behind;
      EXPECT_FALSE(rules.check(path + "else").allowed) << tail << ' ' << behind;
      EXPECT_TRUE(rules.check(path.substr(0, max_robots_line / 2)).allowed);
    }
  }
}

TEST(Robots, ALineOfEndsAloneIsCutToNothing) {
  const robots_rules rules = parse_robots(
      "user-agent: *\n" + std::string(max_robots_line + 600, '$') + "\ndisallow: /b", "x");
  EXPECT_TRUE(rules.truncated());
  EXPECT_FALSE(rules.check("/b").allowed);
  EXPECT_TRUE(rules.check("/$").allowed);
}

TEST(Robots, AHundredThousandGroupsEnd) {
  std::string text = "user-agent: foobot\ndisallow: /private\n";
  for (int i = 0; i < 100'000; ++i)
    text += "user-agent: a" + std::to_string(i) + "\nallow: /*a*b*c$\n";
  const robots_rules rules = parse_robots(text, "foobot");
  EXPECT_TRUE(rules.truncated());
  EXPECT_EQ(rules.size(), 1u);
  EXPECT_FALSE(rules.check("/private").allowed);
}

TEST(Robots, ProductTokens) {
  EXPECT_EQ(product_token("Orbweaver/1.0 (+https://example.org/bot)"), "Orbweaver");
  EXPECT_EQ(product_token("my-bot_2"), "my-bot_2");
  EXPECT_EQ(product_token("Mozilla/5.0 (compatible; FooBot/2.1; +http://foo.example/bot)"),
            "FooBot");
  EXPECT_EQ(product_token("mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; Compatible;Foo/1)"),
            "Foo");
  EXPECT_EQ(product_token("Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Firefox/125.0"), "Mozilla");
  EXPECT_EQ(product_token("Mozilla/5.0 (compatible;"), "");
  EXPECT_EQ(product_token("FooBot/1.0 (compatible; Other/2)"), "FooBot");
  EXPECT_EQ(product_token("(none)"), "");
  EXPECT_EQ(product_token(""), "");
}

}  // namespace
}  // namespace orbweaver
