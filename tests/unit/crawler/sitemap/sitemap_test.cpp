#include <gtest/gtest.h>

#include "crawler/sitemap/sitemap_reader.hpp"

namespace orbweaver {
namespace {

sitemap read(std::string_view bytes, std::size_t piece = std::string_view::npos,
             std::string_view charset_label = {}) {
  sitemap_reader reader(charset_label);
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

TEST(Sitemap, HonoursQuotesInADtd) {
  const std::string page = "<urlset><url><loc>http://h/</loc></url></urlset>";
  const std::string evil = "]><urlset><url><loc>http://evil/</loc></url></urlset>";
  for (const std::string& dtd :
       {"[<!ENTITY a \"" + evil + "\">]", "[<!ENTITY a '" + evil + "'>]",
        "[<!ENTITY a \"it's\"><!ENTITY b '" + evil + "'>]", "[<!-- it's " + evil + " -->]",
        "[<?x don't " + evil + "?>]", "[<!-- \" --><!ENTITY a '" + evil + "'>]",
        "SYSTEM '" + evil + "'", std::string("[<!ELEMENT loc (#PCDATA)>]")}) {
    const std::string text = "<!DOCTYPE x " + dtd + ">" + page;
    for (const std::size_t piece : {1u, 2u, 3u, 7u, 1000u})
      EXPECT_EQ(entries(read(text, piece)), list{"http://h/"}) << text << piece;
  }
  EXPECT_EQ(entries(read("<!DOCTYPE x [<!ENTITY a \"" + evil + "\">")), list{}) << "no end";
}

TEST(Sitemap, AStrayQuoteSwallowsNothing) {
  for (const std::string tag : {"<url attr=it's>", "<url don't>", "<url \">", "<url a=b' c=\"x\">",
                                "<url a='x''>", "<url a = '>' b=\"'>\">"}) {
    const std::string text =
        "<urlset>" + tag + "<loc>http://h/1</loc></url><url><loc>http://h/2</loc></url></urlset>";
    EXPECT_EQ(entries(read(text)), (list{"http://h/1", "http://h/2"})) << tag;
    EXPECT_EQ(entries(read(text, 1)), (list{"http://h/1", "http://h/2"})) << tag;
  }
}

// UTF-16 of what is ASCII but for the characters of windows-1252 that are those of Unicode.
std::string utf16(std::string_view latin1, bool little) {
  std::string out;
  for (const char c : latin1) {
    if (!little) out += '\0';
    out += c;
    if (little) out += '\0';
  }
  return out;
}

TEST(Sitemap, ReadsOtherEncodings) {
  const std::string body = "<urlset><url><loc>http://h/caf\xe9</loc></url></urlset>";
  const std::string declared = "<?xml version='1.0' encoding='ISO-8859-1'?>" + body;
  const std::string utf16_declared = "<?xml version='1.0' encoding='UTF-16'?>" + body;
  const list want{"http://h/caf\xc3\xa9"};
  struct {
    std::string bytes;
    std::string_view label;
  } const cases[] = {
      {declared, ""},
      {"\n " + declared, ""},
      {body, "iso-8859-1"},
      {declared, "windows-1252"},
      {"\xff\xfe" + utf16(body, true), ""},
      {"\xfe\xff" + utf16(body, false), "utf-8"},
      {utf16(utf16_declared, true), ""},
      {utf16(utf16_declared, false), ""},
      {utf16(body, true), "utf-16"},
      {utf16(body, false), "utf-16be"},
      {"\xef\xbb\xbf<urlset><url><loc>http://h/caf\xc3\xa9</loc></url></urlset>", "latin1"},
      {"<?xml version='1.0' encoding='utf-16'?><url><loc>http://h/caf\xc3\xa9</loc></url>", ""},
      {"<?xml version='1.0' encoding='no such'?><url><loc>http://h/caf\xc3\xa9</loc></url>", ""},
      {"<?xml encoding='latin1'?><url><loc>http://h/caf\xc3\xa9</loc></url>", "utf-8"},
      {"\xff\xfe" + utf16("http://h/caf\xe9\r\n", true), ""},
      {"http://h/caf\xe9\n", "latin1"},
  };
  for (const auto& c : cases)
    for (const std::size_t piece : {1u, 2u, 3u, 100u, 100'000u})
      EXPECT_EQ(entries(read(c.bytes, piece, c.label)), want) << c.bytes << ' ' << piece;
  EXPECT_EQ(entries(read(body)), list{"http://h/caf\xe9"}) << "UTF-8, unless something is said";
}

// Slices are cut between characters.
TEST(Sitemap, ReadsLongFilesInOtherEncodings) {
  constexpr std::size_t number = 20'000;
  std::string shift_jis = "<?xml version='1.0' encoding='Shift_JIS'?><urlset>", latin1;
  for (std::size_t i = 0; i < number; ++i) {
    const std::string before = "<url><loc>http://h/" + std::to_string(i) + '/';
    shift_jis += before + "\x83\x5c\x95\x5c</loc></url>";
    latin1 += "http://h/" + std::to_string(i) + "/\xe9\n";
  }
  const auto check = [&](const list& found, const std::string& tail) {
    ASSERT_EQ(found.size(), number);
    for (std::size_t i = 0; i < number; ++i)
      ASSERT_EQ(found[i], "http://h/" + std::to_string(i) + '/' + tail);
  };
  for (const std::size_t piece : {std::size_t{777}, std::string::npos}) {
    check(entries(read(shift_jis + "</urlset>", piece)), "\xe3\x82\xbd\xe8\xa1\xa8");
    check(entries(read("\xff\xfe" + utf16(latin1, true), piece)), "\xc3\xa9");
    check(entries(read(utf16(latin1, false), piece, "utf-16be")), "\xc3\xa9");
  }
}

TEST(Sitemap, CharactersLieAcrossSlices) {
  // U+1F578 in UTF-16LE, from an odd place on, so that each slice ends within one.
  std::string wide = utf16("http://h/", true);
  std::string want = "http://h/";
  while (wide.size() < 2 * max_sitemap_loc) {
    wide += "\x3d\xd8\x78\xdd";
    want += "\xf0\x9f\x95\xb8";
    if (want.size() + 4 > max_sitemap_loc) break;
  }
  std::string text;
  list all;
  for (int i = 0; i < 20; ++i) {
    text += wide + utf16("\n", true);
    all.push_back(want);
  }
  EXPECT_EQ(entries(read(text, std::string::npos, "utf-16le")), all);
  EXPECT_EQ(entries(read(text, 1001, "utf-16le")), all);
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

TEST(Sitemap, TheLimitOfADateIsKept) {
  const auto dated = [](std::size_t size) {
    return "<urlset><url><loc>http://h/</loc><lastmod>" + std::string(size, '2') +
           "</lastmod></url></urlset>";
  };
  EXPECT_EQ(entries(read(dated(128))), list{"http://h/ " + std::string(128, '2')});
  EXPECT_EQ(entries(read(dated(129))), list{"http://h/"}) << "the page counts all the same";
  EXPECT_EQ(entries(read(dated(max_sitemap_loc + 1))), list{"http://h/"});
  EXPECT_FALSE(read(dated(max_sitemap_loc + 1)).entry_dropped);
  EXPECT_EQ(entries(read("<feed><entry><link href='http://h/'/><published>" +
                         std::string(129, '2') + "</published></entry></feed>")),
            list{"http://h/"});
}

TEST(Sitemap, DropsAUrlThatItsSizeCutsInTwo) {
  std::string lines = "http://h/whole\n";
  while (lines.size() < max_sitemap_bytes - 100) lines += std::string(80, '#') + '\n';
  const std::string pad(max_sitemap_bytes - lines.size() - 10, '#');
  const std::string cut = lines + pad + "\nhttp://h/a";  // two bytes too many
  EXPECT_TRUE(read(cut).too_large);
  EXPECT_EQ(entries(read(cut)), list{"http://h/whole"});
  EXPECT_EQ(entries(read(cut, 1 << 20)), list{"http://h/whole"});
  const sitemap fits = read(cut.substr(0, max_sitemap_bytes));
  EXPECT_FALSE(fits.too_large);
  EXPECT_EQ(entries(fits), (list{"http://h/whole", "http://h/"}));
}

TEST(Sitemap, ATagWithoutEndEndsTheScan) {
  const std::string start = "<urlset><url><loc>http://h/</loc><a b='";
  EXPECT_TRUE(read(start + std::string(xml_scanner::max_tag, '<')).malformed);
  EXPECT_EQ(entries(read(start + std::string(1 << 20, '<'), 1000)), list{"http://h/"});
  EXPECT_FALSE(read(start + std::string(1000, '>') + "'/></url></urlset>").malformed);
}

}  // namespace
}  // namespace orbweaver
