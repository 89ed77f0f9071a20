#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "crawler/sitemap/sitemap.hpp"
#include "server/commands/inspect.hpp"

namespace orbweaver {
namespace {

std::string answer(std::string_view xml) {
  std::string out;
  EXPECT_TRUE(inspect_sitemap(nlohmann::json{{"xml", xml}}.dump(), out)) << out;
  return out;
}

TEST(InspectSitemap, AnswersKindAndEntries) {
  EXPECT_EQ(answer("<urlset><url><loc>https://h/?a&amp;b</loc><lastmod>2024-01-02</lastmod></url>"
                   "<url><loc>\"</loc></url></urlset>"),
            R"({"kind":"urlset","entries":[{"loc":"https://h/?a&b","lastmod":"2024-01-02"},)"
            R"({"loc":"\"","lastmod":null}]})");
  EXPECT_EQ(answer("<sitemapindex><sitemap><loc>x</loc></sitemap></sitemapindex>"),
            R"({"kind":"index","entries":[{"loc":"x","lastmod":null}]})");
  EXPECT_EQ(answer("http://h/\n"),
            R"({"kind":"text","entries":[{"loc":"http://h/","lastmod":null}]})");
  EXPECT_EQ(answer("<rss><channel><item><link>x</link></item></channel></rss>"),
            R"({"kind":"feed","entries":[{"loc":"x","lastmod":null}]})");
  EXPECT_EQ(answer("<html>"), R"({"kind":"unknown","entries":[]})");
  EXPECT_EQ(answer(""), R"({"kind":"unknown","entries":[]})");
}

TEST(InspectSitemap, AnswersWhatIsNotWhole) {
  using testing::EndsWith;
  const std::string one = "<url><loc>x</loc></url>";
  EXPECT_THAT(answer("<urlset>" + one), EndsWith(R"("lastmod":null}],"malformed":true})"));
  EXPECT_THAT(answer("<urlset><url><loc>" + std::string(max_sitemap_loc + 1, 'a') +
                     "</loc></url></urlset>"),
              EndsWith(R"("entries":[],"entryDropped":true})"));
  std::string many = "<urlset>";
  for (std::size_t i = 0; i <= max_sitemap_entries; ++i) many += one;
  EXPECT_THAT(answer(many), EndsWith(R"(],"tooManyEntries":true})"));
  EXPECT_THAT(answer("http://h/\n" + std::string(max_sitemap_bytes, ' ')),
              EndsWith(R"("lastmod":null}],"tooLarge":true})"));
}

TEST(InspectSitemap, TakesWhatStandsInJsonAsDecoded) {
  EXPECT_EQ(
      answer("<?xml version='1.0' encoding='ISO-8859-1'?><url><loc>http://h/caf\xc3\xa9"
             "</loc></url>"),
      "{\"kind\":\"urlset\",\"entries\":[{\"loc\":\"http://h/caf\xc3\xa9\",\"lastmod\":null}],"
      "\"malformed\":true}");
  EXPECT_THAT(explain_sitemap("<?xml version='1.0' encoding='ISO-8859-1'?><urlset><url><loc>"
                              "http://h/caf\xe9</loc></url></urlset>")
                  .text,
              testing::EndsWith("http://h/caf\xc3\xa9\n"));
}

TEST(InspectSitemap, AnswersWhatIsNoInputByAnError) {
  std::string out;
  EXPECT_FALSE(inspect_sitemap("{}", out));
  EXPECT_EQ(out, R"({"error":"\"xml\" is missing."})");
}

TEST(InspectSitemap, ListsTheEntriesForPeople) {
  const explanation e = explain_sitemap(
      "<urlset><url><loc>https://h/</loc><lastmod>2024</lastmod></url><url><loc>b\x1b</loc></url>"
      "</urlset>");
  EXPECT_TRUE(e.good);
  EXPECT_EQ(e.text,
            "kind         urlset\n"
            "entries      2\n"
            "\n"
            "https://h/  2024\n"
            "b\xef\xbf\xbd\n");
}

TEST(InspectSitemap, SaysWhatIsNotWhole) {
  const explanation cut = explain_sitemap("<urlset><url><loc>x</loc></url>");
  EXPECT_FALSE(cut.good);
  EXPECT_EQ(cut.text,
            "kind         urlset\n"
            "entries      1\n"
            "note         it is broken or cut short\n"
            "\n"
            "x\n");
  EXPECT_FALSE(explain_sitemap("<html></html>").good);
  const std::string loc(max_sitemap_loc + 1, 'a');
  EXPECT_THAT(explain_sitemap("<urlset><url><loc>" + loc + "</loc></url></urlset>").text,
              testing::HasSubstr("note         a location is too long and left out\n"));
}

}  // namespace
}  // namespace orbweaver
