#include "crawler/fetch/page_reader.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <zlib.h>

#include "crawler/robots/robots.hpp"

namespace orbweaver {
namespace {

using nlohmann::json;

std::string gzip(const std::string& text) {
  z_stream z{};
  deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(text.size() + 100, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

// One order and its answer; the body lasts until the connection closes.
class PageReader : public testing::Test {
 protected:
  PageReader() {
    spec.urls = {"http://a.example/dir/page"};
    order.entry.url = "http://a.example/dir/page?q#f";
    order.entry.id = 0;
  }

  outcome read(unsigned status, const std::string& fields, const std::string& body = "",
               std::uint64_t cut_at = 10 << 20) {
    order.profile = std::make_shared<const fetch_profile>(std::make_shared<const crawl_spec>(spec),
                                                          "Orbweaver/1");
    report = {};
    target.assign(order.entry.url);
    std::string bytes = "HTTP/1.1 " + std::to_string(status) + " X\r\n" + fields + "\r\n" + body;
    response_limits limits;
    limits.chunks.max_body_bytes = cut_at;
    response_parser head;
    head.reset(request_kind::get, limits);
    while (head.parse(bytes) == response_parser::state::head_done) {
    }
    head.finish();
    EXPECT_NE(head.status(), 0u);
    wanted = wants_body(order, head);
    const auto ended = read_answer(order, target, head, head.body(bytes), report, most_decoded);
    left_alone = !ended;
    record = ended && order.entry.kind == entry_kind::page ? json::parse("{" + report.members + "}")
                                                           : json();
    return ended.value_or(outcome::unknown);
  }
  outcome read_html(const std::string& html, const std::string& fields = "") {
    return read(200, "Content-Type: text/html\r\n" + fields, html);
  }
  std::vector<std::string> links() const {
    std::vector<std::string> out;
    for (const auto& l : report.links.links)
      out.push_back(std::string(report.links.url(l)) +
                    (l.nofollow == nofollow_by::nothing ? "" : " nofollow"));
    return out;
  }
  using strings = std::vector<std::string>;

  crawl_spec spec;
  fetch_order order;
  url target;
  fetch_report report;
  std::size_t most_decoded = 10 << 20;
  bool wanted = false;
  bool left_alone = false;
  json record;
};

TEST_F(PageReader, AsksInTheCharsetOfThePage) {
  read(200, "Content-Type: text/html; charset=windows-1251\r\n",
       "<a href='/\xf2?q=\xf2'>1</a><a href='mailto:a?\xf2'>2</a>");
  EXPECT_EQ(links(), strings{"http://a.example/%D1%82?q=%F2"});
  EXPECT_EQ(record["links"][0]["url"], "http://a.example/%D1%82?q=%F2");
}

TEST_F(PageReader, FollowsLinksRelativeToThePage) {
  EXPECT_EQ(read_html("<title>T</title><a href=other#x>1</a><area href='?q2'><img src=i>"
                      "<iframe src=//b.example/f></iframe><a href='mailto:x@y'><a href='http://['>"
                      "<a rel=nofollow href=/n>"),
            outcome::fetched);
  EXPECT_EQ(links(), (strings{"http://a.example/dir/other", "http://a.example/dir/page?q2",
                              "http://b.example/f", "http://a.example/n nofollow"}));
  EXPECT_EQ(record.at("links").at(5).at("url"), "http://[");
  EXPECT_TRUE(record.at("links").at(5).contains("error")) << "the reason why it is not followed";
  EXPECT_EQ(record.at("title"), "T");
  EXPECT_EQ(record.at("finalUrl"), "http://a.example/dir/page?q");
  EXPECT_NE(report.content_hash, 0u);
  EXPECT_FALSE(record.contains("nofollow"));
}

TEST_F(PageReader, LinksAreToldApartByTheirCanonicalForm) {
  read_html("<a href='/x?utm_source=y'><a href=/x><a href='/%7Ex'><a href=/~x>");
  ASSERT_EQ(report.links.links.size(), 4u);
  const auto& l = report.links.links;
  EXPECT_EQ(l[0].print, l[1].print);
  EXPECT_EQ(l[2].print, l[3].print);
  EXPECT_NE(l[0].print, l[2].print);
  EXPECT_EQ(report.links.url(l[0]), "http://a.example/x?utm_source=y") << "asked for as written";
}

TEST_F(PageReader, TakesSoManyCookiesFromOneAnswer) {
  std::string fields;
  for (std::size_t i = 0; i <= max_set_cookies; ++i)
    fields += "Set-Cookie: c" + std::to_string(i) + "=x\r\n";
  read_html("x", fields);
  ASSERT_EQ(report.set_cookies.size(), max_set_cookies);
  EXPECT_EQ(report.set_cookies.front(), "c0=x");
}

TEST_F(PageReader, HeedsBaseHref) {
  read_html("<base href='/other/'><a href=x>");
  EXPECT_EQ(links(), strings{"http://a.example/other/x"});
  read_html("<base href='https://b.example/'><a href=x>");
  EXPECT_EQ(links(), strings{"https://b.example/x"});
  read_html("<base href='http://['><a href=x>");
  EXPECT_EQ(links(), strings{"http://a.example/dir/x"}) << "one that is no URL counts for nothing";
}

TEST_F(PageReader, NofollowComesFromThePageOrItsHeader) {
  read_html("<meta name=robots content='noindex, nofollow'><a href=x>");
  EXPECT_EQ(record["nofollow"], true);
  read_html("<meta name=orbweaver content=nofollow><a href=x>");
  EXPECT_EQ(record["nofollow"], true);
  read_html("<meta name=googlebot content=nofollow><a href=x>");
  EXPECT_FALSE(record.contains("nofollow"));
  read_html("<a href=x>", "X-Robots-Tag: noindex\r\nX-Robots-Tag: Orbweaver: none\r\n");
  EXPECT_EQ(record["nofollow"], true);
  EXPECT_EQ(record.at("robotsTag"), json({"noindex", "Orbweaver: none"}));
  read_html("<a href=x>", "X-Robots-Tag: googlebot: nofollow\r\n");
  EXPECT_FALSE(record.contains("nofollow"));
  EXPECT_EQ(links().size(), 1u);
}

TEST_F(PageReader, LinksKnowWhatAsksNotToFollowThem) {
  const auto reasons = [&](const std::string& html, const std::string& fields = "") {
    read_html(html, fields);
    strings out;
    for (const auto& l : report.links.links) out.emplace_back(in_words(l.nofollow));
    return out;
  };
  const std::string two = "<a href=x><a href=y rel=nofollow>";
  const std::string meta = "<meta name=robots content=nofollow>";
  EXPECT_EQ(reasons(two), (strings{"", "rel=nofollow"}));
  EXPECT_EQ(reasons(meta + two), (strings{"meta robots", "meta robots"}));
  EXPECT_EQ(reasons(meta + two, "X-Robots-Tag: none\r\n"),
            (strings{"X-Robots-Tag", "X-Robots-Tag"}));
}

TEST_F(PageReader, UnwantedTypesAreSkippedUnread) {
  EXPECT_EQ(read(200, "Content-Type: image/png\r\n", "PNG"), outcome::unwanted_content_type);
  EXPECT_FALSE(wanted);
  EXPECT_EQ(report.detail, "image/png");
  EXPECT_EQ(report.body_bytes, 0u);
  EXPECT_EQ(record.at("contentType"), "image/png");
  EXPECT_EQ(read(404, "Content-Type: image/png\r\n", "PNG"), outcome::fetched)
      << "an answer of any status is one";
  spec.content_types = {"image/*"};
  EXPECT_EQ(read(200, "Content-Type: image/png\r\n", "PNG"), outcome::fetched);
  EXPECT_EQ(report.body_bytes, 3u);
  EXPECT_EQ(read_html("<a href=x>"), outcome::unwanted_content_type);
  EXPECT_TRUE(links().empty());
}

TEST_F(PageReader, ACrawlOfAListFindsNoLinksButShowsThem) {
  spec.scope = scope_kind::list;
  const std::string page = "<title>t</title><meta name=robots content=nofollow><a href=x>";
  EXPECT_EQ(read_html(page), outcome::fetched);
  EXPECT_TRUE(links().empty());
  EXPECT_EQ(record["links"].size(), 1u);
  EXPECT_EQ(record["title"], "t");
  spec.formats = {};
  EXPECT_EQ(read_html(page), outcome::fetched);
  EXPECT_TRUE(links().empty());
  EXPECT_FALSE(record.contains("nofollow")) << "outcomes alone: the page is not read for them";
  spec.scope = scope_kind::host;
  EXPECT_EQ(read_html(page), outcome::fetched);
  EXPECT_EQ(links().size(), 1u);
  EXPECT_EQ(record["nofollow"], true);
}

TEST_F(PageReader, OnlyHtmlIsScanned) {
  EXPECT_EQ(read(200, "Content-Type: text/plain\r\n", "<a href=x>"), outcome::fetched);
  EXPECT_TRUE(links().empty());
  EXPECT_FALSE(record.contains("links"));
  EXPECT_EQ(read(200, "", "<a href=x>"), outcome::fetched);
  EXPECT_EQ(links().size(), 1u) << "without a type it is probably a page";
  using namespace std::string_literals;
  for (const auto& page : {"\r\n <p>\0</p><a href=x>"s, "\xEF\xBB\xBF\0<a href=x>"s,
                           std::string(1445, ' ') + "\0<a href=x>"s}) {
    EXPECT_EQ(read(200, "", page), outcome::fetched);
    EXPECT_EQ(links().size(), 1u) << page;
  }
  for (const auto& none : {"%PDF-1.4 <a href=x>"s, "\x89PNG\r\n\x1A\n\0\0<a href=x>"s,
                           std::string(1444, ' ') + "\0<a href=x>"s}) {
    EXPECT_EQ(read(200, "", none), outcome::fetched);
    EXPECT_TRUE(links().empty()) << none;
    EXPECT_FALSE(record.contains("links"));
  }
  EXPECT_EQ(read(200, "Content-Type: Application/XHTML+xml; charset=utf-8\r\n", "<a href='x'/>"),
            outcome::fetched);
  EXPECT_EQ(links().size(), 1u);
}

TEST_F(PageReader, XhtmlIsReadAsXml) {
  const std::string page = "<title/><script src='s.js'/><iframe/><a href='x'>link</a>";
  read(200, "Content-Type: application/xhtml+xml\r\n", page);
  EXPECT_EQ(links(), strings{"http://a.example/dir/x"});
  EXPECT_EQ(record.at("links").size(), 2u);
  read_html(page);
  EXPECT_EQ(links(), strings{}) << "by HTML's rule the title goes on";
}

TEST_F(PageReader, LinksOfErrorPagesAreRecordedButNotFollowed) {
  EXPECT_EQ(read(404, "Content-Type: text/html\r\n", "<title>gone</title><a href=x>home</a>"),
            outcome::fetched);
  EXPECT_TRUE(links().empty());
  EXPECT_EQ(record.at("title"), "gone");
  EXPECT_EQ(record.at("links").size(), 1u);
}

TEST_F(PageReader, TellsOfLinksThatAreLeftOutForTheirSumOfBytes) {
  order.entry.url = "http://a.example/" + std::string(1 << 20, 'a') + "/";
  std::string html;
  for (int i = 0; i < 70; ++i) html += i % 2 == 0 ? "<img src=x>" : "<a href=x>";
  ASSERT_EQ(read_html(html), outcome::fetched);
  EXPECT_LT(record.at("links").size(), 70u);
  EXPECT_EQ(report.links.links.size(), record.at("links").size() / 2);
  EXPECT_EQ(record.at("limitsReached"), json({"links"}));
  spec.formats = {};
  ASSERT_EQ(read_html(html + html), outcome::fetched);
  EXPECT_LT(report.links.links.size(), 70u);
  EXPECT_EQ(record.at("limitsReached"), json({"links"}));
}

TEST_F(PageReader, RedirectsLeadSomewhereOrFail) {
  const auto location = [&](unsigned status, const std::string& value) {
    const outcome ended = read(status, "Location: " + value + "\r\n");
    return ended == outcome::fetched ? report.location.value_or("") : std::string(name(ended));
  };
  EXPECT_EQ(location(301, "http://b.example/x#f"), "http://b.example/x");
  EXPECT_EQ(location(302, "x y"), "http://a.example/dir/x%20y");
  EXPECT_EQ(location(303, "?next"), "http://a.example/dir/page?next");
  EXPECT_EQ(location(307, "//b.example"), "http://b.example/");
  EXPECT_EQ(location(308, ""), "http://a.example/dir/page?q") << "an empty one is the page itself";
  EXPECT_EQ(location(302, "http://["), "bad_redirect");
  EXPECT_EQ(report.detail, "http://[");
  EXPECT_EQ(location(302, "ftp://a.example/"), "bad_redirect");
  EXPECT_EQ(location(302, "javascript:alert(1)"), "bad_redirect");
  EXPECT_EQ(location(302, "http://[" + std::string(5000, 'x')), "bad_redirect");
  EXPECT_LE(report.detail.size(), 200u);
}

TEST_F(PageReader, ARedirectWithoutLocationIsAnAnswerLikeAnyOther) {
  EXPECT_EQ(read(302, "Content-Type: text/html\r\n", "<a href=x>"), outcome::fetched);
  EXPECT_FALSE(report.location);
  EXPECT_EQ(record.at("status"), 302);
  EXPECT_EQ(read(200, "Location: /x\r\n", ""), outcome::fetched);
  EXPECT_FALSE(report.location) << "only redirects have a meaning for it";
  EXPECT_EQ(read(304, "Location: /x\r\n", ""), outcome::fetched);
  EXPECT_FALSE(report.location);
}

TEST_F(PageReader, UndoesContentCodings) {
  const std::string html = "<title>T</title><a href=x>";
  EXPECT_EQ(read_html(gzip(html), "Content-Encoding: gzip\r\n"), outcome::fetched);
  EXPECT_EQ(links().size(), 1u);
  EXPECT_EQ(report.body_bytes, html.size());
  const auto hash = report.content_hash;
  read_html(html);
  EXPECT_EQ(report.content_hash, hash) << "of the decoded body";
}

TEST_F(PageReader, DecodingErrorsKeepWhatWasDecoded) {
  std::string html = "<title>T</title><a href=x>";
  for (int i = 0; i < 5000; ++i) html += "word" + std::to_string(i * 7919 % 10007) + ' ';
  const std::string packed = gzip(html);
  EXPECT_EQ(read_html(packed.substr(0, packed.size() / 2), "Content-Encoding: gzip\r\n"),
            outcome::body_incomplete);
  EXPECT_EQ(record.at("title"), "T");
  EXPECT_EQ(record.at("truncated"), "body_incomplete");
  EXPECT_GT(report.body_bytes, 0u);
  std::string damaged = packed;
  for (std::size_t i = packed.size() / 2; i < packed.size() / 2 + 200; ++i) damaged[i] = '\xff';
  EXPECT_EQ(read_html(damaged, "Content-Encoding: gzip\r\n"), outcome::bad_encoding);
  EXPECT_EQ(record.at("title"), "T");
  EXPECT_EQ(read_html("x", "Content-Encoding: compress\r\n"), outcome::bad_encoding);
}

TEST_F(PageReader, ABodyCutOnPurposeIsNoError) {
  const std::string html = "<title>T</title>" + std::string(1000, 'x');
  EXPECT_EQ(read(200, "Content-Type: text/html\r\n", html, 100), outcome::fetched);
  EXPECT_EQ(record.at("truncated"), "size_limit");
  EXPECT_EQ(report.body_bytes, 100u);
  std::string noise = "<title>T</title>";
  for (unsigned i = 0, x = 1; i < 9000; ++i)
    noise += static_cast<char>('a' + (x = x * 75 % 65537) % 26);
  const std::string packed = gzip(noise);
  EXPECT_EQ(
      read(200, "Content-Type: text/html\r\nContent-Encoding: gzip\r\n", packed, packed.size() / 2),
      outcome::fetched)
      << "the rest of the stream was not read";
  EXPECT_EQ(record.at("truncated"), "size_limit");
  EXPECT_EQ(record.at("title"), "T");
}

TEST_F(PageReader, DecodedBodiesAreHeldToTheLimitToo) {
  spec.max_body_bytes = 500;
  EXPECT_EQ(
      read_html(gzip("<title>T</title>" + std::string(5000, 'x')), "Content-Encoding: gzip\r\n"),
      outcome::fetched);
  EXPECT_EQ(report.body_bytes, 500u);
  EXPECT_EQ(record.at("truncated"), "size_limit");
}

TEST_F(PageReader, LeavesABodyAloneThatGrowsBeyondWhatTheCallerHasTimeFor) {
  const std::string packed = gzip(std::string(5000, 'x'));
  most_decoded = 4999;
  read_html(packed, "Content-Encoding: gzip\r\n");
  EXPECT_TRUE(left_alone);
  most_decoded = 5000;
  EXPECT_EQ(read_html(packed, "Content-Encoding: gzip\r\n"), outcome::fetched);
  EXPECT_EQ(record.at("bytes"), 5000);
  // The crawl's own limit is no reason.
  spec.max_body_bytes = most_decoded = 100;
  EXPECT_EQ(read_html(packed, "Content-Encoding: gzip\r\n"), outcome::fetched);
  EXPECT_EQ(record.at("truncated"), "size_limit");
}

TEST_F(PageReader, RecordsHoldTheFormatsAskedFor) {
  const std::string html = "<title>T</title><meta name=a content=b><p>word <a href=x>link</a>";
  const auto keys = [&](std::initializer_list<format> formats) {
    spec.formats = {};
    for (const format f : formats) spec.formats.add(f);
    read_html(html);
    EXPECT_EQ(links().size(), 1u) << "the crawl goes on whatever is recorded";
    strings out;
    for (const char* const key : {"title", "metadata", "links", "rawHtml"})
      if (record.contains(key)) out.push_back(key);
    return out;
  };
  EXPECT_EQ(keys({}), strings{});
  EXPECT_EQ(keys({format::metadata}), (strings{"title", "metadata"}));
  EXPECT_EQ(keys({format::links}), strings{"links"});
  EXPECT_EQ(keys({format::raw_html}), strings{"rawHtml"});
  EXPECT_EQ(record.at("rawHtml"), html);
}

TEST_F(PageReader, RobotsFilesAreReadWhateverTheirTypeAndTheCrawlsLimit) {
  order.entry.kind = entry_kind::robots;
  order.entry.url = "http://a.example/robots.txt";
  spec.max_body_bytes = 10;
  const std::string body = "User-agent: *\nDisallow: /private\n";
  EXPECT_EQ(read(200, "Content-Type: image/png\r\nContent-Encoding: gzip\r\n", gzip(body)),
            outcome::fetched);
  EXPECT_EQ(report.body, body);
  EXPECT_TRUE(report.links.links.empty());
  EXPECT_EQ(max_body_bytes(order), max_robots_size + 1) << "one more tells that it is longer";
  EXPECT_EQ(read(404, "", "<html>not here"), outcome::fetched);
  EXPECT_EQ(report.body, "");
  EXPECT_FALSE(wanted);
}

TEST_F(PageReader, ReadsRetryAfter) {
  read(503, "Retry-After: 120\r\n");
  EXPECT_EQ(report.retry_after, std::chrono::seconds(120));
  read(503, "Retry-After: soon\r\n");
  EXPECT_EQ(report.retry_after, std::nullopt);
}

}  // namespace
}  // namespace orbweaver
