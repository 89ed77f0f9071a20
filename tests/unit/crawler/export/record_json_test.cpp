#include "crawler/export/record_json.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <random>

#include "crawler/parse/page_links.hpp"

namespace orbweaver {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr format_set all_formats{15};
constexpr format_set nothing_but_outcomes{};

class RecordJson : public testing::Test {
 protected:
  RecordJson() {
    entry.url = "http://a.example/x";
    entry.id = 0;
    target.assign("http://a.example/x");
    base.assign("http://a.example/dir/");
    facts.base = &base;
  }
  json record(format_set formats = all_formats) {
    std::string text = "{";
    append_record(text, entry, target, report, formats, facts);
    return json::parse(text + "}");
  }
  void scan(std::string_view html) {
    scan_options options;
    options.visible_text = true;
    scan_page(html, options, page);
    facts.page = &page;
    links.clear();
    for_each_link(
        page.links, base, [](const page_link&) { return true; },
        [this](const page_link& link, const url& to) { append_link(links, link, to); },
        [this](const page_link& link, url_error why) { append_bad_link(links, link, why); });
    facts.links = links;
  }

  frontier_entry entry;
  url target;
  url base;
  fetch_report report;
  page_facts facts;
  page_scan page;
  std::string links;
};

TEST_F(RecordJson, CarriesWhatTheFetchBrought) {
  report.status = 404;
  report.bytes_on_wire = 500;
  report.body_bytes = 300;
  report.content_hash = 0x00ab'cdef'0123'4567;
  report.timings = {.dns = 1ms, .connect = 2ms, .tls = 3ms, .first_byte = 40ms, .total = 1500ms};
  facts.content_type = "text/html";
  facts.truncated = "size_limit";
  facts.robots_tags = {"noindex", "googlebot: nofollow"};
  facts.body = "<p>hello";
  entry.depth = 3;
  const json r = record();
  EXPECT_EQ(r.at("url"), "http://a.example/x");
  EXPECT_EQ(r.at("finalUrl"), "http://a.example/x");
  EXPECT_FALSE(r.contains("redirects"));
  EXPECT_EQ(r.at("depth"), 3);
  EXPECT_EQ(r.at("status"), 404);
  EXPECT_EQ(r.at("contentType"), "text/html");
  EXPECT_EQ(r.at("bytesOnWire"), 500);
  EXPECT_EQ(r.at("bytes"), 300);
  EXPECT_EQ(r.at("truncated"), "size_limit");
  EXPECT_EQ(r.at("contentHash"), "00abcdef01234567");
  EXPECT_EQ(r.at("timings"), json::parse(R"({"dns": 0.001, "connect": 0.002, "tls": 0.003,
                                             "firstByte": 0.040, "total": 1.5})"));
  EXPECT_EQ(r.at("robotsTag"), json({"noindex", "googlebot: nofollow"}));
  EXPECT_EQ(r.at("rawHtml"), "<p>hello");
  EXPECT_EQ(r.at("fetchedAt").get<std::string>().size(), 24u);
}

TEST_F(RecordJson, LeavesOutWhatIsNotKnown) {
  const json r = record();
  for (const char* const absent : {"status", "contentType", "charset", "truncated", "contentHash",
                                   "robotsTag", "title", "metadata", "links", "text", "rawHtml"})
    EXPECT_FALSE(r.contains(absent)) << absent;
}

TEST_F(RecordJson, StandsUnderTheUrlThatWasAskedFirst) {
  entry.redirects = std::make_unique<redirect_chain>();
  entry.redirects->hops = {"http://a.example/old", "http://a.example/older"};
  entry.redirects->bytes_on_wire = 120;
  report.bytes_on_wire = 400;
  const json r = record();
  EXPECT_EQ(r.at("url"), "http://a.example/old");
  EXPECT_EQ(r.at("finalUrl"), "http://a.example/x");
  EXPECT_EQ(r.at("redirects"), json({"http://a.example/old", "http://a.example/older"}));
  EXPECT_EQ(r.at("bytesOnWire"), 520);
}

TEST_F(RecordJson, NamesThatAPageRepeatsGetAList) {
  scan(
      "<meta name=a content=1><meta name=b content=2><meta property=a content=3>"
      "<meta name=a content=4>");
  EXPECT_EQ(record().at("metadata"), json::parse(R"({"a": ["1", "3", "4"], "b": "2"})"));
}

TEST_F(RecordJson, LinksAreAbsoluteAndInOrder) {
  scan(
      "<title>T</title><link rel=canonical href=../c><a href=1#f rel='next nofollow'>one</a>"
      "<a href='http://['>broken</a><img src=//b.example/i alt=pic><a href='mailto:me@b.example'>");
  const json r = record();
  EXPECT_EQ(r.at("title"), "T");
  EXPECT_EQ(r.at("canonical"), "http://a.example/c");
  const json& listed = r.at("links");
  ASSERT_EQ(listed.size(), 5u) << listed.dump();
  EXPECT_EQ(listed[1], json::parse(R"({"url": "http://a.example/dir/1#f", "text": "one",
                                      "rel": "next nofollow", "element": "a"})"));
  EXPECT_EQ(listed[2], json({{"url", "http://["},
                             {"text", "broken"},
                             {"element", "a"},
                             {"error", message(url_error::invalid_ipv6)}}));
  EXPECT_EQ(listed[3].at("url"), "http://b.example/i");
  EXPECT_EQ(listed[3].at("text"), "pic");
  EXPECT_EQ(listed[4].at("url"), "mailto:me@b.example");
}

TEST_F(RecordJson, HoldsOnlyTheFormatsAskedFor) {
  scan("<title>T</title><meta name=a content=1><a href=1>one</a>");
  facts.body = "<title>";
  const json bare = record(nothing_but_outcomes);
  for (const char* const absent : {"title", "metadata", "links", "text", "rawHtml"})
    EXPECT_FALSE(bare.contains(absent)) << absent;
  format_set links_alone;
  links_alone.add(format::links);
  EXPECT_TRUE(record(links_alone).contains("links"));
  EXPECT_FALSE(record(links_alone).contains("title"));
}

TEST_F(RecordJson, TellsWhatAPageHadMoreOfInEveryFormat) {
  scan("<a href=1>one</a>");
  EXPECT_FALSE(record().contains("limitsReached"));
  const auto told = [&](bool scan_truncation::*flag, const char* as) {
    page.truncated = {};
    page.truncated.*flag = true;
    for (std::uint8_t bits = 0; bits < 16; ++bits)
      EXPECT_EQ(record(format_set{bits}).value("limitsReached", json()), json::array({as}))
          << +bits;
  };
  told(&scan_truncation::links, "links");
  told(&scan_truncation::urls, "urls");
  told(&scan_truncation::values, "values");
  told(&scan_truncation::metadata, "metadata");
  told(&scan_truncation::text, "text");
  told(&scan_truncation::nesting, "nesting");
}

TEST_F(RecordJson, AnUnreadAnswerHasARecordToo) {
  report.bytes_on_wire = 17;
  const auto unread = [&](const fetch_report* brought) {
    std::string text = "{";
    append_unread_record(text, entry, brought);
    return json::parse(text + "}");
  };
  EXPECT_EQ(unread(&report).at("url"), "http://a.example/x");
  EXPECT_EQ(unread(&report).at("bytesOnWire"), 17);
  EXPECT_EQ(unread(nullptr).at("bytesOnWire"), 0);
}

TEST_F(RecordJson, EveryOutcomeSaysHowItEnded) {
  for (const outcome_info& row : outcome_table()) {
    std::string text = "{\"url\":\"\"";
    append_outcome(text, row.code, "line 3: \"x\"\n\xff", 2);
    const json r = json::parse(text + "}");
    EXPECT_EQ(r.at("outcome"), name(row.kind)) << row.name;
    EXPECT_EQ(r.at("attempts"), 2);
    const bool failed = row.kind == outcome_kind::failed;
    const bool skipped = row.kind == outcome_kind::skipped;
    ASSERT_EQ(r.contains("error"), failed) << row.name;
    ASSERT_EQ(r.contains("reason"), skipped) << row.name;
    if (!failed && !skipped) continue;
    const json& why = r.at(failed ? "error" : "reason");
    EXPECT_EQ(why.at("code"), row.name);
    EXPECT_EQ(why.at("message"), std::string(row.description) + " (line 3: \"x\"\n\xEF\xBF\xBD)");
  }
  std::string plain;
  append_outcome(plain, outcome::too_slow, "", 1);
  EXPECT_EQ(json::parse("{\"url\":1" + plain + "}").at("error").at("message"),
            info(outcome::too_slow).description);
}

// Everything a page or a server can put into a record, as any bytes.
TEST_F(RecordJson, AnyBytesGiveAValidRecord) {
  std::mt19937 random(20260505);
  const auto bytes = [&](std::size_t at_most) {
    std::string out(random() % at_most, '\0');
    for (char& c : out) c = static_cast<char>(random());
    return out;
  };
  for (int round = 0; round < 500; ++round) {
    const std::string html =
        "<title>" + bytes(30) + "</title><base href='" + bytes(20) + "'><html lang='" + bytes(9) +
        "'><meta name='" + bytes(9) + "' content='" + bytes(30) + "'><meta name='" + bytes(3) +
        "' content><link rel=canonical href='" + bytes(20) + "'><a rel='" + bytes(10) + "' href='" +
        bytes(40) + "'>" + bytes(40) + "</a>" + bytes(100);
    scan(html);
    const std::string type = bytes(20), tag = bytes(20);
    facts.content_type = type;
    facts.charset = tag;
    facts.robots_tags = {tag, type};
    facts.body = html;
    entry.redirects = std::make_unique<redirect_chain>();
    entry.redirects->hops = {bytes(30), bytes(30)};
    std::string text = "{";
    append_record(text, entry, target, report, all_formats, facts);
    append_outcome(text, outcome::bad_redirect, bytes(50), 1);
    text += '}';
    ASSERT_TRUE(json::accept(text)) << text;
    ASSERT_EQ(text.find_first_of("\r\n"), text.npos) << "a record is one line";
  }
}

}  // namespace
}  // namespace orbweaver
