#include <gtest/gtest.h>

#include "crawler/sitemap/sitemap_reader.hpp"

namespace orbweaver {
namespace {

sitemap read(std::string_view bytes, std::size_t piece = std::string_view::npos) {
  sitemap_reader reader;
  for (bool more = true; more && !bytes.empty();) {
    more = reader.put(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  return reader.finish();
}

// "loc lastmod" of each entry.
std::vector<std::string> entries(const sitemap& map) {
  std::vector<std::string> out;
  for (const sitemap_entry& e : map.entries)
    out.push_back(e.lastmod.empty() ? e.loc : e.loc + " " + e.lastmod);
  return out;
}
using list = std::vector<std::string>;

constexpr std::string_view urlset = R"(<?xml version="1.0" encoding="UTF-8"?>
<!-- <url><loc>http://h/comment</loc></url> -->
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
  <url>
    <loc> http://h/a?b=1&amp;c=&#50;&#x33;
    </loc>
    <lastmod>2024-05-17T10:00:00+00:00</lastmod>
    <changefreq>daily</changefreq>
    <image:image><image:loc>http://h/a.png</image:loc></image:image>
  </url>
  <url><image:loc>http://h/no</image:loc><loc><![CDATA[http://h/b?x&y]]></loc></url>
  <url><video:video><loc>http://h/no</loc></video:video><loc/></url>
  <url><priority>1</priority></url>
</urlset>
<url><loc>http://h/behind</loc></url>)";

TEST(Sitemap, ReadsAUrlset) {
  const sitemap map = read(urlset);
  EXPECT_EQ(map.kind, sitemap_kind::urlset);
  EXPECT_EQ(entries(map),
            (list{"http://h/a?b=1&c=23 2024-05-17T10:00:00+00:00", "http://h/b?x&y"}));
  EXPECT_FALSE(map.malformed || map.too_large || map.too_many_entries || map.entry_dropped);
}

TEST(Sitemap, ThePiecesItComesInDoNotMatter) {
  for (std::size_t piece = 1; piece < 40; ++piece)
    EXPECT_EQ(entries(read(urlset, piece)), entries(read(urlset))) << piece;
}

TEST(Sitemap, ReadsAnIndexWithPrefixes) {
  const sitemap map = read(
      "\xef\xbb\xbf\n<SM:SitemapIndex xmlns:SM='x'><SM:sitemap><SM:loc>http://h/1.xml</SM:loc>"
      "<SM:lastmod>2024</SM:lastmod></SM:sitemap><sm:sitemap><loc>http://h/no</loc></sm:sitemap>"
      "<sm:sitemap><sm:loc>http://h/2.xml</sm:loc></sm:sitemap></SM:SitemapIndex>");
  EXPECT_EQ(map.kind, sitemap_kind::index);
  EXPECT_EQ(entries(map), (list{"http://h/1.xml 2024", "http://h/2.xml"}));
}

TEST(Sitemap, ReadsPlainText) {
  const sitemap map =
      read("\xef\xbb\xbfhttp://h/a\r\n\r\n# x\n  \nHTTPS://h/b \rftp://h/\nhttp://h/c");
  EXPECT_EQ(map.kind, sitemap_kind::text);
  EXPECT_EQ(entries(map), (list{"http://h/a", "HTTPS://h/b", "http://h/c"}));
}

TEST(Sitemap, ReadsRss) {
  const sitemap map = read(R"(<?xml version="1.0"?><rss version="2.0"><channel>
      <link>http://h/</link><atom:link href="http://h/feed" rel="self"/>
      <item><title>x &lt;link></title><link>http://h/1</link>
        <pubDate>Fri, 17 May 2024 10:00:00 GMT</pubDate><guid>http://h/g1</guid></item>
      <item><guid isPermaLink="true">http://h/g2</guid></item>
      <item><guid isPermaLink='false'>http://h/g3</guid></item>
      <item><guid>tag:x</guid><description><![CDATA[<link>http://h/no</link>]]></description></item>
      </channel></rss>)");
  EXPECT_EQ(map.kind, sitemap_kind::feed);
  EXPECT_EQ(entries(map), (list{"http://h/1 Fri, 17 May 2024 10:00:00 GMT", "http://h/g2"}));
  EXPECT_EQ(entries(read(
                "<rdf:RDF><channel/><item rdf:about='x'><link>http://h/</link></item></rdf:RDF>")),
            list{"http://h/"});
}

TEST(Sitemap, ReadsAtom) {
  const sitemap map = read(R"(<feed xmlns="http://www.w3.org/2005/Atom"><link href="http://h/"/>
      <entry><link rel="edit" href="http://h/e"/><link href = 'http://h/1?a&amp;b' />
        <updated>2024-05-17</updated><published>2023-01-01</published>
        <source><link href="http://h/no"/></source></entry>
      <entry><link type="text/html" rel="alternate" href=http://h/2 ></link></entry>
      <entry><published>2022-02-02</published><link href="http://h/3"/></entry></feed>)");
  EXPECT_EQ(map.kind, sitemap_kind::feed);
  EXPECT_EQ(entries(map),
            (list{"http://h/1?a&b 2024-05-17", "http://h/2", "http://h/3 2022-02-02"}));
}

TEST(Sitemap, ToleratesWhatPeopleWrite) {
  EXPECT_EQ(
      entries(read("<urlset><url><loc>http://h/?a&b&copy;&#0;&#xd800;&;</loc></url></urlset>")),
      list{"http://h/?a&b&copy;&#0;&#xd800;&;"});
  EXPECT_EQ(entries(read("<urlset><url><loc>http://h/1<url><loc>http://h/2</urlset>")),
            (list{"http://h/1", "http://h/2"}))
      << "missing end tags";
  EXPECT_EQ(entries(read("<url><loc>http://h/1</loc></url><url><loc>http://h/2</loc></url>")),
            (list{"http://h/1", "http://h/2"}))
      << "no root";
  EXPECT_EQ(entries(read("<urlset><url><loc>http://h/< 1</loc></url></urlset>")),
            list{"http://h/< 1"});
  EXPECT_EQ(entries(read("<urlset><url><loc>http://h/</loc><loc>http://h/2</loc></url></urlset>")),
            list{"http://h/"});
}

TEST(Sitemap, KnowsWhatIsNone) {
  for (const char* text :
       {"", "   ", "not found", "<", "<!DOCTYPE html><html><url><loc>http://h/</loc>",
        "\xff\xfe<\0", "{\"a\": 1}", "<?xml version='1.0'?>"}) {
    const sitemap map = read(text);
    EXPECT_EQ(map.kind, sitemap_kind::unknown) << text;
    EXPECT_TRUE(map.entries.empty());
  }
  sitemap_reader reader;
  EXPECT_FALSE(reader.put("<html>")) << "nothing further is read";
  EXPECT_EQ(name(sitemap_kind::feed), "feed");
}

TEST(Sitemap, WhatIsCutShortGivesWhatWasFound) {
  const std::string_view whole = "<urlset><url><loc>http://h/1</loc><lastmod>2024</lastmod></url>";
  EXPECT_EQ(entries(read(whole)), list{"http://h/1 2024"});
  EXPECT_TRUE(read(whole).malformed);
  EXPECT_EQ(entries(read(whole.substr(0, whole.find("24<")))), list{"http://h/1"});
  EXPECT_EQ(entries(read(whole.substr(0, whole.find("/1<")))), list{}) << "half a location is none";
}

TEST(Sitemap, ExpandsNoEntitiesAndReadsNoDtd) {
  std::string bomb = "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a0 'http://h/]>'>\n";
  for (int i = 1; i < 20; ++i) {
    const std::string before = "&a" + std::to_string(i - 1) + ";";
    bomb += "<!ENTITY a" + std::to_string(i) + " '" + before + before + before + "'>\n";
  }
  bomb +=
      "<!ENTITY f SYSTEM 'file:///etc/passwd'>]>\n<urlset><url><loc>&a19;&f;</loc></url></urlset>";
  EXPECT_EQ(entries(read(bomb)), list{"&a19;&f;"});
}

TEST(Sitemap, EndsAtItsLimits) {
  std::string many = "<urlset>";
  for (std::size_t i = 0; i < max_sitemap_entries; ++i) many += "<url><loc>x</loc></url>";
  EXPECT_FALSE(read(many + "</urlset>").too_many_entries);
  const sitemap map = read(many + "<url><loc>y</loc></url></urlset>");
  EXPECT_TRUE(map.too_many_entries);
  EXPECT_EQ(map.entries.size(), max_sitemap_entries);

  std::string lines;
  for (std::size_t i = 0; i <= max_sitemap_entries; ++i) lines += "http://h/\n";
  EXPECT_TRUE(read(lines).too_many_entries);

  const std::string longest(max_sitemap_loc, 'a');
  for (const auto& form :
       {list{"<urlset><url><loc>", "</loc></url><url><loc>b</loc></url></urlset>"},
        list{"<feed><entry><link href='", "'/></entry><entry><link href='b'/></entry></feed>"},
        list{"http", "\nhttpb\n"}}) {
    const std::string fill = longest.substr(form[0] == "http" ? 4 : 0);
    EXPECT_FALSE(read(form[0] + fill + form[1]).entry_dropped) << form[0];
    EXPECT_EQ(read(form[0] + fill + form[1]).entries.size(), 2u);
    EXPECT_TRUE(read(form[0] + fill + "a" + form[1]).entry_dropped) << form[0];
    EXPECT_EQ(read(form[0] + fill + "a" + form[1]).entries.size(), 1u);
  }
}

TEST(Sitemap, EndsAtItsSize) {
  const std::string filler = "<!--" + std::string(1 << 20, ' ') + "-->";
  sitemap_reader reader;
  EXPECT_TRUE(reader.put("<urlset><url><loc>http://h/</loc></url>"));
  int pieces = 0;
  while (reader.put(filler)) ++pieces;
  EXPECT_EQ(pieces, 49);
  const sitemap map = reader.finish();
  EXPECT_TRUE(map.too_large);
  EXPECT_EQ(entries(map), list{"http://h/"});
}

TEST(Sitemap, ATagWithoutEndEndsTheScan) {
  const std::string start = "<urlset><url><loc>http://h/</loc><a b='";
  EXPECT_TRUE(read(start + std::string(xml_scanner::max_tag, '<')).malformed);
  EXPECT_EQ(entries(read(start + std::string(1 << 20, '<'), 1000)), list{"http://h/"});
  EXPECT_FALSE(read(start + std::string(1000, '>') + "'/></url></urlset>").malformed);
}

}  // namespace
}  // namespace orbweaver
