#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "crawler/parse/page_links.hpp"
#include "server/commands/inspect.hpp"

namespace orbweaver {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const std::string page = R"(<html lang=en><title> A  "title"
</title><base href=/b/><link rel=canonical href=c><meta name=robots content="NoIndex, noarchive">
<meta name=foobot content=nosnippet><meta name=author content=x><meta name=author content=y>
<a href=1 rel="nofollow  ugc">One <b>link</b></a><a href="http://[">none</a>
<img src=i.png alt=I><a href="mailto:x">mail</a><a href="">self</a>)";

std::string answer(const json& line) {
  std::string out;
  EXPECT_TRUE(inspect_links(line.dump(), out)) << out;
  return out;
}
std::string error(std::string_view line) {
  std::string out;
  EXPECT_FALSE(inspect_links(line, out)) << out;
  return out;
}

TEST(InspectLinks, AnswersThePageInFull) {
  EXPECT_EQ(json::parse(answer({{"base", "https://h/a/"}, {"html", page}})),
            json::parse(R"({"title": "A \"title\"", "language": "en", "canonical": "https://h/b/c",
        "robots": ["noindex", "noarchive"],
        "metadata": {"robots": "NoIndex, noarchive", "foobot": "nosnippet", "author": ["x", "y"]},
        "links": [
          {"url": "https://h/b/c", "text": "", "rel": "canonical", "element": "link"},
          {"url": "https://h/b/1", "text": "One link", "rel": "nofollow  ugc", "element": "a"},
          {"url": "http://[", "text": "none", "rel": "", "element": "a",
           "error": "The host in brackets is no IPv6 address."},
          {"url": "https://h/b/i.png", "text": "I", "rel": "", "element": "img"},
          {"url": "mailto:x", "text": "mail", "rel": "", "element": "a"},
          {"url": "https://h/b/", "text": "self", "rel": "", "element": "a"}]})"));
}

TEST(InspectLinks, AnswersNullForWhatThereIsNot) {
  const std::string nothing =
      R"({"title":null,"language":null,"canonical":null,"robots":[],"metadata":{},"links":[]})";
  EXPECT_EQ(answer({{"base", "https://h/"}, {"html", ""}}), nothing);
  // What one line left behind does not show in the next.
  answer({{"base", "https://h/"}, {"html", page}});
  EXPECT_EQ(answer({{"base", "https://h/"}, {"html", "<p>"}}), nothing);
  EXPECT_THAT(answer({{"base", "https://h/"}, {"html", "<link rel=canonical href='http://['>"}}),
              HasSubstr(R"("canonical":null)"));
}

TEST(InspectLinks, HearsDirectivesForTheAgentToo) {
  EXPECT_THAT(answer({{"base", "https://h/"}, {"html", page}, {"agent", "FooBot/1.0"}}),
              HasSubstr(R"("robots":["noindex","noarchive","nosnippet"])"));
}

TEST(InspectLinks, AnswersWhatIsNoInputByAnError) {
  EXPECT_EQ(error(R"({"base":"http://h/"})"), R"({"error":"\"html\" is missing."})");
  EXPECT_EQ(error(R"({"html":""})"), R"({"error":"\"base\" is missing."})");
  EXPECT_EQ(error(R"({"html":"","base":"/"})"),
            R"({"error":"\"base\": The URL is relative and there is no base to resolve it."})");
}

TEST(InspectLinks, ListsThemForPeople) {
  const explanation e = explain_links(page, "https://h/a/", "");
  EXPECT_TRUE(e.good);
  EXPECT_EQ(e.text,
            "charset      UTF-8 (default)\n"
            "title        A \"title\"\n"
            "language     en\n"
            "canonical    https://h/b/c\n"
            "robots       noindex, noarchive\n"
            "base         https://h/b/\n"
            "meta         robots: NoIndex, noarchive\n"
            "meta         foobot: nosnippet\n"
            "meta         author: x\n"
            "meta         author: y\n"
            "\n"
            "6 links, of which a crawl may follow 1\n"
            "link         https://h/b/c  [canonical]\n"
            "a            https://h/b/1  \"One link\"  [nofollow  ugc]\n"
            "a            http://[  \"none\"  (The host in brackets is no IPv6 address.)\n"
            "img          https://h/b/i.png  \"I\"\n"
            "a            mailto:x  \"mail\"\n"
            "a            https://h/b/  \"self\"\n");
  EXPECT_THAT(explain_links("<meta name=robots content=nofollow><a href=x>", "http://h/", "").text,
              HasSubstr("1 links, of which a crawl may follow 0\n"));
  EXPECT_FALSE(explain_links("", "x", "").good);
}

std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

TEST(InspectLinks, SaysWhatALimitCut) {
  const auto limits = [](const std::string& html) {
    const json out = json::parse(answer({{"base", "https://h/"}, {"html", html}}));
    return out.value("limitsReached", json());
  };
  const auto told = [](const std::string& html) {
    return explain_links(html, "https://h/", "").text;
  };
  EXPECT_EQ(limits(page), json());
  EXPECT_THAT(told(page), testing::Not(HasSubstr("limit ")));

  const std::string many = repeat("<a href=x>", max_page_links + 1);
  EXPECT_EQ(limits(many), json({"links"}));
  EXPECT_THAT(told(many), HasSubstr("\nlimit        The page has more links than are kept.\n\n"
                                    "50000 links, of which"));
  const std::string long_url = "<a href=" + std::string(max_url_attribute_bytes + 1, 'x') + ">";
  EXPECT_EQ(limits(long_url), json({"urls"}));
  EXPECT_THAT(told(long_url), HasSubstr("limit        The page has a URL too long to be kept.\n"));
  const std::string long_title = "<title>" + std::string(max_title_bytes + 1, 'x');
  EXPECT_EQ(limits(long_title), json({"values"}));
  EXPECT_THAT(told(long_title), HasSubstr("limit        A title, text or other value was cut.\n"));
  const std::string metas = repeat("<meta name=a content=b>", max_metadata_entries + 1);
  EXPECT_EQ(limits(metas), json({"metadata"}));
  EXPECT_THAT(told(metas), HasSubstr("limit        The page has more metadata than is kept.\n"));
  const std::string nested = repeat("<svg><desc>", 100);
  EXPECT_EQ(limits(nested), json({"nesting"}));
  EXPECT_THAT(told(nested), HasSubstr("limit        SVG or MathML is nested"));
}

TEST(InspectLinks, SaysThatLinksAreLeftOutForTheirSumOfBytes) {
  const std::string base = "https://h/" + std::string(1 << 20, 'a') + "/";
  const std::string html = repeat("<img src=x>", (max_resolved_link_bytes >> 20) + 1);
  EXPECT_THAT(explain_links(html, base, "").text,
              HasSubstr("limit        The page has more links than are kept.\n"));
  EXPECT_EQ(json::parse(answer({{"base", base}, {"html", html}})).at("limitsReached"),
            json({"links"}));
}

TEST(InspectLinks, ReadsFilesInTheirCharset) {
  EXPECT_THAT(explain_links("<meta charset=latin1><title>\xe9</title>", "http://h/", "").text,
              testing::StartsWith("charset      windows-1252 (meta)\ntitle        \xc3\xa9\n"));
}

}  // namespace
}  // namespace orbweaver
