#include "crawler/parse/page_scan.hpp"

#include <gmock/gmock.h>
#include <string>
#include <vector>

namespace orbweaver {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using strings = std::vector<std::string>;

page_scan scan(std::string_view html, const scan_options& options = {}) {
  page_scan out;
  scan_page(html, options, out);
  return out;
}

// "element:url" of every link.
strings links(std::string_view html, const scan_options& options = {}) {
  strings out;
  const page_scan page = scan(html, options);
  for (const auto& link : page.links)
    out.push_back(std::string(name(link.element)) + ":" + std::string(link.url));
  return out;
}

strings texts(std::string_view html) {
  strings out;
  const page_scan page = scan(html);
  for (const auto& link : page.links) out.emplace_back(link.text);
  return out;
}

TEST(page_scan, finds_every_kind_of_link_in_document_order) {
  EXPECT_THAT(
      links("<a href=1><area href=2><link href=3><iframe src=4></iframe><frame src=5>"
            "<img src=6><script src=7></script><source src=8><video src=9 poster=10>"
            "<audio src=11><form action=12><meta http-equiv=refresh content='0;url=13'>"),
      ElementsAre("a:1", "area:2", "link:3", "iframe:4", "frame:5", "img:6", "script:7", "source:8",
                  "video:9", "video:10", "audio:11", "form:12", "meta refresh:13"));
}

TEST(page_scan, followed_only_leaves_out_the_rest) {
  EXPECT_THAT(links("<title>t</title><a href=1>text</a><area href=2><link href=3><iframe src=4>"
                    "</iframe><frame src=5><img src=6 srcset=x><script src=7></script>"
                    "<form action=12></form><meta http-equiv=refresh content='0;url=13'>",
                    {.followed_only = true}),
              ElementsAre("a:1", "area:2", "iframe:4", "frame:5", "meta refresh:13"));
}

TEST(page_scan, followed_only_still_knows_base_and_robots) {
  const auto page = scan("<base href=/b/><meta name=robots content=nofollow><title>x</title>",
                         {.followed_only = true});
  EXPECT_EQ(page.base_href, "/b/");
  EXPECT_TRUE(page.robots.nofollow);
  EXPECT_EQ(page.title, "");
}

TEST(page_scan, attribute_forms) {
  EXPECT_THAT(
      links("<a href=\"dq\"><a href='sq'><a href=uq><A HREF=\"upper\"><a\thref\n=\r\n'ws'>"
            "<a/href=slash/><a x=1 href='second'><a href='first' href='later'>"
            "<a b='>' href=gt><a href=a=b&c=\"d><a hreflang=de nohref>"
            "<a href><a href=''><a class=\"c\"href=\"glued\"><a =href=x href=after-equals>"),
      ElementsAre("a:dq", "a:sq", "a:uq", "a:upper", "a:ws", "a:slash/", "a:second", "a:first",
                  "a:gt", "a:a=b&c=\"d", "a:", "a:", "a:glued", "a:after-equals"));
}

TEST(page_scan, urls_are_decoded_and_trimmed_but_keep_inner_white_space) {
  EXPECT_THAT(links("<a href=' \n/a&amp;b&#x2F;c\td '>"), ElementsAre("a:/a&b/c\td"));
  // A reference without semicolon, before '=' or a letter, is none in an attribute.
  EXPECT_THAT(links("<a href='?a=1&copy=2&reg3&copy;&copy'>"),
              ElementsAre("a:?a=1&copy=2&reg3\u00A9\u00A9"));
  EXPECT_THAT(links(std::string_view("<a href='a\0b'>", 14)), ElementsAre("a:a\uFFFDb"));
}

TEST(page_scan, comments_in_every_form) {
  EXPECT_THAT(links("<!-- <a href=no> --><a href=1>"), ElementsAre("a:1"));
  EXPECT_THAT(links("<!--><a href=1>-->"), ElementsAre("a:1"));
  EXPECT_THAT(links("<!---><a href=1>-->"), ElementsAre("a:1"));
  EXPECT_THAT(links("<!----><a href=1>"), ElementsAre("a:1"));
  EXPECT_THAT(links("<!-- --!><a href=1>-->"), ElementsAre("a:1"));
  EXPECT_THAT(links("<!--!><a href=no>--><a href=1>"), ElementsAre("a:1"));
  EXPECT_THAT(links("<!-- <!-- <a href=no> --><a href=1> -->"), ElementsAre("a:1"));
  EXPECT_THAT(links("<!-- > -> -- > <a href=no> "), IsEmpty());
  EXPECT_THAT(links("<!<a href=no><a href=1>"), ElementsAre("a:1"));
  EXPECT_THAT(links("<?php <a href=no><a href=1>?>"), ElementsAre("a:1"));
  EXPECT_THAT(links("</ <a href=no><a href=1>"), ElementsAre("a:1"));
  EXPECT_THAT(links("</><a href=1>"), ElementsAre("a:1"));
  EXPECT_THAT(links("<!DOCTYPE html PUBLIC '<a href=no>'><a href=1>"), ElementsAre("a:1"));
}

TEST(page_scan, cdata_exists_only_in_foreign_content) {
  EXPECT_THAT(links("<![CDATA[<a href=no> <a href=1>]]>"), ElementsAre("a:1"));
  EXPECT_THAT(links("<svg><![CDATA[<a href=no> <a href=no>]]></svg><a href=1>"),
              ElementsAre("a:1"));
  EXPECT_THAT(links("<svg><foreignObject><![CDATA[<a href=no> <a href=1>]]>"), ElementsAre("a:1"));
}

TEST(page_scan, raw_text_hides_tags) {
  for (const std::string tag :
       {"script", "style", "xmp", "iframe", "noembed", "noframes", "title", "textarea", "STYLE"}) {
    const std::string html =
        "<" + tag + "><a href=no></" + tag + "x><a href=no></" + tag + " x='>'><a href=1>";
    EXPECT_THAT(links(html), ElementsAre("a:1")) << tag;
  }
  EXPECT_THAT(links("<plaintext><a href=no></plaintext><a href=no>"), IsEmpty());
  EXPECT_THAT(links("<noscript><a href=1></noscript>"), ElementsAre("a:1"));
  EXPECT_THAT(links("<style><a href=no>"), IsEmpty());
}

TEST(page_scan, scripts_with_escapes) {
  EXPECT_THAT(links("<script>'<a href=no>'</script><a href=1>"), ElementsAre("a:1"));
  EXPECT_THAT(links("<script><!-- <script> </script> <a href=no> --></script><a href=1>"),
              ElementsAre("a:1"));
  EXPECT_THAT(links("<script><!-- <a href=no></script><a href=1>"), ElementsAre("a:1"));
  EXPECT_THAT(links("<script><!--><script></script><a href=1>"), ElementsAre("a:1"));
  EXPECT_THAT(links("<script><!-- <script> --></script><a href=1>"), ElementsAre("a:1"));
  EXPECT_THAT(links("<script><!-- <scripty></script><a href=1>"), ElementsAre("a:1"));
}

TEST(page_scan, foreign_content_has_no_raw_text) {
  EXPECT_THAT(links("<svg><script/><style/><title/></svg><a href=1>"), ElementsAre("a:1"));
  EXPECT_THAT(links("<svg><style><a href=1></style></svg>"), ElementsAre("a:1"));
  EXPECT_THAT(links("<svg/><style><a href=no></style>"), IsEmpty());
  EXPECT_THAT(links("<svg><desc><style><a href=no></style></desc></svg>"), IsEmpty());
  EXPECT_THAT(links("<svg><p><style><a href=no></style>"), IsEmpty());
  EXPECT_THAT(links("<div><svg></div><style><a href=no></style>"), IsEmpty());
  EXPECT_THAT(links("<math><mi><style><a href=no></style></mi><style><a href=2>"), IsEmpty());
  EXPECT_THAT(links("<svg><a xlink:href=1><text>t</text></a><a href=2 xlink:href=3></svg>"),
              ElementsAre("a:1", "a:2"));
  EXPECT_THAT(links("<svg><font><style><a href=1></style></font></svg>"), ElementsAre("a:1"));
  EXPECT_THAT(links("<svg><font color=red><style><a href=no></style>"), IsEmpty());
  EXPECT_EQ(scan("<svg><title>icon</title></svg><title>page</title>").title, "page");
}

TEST(page_scan, foreign_content_ends_where_it_ends) {
  for (const std::string stray : {"title", "desc", "foreignObject", "mi", "annotation-xml"}) {
    const std::string html = "<svg></" + stray + "><style><a href=1></style></svg><a href=2>";
    EXPECT_THAT(links(html), ElementsAre("a:1", "a:2")) << stray;
  }
  EXPECT_THAT(links("<button><svg></button><style><a href=no></style>"), IsEmpty());
  EXPECT_THAT(links("<svg><math><a href=1></math><style><a href=2></style></svg>"),
              ElementsAre("a:1", "a:2"));
  EXPECT_THAT(links("<svg><math></svg><style><a href=no></style>"), IsEmpty());
  EXPECT_THAT(links("<math><a href=no></math><a href=1>"), ElementsAre("a:1"));
  EXPECT_THAT(links("<template><svg></template><a href=1>"), ElementsAre("a:1"));
  EXPECT_THAT(links("<svg></template><style><a href=1></style>"), ElementsAre("a:1"));
}

TEST(page_scan, foreign_nesting_beyond_the_limit_does_no_harm) {
  std::string html;
  for (int i = 0; i < 1000; ++i) html += "<svg><desc>";
  EXPECT_THAT(links(html + "<a href=1>"), ElementsAre("a:1"));
}

TEST(page_scan, templates_are_inert) {
  EXPECT_THAT(links("<template><a href=no><template></template><img src=no></template><a href=1>"),
              ElementsAre("a:1"));
  EXPECT_THAT(links("<template shadowrootmode=open><a href=1></template>"), ElementsAre("a:1"));
  EXPECT_THAT(links("<template shadowrootmode=CLOSED><a href=1></template>"), ElementsAre("a:1"));
  for (const std::string mode : {"foo", "''", "'open '"})
    EXPECT_THAT(links("<template shadowrootmode=" + mode + "><a href=no></template>"), IsEmpty())
        << mode;
  EXPECT_EQ(scan("<template><base href=no><title>no</title></template><base href=1>").base_href,
            "1");
}

TEST(page_scan, self_closed_elements_are_whole_in_xml_only) {
  for (const std::string tag : {"script", "style", "title", "iframe", "textarea", "noframes", "xmp",
                                "plaintext", "template", "dialog", "object", "p hidden='hidden'"}) {
    const std::string html = "<" + tag + "/><p>text <a href='1'>link</a></p>";
    const auto page = scan(html, {.visible_text = true, .xml = true});
    ASSERT_EQ(page.links.size(), 1U) << tag;
    EXPECT_EQ(page.links[0].text, "link") << tag;
    EXPECT_EQ(page.text, "text link") << tag;
    EXPECT_EQ(page.title, "") << tag;
    EXPECT_THAT(links(html, {.followed_only = true, .xml = true}), ElementsAre("a:1")) << tag;
  }
  EXPECT_THAT(links("<script src='s'/><a href='no'>", {}), ElementsAre("script:s"));
  EXPECT_THAT(links("<script src='s'/><a href='1'/>", {.xml = true}),
              ElementsAre("script:s", "a:1"));
  const auto page = scan("<a href='1'/>no<br/>text<svg/><td/><script type='application/ld+json'/>",
                         {.visible_text = true, .xml = true});
  EXPECT_EQ(page.links.at(0).text, "");
  EXPECT_EQ(page.text, "no\ntext");
  EXPECT_THAT(page.json_ld, IsEmpty());
  EXPECT_THAT(
      links("<svg><desc><svg/><style/></desc><style><a href='1'/></style></svg>", {.xml = true}),
      ElementsAre("a:1"));
}

TEST(page_scan, raw_text_is_text_in_xml) {
  const auto found = [](std::string_view html) { return links(html, {.xml = true}); };
  EXPECT_THAT(found("<script><![CDATA[ '</script><a href=\"no\">' <!-- <script> ]]></script>"
                    "<a href='1'/>"),
              ElementsAre("a:1"));
  EXPECT_THAT(found("<style>/*<![CDATA[*/ </style> /*]]>*/</style><a href='1'/>"),
              ElementsAre("a:1"));
  EXPECT_THAT(found("<script><!-- </script> <script> --></script><a href='1'/>"),
              ElementsAre("a:1"));
  EXPECT_THAT(found("<script>if (a < b) '<a href=no>'</script><a href='1'/>"), ElementsAre("a:1"));
  EXPECT_THAT(found("<script><![CDATA[ </script><a href='no'/>"), IsEmpty());
  EXPECT_THAT(found("<p><![CDATA[<a href='no'/>]]></p><a href='1'/>"), ElementsAre("a:1"));
  EXPECT_THAT(found("<xmp><a href='1'/></xmp><plaintext><a href='2'/></plaintext>"),
              ElementsAre("a:1", "a:2"));
  EXPECT_THAT(found("<template shadowrootmode='open'><a href='no'/></template>"), IsEmpty());
  const auto page = scan(
      "<title>A &amp; B<!-- no -->\n<![CDATA[ <b> &amp;]]></title>"
      "<script type='application/ld+json'><![CDATA[{\"a\": \"&lt;\"}]]></script>"
      "<script type='application/ld+json'>\"&lt;\"</script><p>&lt;<![CDATA[<x>&lt;]]></p>",
      {.visible_text = true, .xml = true});
  EXPECT_EQ(page.title, "A & B <b> &amp;");
  EXPECT_THAT(page.json_ld, ElementsAre("{\"a\": \"&lt;\"}", "\"<\""));
  EXPECT_EQ(page.text, "<<x>&lt;");
}

TEST(page_scan, tags_cut_off_by_the_end_do_not_count) {
  const std::string html = "<p><a href=\"/x\" rel=nofollow>";
  for (std::size_t n = 0; n < html.size(); ++n)
    EXPECT_THAT(links(html.substr(0, n)), IsEmpty()) << html.substr(0, n);
  EXPECT_THAT(links(html), ElementsAre("a:/x"));
  EXPECT_THAT(links("<"), IsEmpty());
  EXPECT_THAT(links("</"), IsEmpty());
  EXPECT_THAT(links(""), IsEmpty());
}

TEST(page_scan, names_with_a_nul_are_other_names) {
  EXPECT_THAT(links(std::string_view("<a\0 href=1><a href\0=2><a href=3>", 33)),
              ElementsAre("a:3"));
}

TEST(page_scan, anchor_text) {
  EXPECT_THAT(texts("<a href=1> one  two\n<b>thr</b>ee &amp;&#32;&nbsp;x </a>no"),
              ElementsAre("one two three & \u00A0x"));
  EXPECT_THAT(texts("<a href=1>plain text</a>"), ElementsAre("plain text"));
  EXPECT_THAT(texts("<a href=1>first<a href=2>second<a name=x>none</a>"),
              ElementsAre("first", "second"));
  EXPECT_THAT(texts("<a href=1>a<script>no</script><style>no</style><!-- no -->b"),
              ElementsAre("ab"));
  EXPECT_THAT(texts("<td><a href=1>in<td>out</a>"), ElementsAre("in"));
  EXPECT_THAT(texts("<a href=1>in <table><tr><td>too</td></tr></table> also</a>"),
              ElementsAre("in too also"));
  EXPECT_THAT(texts("<area href=1 alt=' A  b'><img src=2 alt=c>"), ElementsAre("A  b", "c"));
}

TEST(page_scan, anchor_text_of_different_blocks_is_kept_apart) {
  const std::string_view html =
      "<a href=1><h3>Title</h3><p>Desc</p></a><a href=2>x<br>y</a><a href=3>x<BR/>y<hr>z</a>"
      "<a href=4><div>a</div>b<div>c</div></a><a href=5> <p> a <p> &amp;b </p> </a>"
      "<a href=6><table><tr><td>a</td><td>b</td></tr><tr><th>c<th>d</table></a>"
      "<a href=7><ul><li>a<li>b</ul></a><a href=8><section>a</section><my-x>b</my-x></a>"
      "<a href=9>a<b>b</b><span>c</span><img src=10><wbr>d<input></a>"
      "<a href=11><div></div></a><a href=12>after</a>";
  for (const bool visible : {false, true}) {
    strings found;
    const page_scan page = scan(html, {.visible_text = visible});
    for (const auto& link : page.links) found.emplace_back(link.text);
    EXPECT_THAT(found, ElementsAre("Title Desc", "x y", "x y z", "a b c", "a &b", "a b c d", "a b",
                                   "a b", "abcd", "", "", "after"));
  }
}

TEST(page_scan, anchors_in_drawings) {
  EXPECT_THAT(texts("<svg><a href='1'/>no</svg><svg><a href=2><text>yes</text></a>no</svg>"),
              ElementsAre("", "yes"));
}

TEST(page_scan, link_text_can_be_left_out) {
  EXPECT_EQ(scan("<a href=1>text</a>", {.link_text = false}).links.at(0).text, "");
}

TEST(page_scan, rel_and_nofollow) {
  const auto page = scan("<a href=1 rel='noopener NoFollow'><a href=2 rel=nofollower><a href=3>");
  EXPECT_EQ(page.links.at(0).rel, "noopener NoFollow");
  EXPECT_TRUE(page.links.at(0).nofollow);
  EXPECT_FALSE(page.links.at(1).nofollow);
  EXPECT_EQ(page.links.at(2).rel, "");
}

TEST(page_scan, nofollow_may_stand_between_commas) {
  for (const std::string rel : {"ugc,nofollow", "NOFOLLOW,ugc", "ugc, nofollow", ",,nofollow",
                                "a b,nofollow,c", "x ,nofollow"})
    EXPECT_TRUE(scan("<a href=1 rel='" + rel + "'>").links.at(0).nofollow) << rel;
  for (const std::string rel : {"", ",", "no,follow", "ugc,nofollower", "ugc;nofollow"})
    EXPECT_FALSE(scan("<a href=1 rel='" + rel + "'>").links.at(0).nofollow) << rel;
  // The other keywords are those of HTML.
  const auto page =
      scan("<link rel='x,canonical' href=c><link rel=alternate,x hreflang=de href=d>");
  EXPECT_EQ(page.canonical, "");
  EXPECT_THAT(page.alternates, IsEmpty());
}

TEST(page_scan, forms_only_with_get) {
  EXPECT_THAT(links("<form action=1><form method=GET action=2><form method=post action=3>"
                    "<form method=Dialog action=4><form method=what action=5><form>"),
              ElementsAre("form:1", "form:2", "form:5"));
}

TEST(page_scan, srcset_and_image) {
  EXPECT_THAT(links("<img src=a srcset='b 1x, c 2x'><source srcset='d, e 100w'><image src=f>"),
              ElementsAre("img:a", "img:b", "img:c", "source:d", "source:e", "img:f"));
}

TEST(page_scan, only_the_first_valid_refresh_counts) {
  EXPECT_THAT(links("<meta http-equiv=refresh content='x;url=0'>"
                    "<meta http-equiv=Refresh content='5; URL=\"1\"'>"
                    "<meta http-equiv=refresh content='0;2'>"),
              ElementsAre("meta refresh:1"));
  EXPECT_THAT(links("<meta http-equiv=refresh content=300>"), IsEmpty());
}

TEST(page_scan, base_is_the_first_with_href) {
  EXPECT_EQ(scan("<base target=x><base href=' a '><base href=b>").base_href, "a");
}

TEST(page_scan, metadata) {
  const auto page = scan(
      "<html lang=de><title> A &amp;\n B </title><link rel='x CANONICAL' href=/c>"
      "<link rel=alternate hreflang=fr href=/fr><meta name=Description content=' d&lt; '>"
      "<meta property=og:title content=og><meta name=twitter:card property=og:x content=both>"
      "<meta name=empty><meta name='' content=x>"
      "<script type='application/ld+json'> {\"a\":\"</p>\"} </script>"
      "<title>second</title><link rel=canonical href=/d>");
  EXPECT_EQ(page.title, "A & B");
  EXPECT_EQ(page.language, "de");
  EXPECT_EQ(page.canonical, "/c");
  ASSERT_EQ(page.alternates.size(), 1U);
  EXPECT_EQ(page.alternates[0].language, "fr");
  EXPECT_EQ(page.alternates[0].url, "/fr");
  EXPECT_THAT(page.json_ld, ElementsAre("{\"a\":\"</p>\"}"));
  strings names;
  for (const auto& m : page.metadata)
    names.push_back(std::string(m.name) + "=" + std::string(m.content));
  EXPECT_THAT(names,
              ElementsAre("Description=d<", "og:title=og", "twitter:card=both", "og:x=both"));
  EXPECT_EQ(page.truncated, scan_truncation{});
}

TEST(page_scan, metadata_can_be_left_out) {
  const auto page = scan(
      "<html lang=de><title>t</title><meta name=a content=b>"
      "<meta name=robots content=noindex><script type=application/ld+json>1"
      "</script><link rel=canonical href=c>",
      {.metadata = false});
  EXPECT_EQ(page.title, "");
  EXPECT_EQ(page.language, "");
  EXPECT_EQ(page.canonical, "");
  EXPECT_THAT(page.metadata, IsEmpty());
  EXPECT_THAT(page.json_ld, IsEmpty());
  EXPECT_TRUE(page.robots.noindex);
}

TEST(page_scan, language_falls_back) {
  EXPECT_EQ(scan("<html xml:lang=fr>").language, "fr");
  EXPECT_EQ(scan("<meta http-equiv=content-language content=' it '>").language, "it");
  EXPECT_EQ(scan("<meta http-equiv=content-language content='it, en'>").language, "");
  EXPECT_EQ(scan("<html lang=de><meta http-equiv=content-language content=it>").language, "de");
}

TEST(page_scan, robots) {
  const auto page = scan(
      "<meta name=Robots content='NoIndex, max-snippet:5,,'>"
      "<meta name=orbweaver content=nofollow><meta name=other content=noarchive>",
      {.agent = "Orbweaver"});
  EXPECT_TRUE(page.robots.noindex);
  EXPECT_TRUE(page.robots.nofollow);
  EXPECT_FALSE(page.robots.noarchive);
  EXPECT_THAT(page.robots_list, ElementsAre("noindex", "max-snippet:5", "nofollow"));
  EXPECT_TRUE(scan("<meta name=robots content=NONE>").robots.nofollow);
}

TEST(page_scan, is_emptied_for_the_next_page) {
  page_scan page;
  scan_page(
      "<base href=x><title>A &amp; b</title><a href=1>&lt;</a><meta name=robots content=none>", {},
      page);
  scan_page("<p>", {}, page);
  EXPECT_EQ(page.title, "");
  EXPECT_EQ(page.base_href, "");
  EXPECT_THAT(page.links, IsEmpty());
  EXPECT_THAT(page.robots_list, IsEmpty());
  EXPECT_FALSE(page.robots.noindex);
}

TEST(page_scan, names_of_elements) {
  EXPECT_EQ(name(link_element::a), "a");
  EXPECT_EQ(name(link_element::meta_refresh), "meta refresh");
  EXPECT_TRUE(is_followed(link_element::frame));
  EXPECT_FALSE(is_followed(link_element::form));
}

}  // namespace
}  // namespace orbweaver
