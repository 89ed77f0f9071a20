// What connections do with servers that misbehave.
#include "tests/support/dns_server.hpp"
#include "tests/support/engine_fixture.hpp"
#include "tests/support/site_server.hpp"

namespace orbweaver::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using then = site_server::then;
using reply = site_server::reply;
using hit = site_server::hit;

// One page at a time, once, without robots.txt.
crawl_spec plain_spec(std::vector<std::string> urls) {
  crawl_spec spec = quick_spec(std::move(urls));
  spec.robots = robots_policy::ignore;
  spec.retries = 0;
  spec.per_host_concurrency = 1;
  return spec;
}

const std::string html_head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n";

TEST(Connection, AKeptOneClosedWhileIdleIsReplacedUncounted) {
  site_server site([](const hit&) -> reply { return {html_response("x"), then::close}; });
  running_engine e;
  const auto got = e.crawl(plain_spec({site.url("/1"), site.url("/2"), site.url("/3")}));
  EXPECT_EQ(got.status.counts.fetched, 3u);
  EXPECT_EQ(site.hits().size(), 3u);
  for (const json& r : got.records) EXPECT_EQ(r.at("attempts"), 1);
}

TEST(Connection, AKeptOneThatAnswersNoMoreIsTriedOnceUncounted) {
  for (const then how : {then::close, then::reset}) {
    std::atomic<int> asked{0};  // for /2
    site_server site([&, how](const hit& h) -> reply {
      if (h.target == "/2" && asked++ == 0) return {"", how};
      return {html_response("x")};
    });
    running_engine e;
    const auto got = e.crawl(plain_spec({site.url("/1"), site.url("/2")}));
    EXPECT_EQ(got.status.counts.fetched, 2u);
    EXPECT_EQ(record_of(got.records, site.url("/2"))->at("attempts"), 1);
    EXPECT_EQ(asked, 2);
    EXPECT_EQ(site.total_connections(), 2);
  }
}

TEST(Connection, ANewOneThatDoesNotAnswerIsAFailure) {
  site_server site([](const hit&) -> reply { return {"", then::close}; });
  running_engine e;
  EXPECT_EQ(code_of(e.crawl(plain_spec({site.url()})).records.at(0)), "connection_closed");
  EXPECT_EQ(site.hits().size(), 1u);
}

TEST(Connection, AKeptOneThatBreaksOffInItsAnswerIsAFailureToo) {
  site_server site([](const hit& h) -> reply {
    if (h.target == "/2") return {"HTTP/1.1 2", then::close};
    return {html_response("x")};
  });
  running_engine e;
  const auto got = e.crawl(plain_spec({site.url("/1"), site.url("/2")}));
  EXPECT_EQ(code_of(*record_of(got.records, site.url("/2"))), "connection_closed");
  EXPECT_EQ(site.hits().size(), 2u);
}

TEST(Connection, BodiesAreCutAtTheLimitAndTheConnectionWithThem) {
  const std::string body = "<title>big</title>" + std::string(200'000, 'x');
  site_server site([&](const hit& h) -> reply {
    if (h.target == "/sized") return {html_response(body)};
    if (h.target == "/chunked")
      return {html_head + "Transfer-Encoding: chunked\r\n\r\n30d52\r\n" + body + "\r\n0\r\n\r\n"};
    if (h.target == "/until-close") return {html_head + "\r\n" + body, then::close};
    return {html_response("x")};
  });
  running_engine e;
  const std::vector<std::string> cut{"/sized", "/chunked", "/until-close"};
  crawl_spec spec = plain_spec({site.url("/"), site.url("/2")});
  for (const auto& path : cut) spec.urls.push_back(site.url(path));
  spec.max_body_bytes = 100'000;
  const auto got = e.crawl(std::move(spec));
  for (const auto& path : cut) {
    const json& r = *record_of(got.records, site.url(path));
    EXPECT_EQ(code_of(r), "fetched") << path;
    EXPECT_EQ(r.at("truncated"), "size_limit") << path;
    EXPECT_EQ(r.at("bytes"), 100'000) << path;
    EXPECT_EQ(r.at("title"), "big") << path;
  }
  EXPECT_EQ(site.total_connections(), 3) << "one for all that were whole";
}

TEST(Connection, ABodyShorterThanPromisedIsKeptAsFarAsItCame) {
  const std::string start = "<title>short</title><a href=/linked>x</a>";
  site_server site([&](const hit& h) -> reply {
    const bool reset = h.target == "/reset";
    return {html_head + "Content-Length: 1000\r\n\r\n" + start, reset ? then::reset : then::close};
  });
  running_engine e;
  const auto got = e.crawl(plain_spec({site.url("/"), site.url("/reset")}));
  ASSERT_EQ(got.records.size(), 2u) << "half a page's links are not followed";
  EXPECT_EQ(code_of(got.records[0]), "body_incomplete");
  for (const json& r : got.records) {
    EXPECT_EQ(r.at("outcome"), "failed");
    EXPECT_EQ(r.at("status"), 200);
    EXPECT_EQ(r.at("title"), "short");
    EXPECT_EQ(r.at("bytes"), start.size());
    EXPECT_EQ(r.at("truncated"), "closed");
  }
}

TEST(Connection, AnIncompleteBodyIsTriedAgain) {
  std::atomic<int> asked{0};
  site_server site([&](const hit&) -> reply {
    if (asked++ == 0) return {html_head + "Content-Length: 1000\r\n\r\n<title>", then::close};
    return {html_response("<title>whole</title>")};
  });
  running_engine e;
  crawl_spec spec = plain_spec({site.url()});
  spec.retries = 1;
  const auto got = e.crawl(std::move(spec));
  ASSERT_EQ(got.records.size(), 1u);
  EXPECT_EQ(got.records[0].at("title"), "whole");
  EXPECT_EQ(got.records[0].at("attempts"), 2);
}

TEST(Connection, DribblingEndsWithTheTimeout) {
  site_server site([](const hit& h) -> reply {
    if (h.target == "/head") return {"HTTP/1.1 200 OK\r\n", then::keep, "x: y\r\n"};
    return {html_head + "\r\n<title>slow</title>", then::keep, "z"};
  });
  running_engine e;
  crawl_spec spec = plain_spec({site.url("/head"), site.url("/body")});
  spec.timeout = seconds_f(0.3);
  const auto got = e.crawl(std::move(spec));
  const json& head = *record_of(got.records, site.url("/head"));
  EXPECT_EQ(code_of(head), "total_timeout");
  EXPECT_FALSE(head.contains("status")) << "a head that did not end says nothing";
  const json& body = *record_of(got.records, site.url("/body"));
  EXPECT_EQ(code_of(body), "total_timeout");
  EXPECT_EQ(body.at("title"), "slow");
  EXPECT_EQ(body.at("truncated"), "closed");
}

TEST(Connection, ARedirectsTimeCountsAgainstTheSameTimeout) {
  site_server site([](const hit& h) -> reply {
    if (h.target == "/") return {redirect_response("/silent")};
    return {"", then::silence};
  });
  running_engine e;
  crawl_spec spec = plain_spec({site.url()});
  spec.timeout = seconds_f(0.3);
  const auto got = e.crawl(std::move(spec));
  ASSERT_EQ(got.records.size(), 1u);
  EXPECT_EQ(code_of(got.records[0]), "total_timeout");
  EXPECT_EQ(got.records[0].at("redirects"), json({site.url("/")}));
}

// The headers of a response whose head never came to its end must not be looked at.
TEST(Connection, BrokenHeadsHaveTheirOutcomes) {
  const std::pair<std::string, std::string> heads[] = {
      {"/large", html_head + "X: " + std::string(300 * 1024, 'x') + "\r\n\r\n"},
      {"/nul", html_head + std::string("X: \0\r\n\r\n", 9)},
      {"/many", html_head +
                    [] {
                      std::string out;
                      for (int i = 0; i < 1500; ++i) out += "A: b\r\n";
                      return out + "\r\n";
                    }()},
      {"/length", html_head + "Content-Length: many\r\n\r\n"},
      {"/garbage", "220 mail.example ESMTP\r\n"},
      {"/cut", html_head + "Retry-After: 3"},
  };
  site_server site([&](const hit& h) -> reply {
    for (const auto& [path, bytes] : heads)
      if (path == h.target) return {bytes, then::close};
    return {html_response("x")};
  });
  running_engine e;
  crawl_spec spec = plain_spec({});
  for (const auto& [path, bytes] : heads) spec.urls.push_back(site.url(path));
  const auto got = e.crawl(std::move(spec));
  const auto code = [&](const std::string& path) {
    const json& r = *record_of(got.records, site.url(path));
    EXPECT_FALSE(r.contains("status")) << path;
    return code_of(r);
  };
  EXPECT_EQ(code("/large"), "header_too_large");
  EXPECT_EQ(code("/nul"), "bad_response");
  EXPECT_EQ(code("/many"), "too_many_headers");
  EXPECT_EQ(code("/length"), "bad_content_length");
  EXPECT_EQ(code("/garbage"), "bad_response");
  EXPECT_EQ(code("/cut"), "connection_closed");
}

TEST(Connection, AHeadMayComeInPieces) {
  site_server site([](const hit&) -> reply {
    return {html_head + "X-Robots-Tag: noarchive\r\nLocation: /elsew", then::keep,
            "here\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"};
  });
  running_engine e;
  const auto got = e.crawl(plain_spec({site.url("/1"), site.url("/2")}));
  ASSERT_EQ(got.records.size(), 2u);
  for (const json& r : got.records) {
    EXPECT_EQ(code_of(r), "fetched");
    EXPECT_EQ(r.at("robotsTag"), json({"noarchive"}));
  }
}

TEST(Connection, UnwantedBodiesAreDrainedOnlyWhenShort) {
  const std::string type = "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n";
  site_server site([&](const hit& h) -> reply {
    if (h.target == "/short")
      return {type + "Content-Length: 5000\r\n\r\n" + std::string(5000, 'x')};
    if (h.target == "/long") return {type + "Content-Length: 500000\r\n\r\n", then::silence};
    if (h.target == "/endless") return {type + "\r\n", then::keep, std::string(4096, 'x'), 0ms};
    return {html_response("x")};
  });
  running_engine e;
  crawl_spec spec = plain_spec({site.url("/short"), site.url("/1"), site.url("/long"),
                                site.url("/2"), site.url("/endless"), site.url("/3")});
  const auto got = e.crawl(std::move(spec));
  for (const char* const path : {"/short", "/long", "/endless"})
    EXPECT_EQ(code_of(*record_of(got.records, site.url(path))), "unwanted_content_type") << path;
  EXPECT_EQ(got.status.counts.fetched, 3u);
  EXPECT_EQ(site.total_connections(), 3) << "the first one served until /long";
}

TEST(Connection, NamesMayTakeTheWholeTimeButNotMore) {
  dns_server dns;
  dns.put("silent.test", {.v4 = dns_server::mood::silent, .v6 = dns_server::mood::silent});
  resolver_settings names = names_of("/nonexistent");
  names.servers = {dns.endpoint()};
  names.budget = 1h;
  names.attempt_timeout = 1h;
  running_engine e(1, running_engine::default_settings(), names);
  crawl_spec spec = plain_spec({"http://silent.test/"});
  spec.timeout = seconds_f(0.2);
  EXPECT_EQ(code_of(e.crawl(std::move(spec)).records.at(0)), "total_timeout");
}

TEST(Connection, NamesThatDoNotResolveSayWhy) {
  dns_server dns;
  dns.put("broken.test", {.v4 = dns_server::mood::servfail, .v6 = dns_server::mood::servfail});
  dns.put("inside.test", {.a = {"127.0.0.1", "10.0.0.1"}});
  resolver_settings names = names_of("/nonexistent");
  names.servers = {dns.endpoint()};
  running_engine e(1, running_engine::default_settings(), names);
  const auto got =
      e.crawl(plain_spec({"http://missing.test/", "http://broken.test/", "http://inside.test/"}));
  EXPECT_EQ(code_of(*record_of(got.records, "http://missing.test/")), "dns_nxdomain");
  EXPECT_EQ(code_of(*record_of(got.records, "http://broken.test/")), "dns_failed");
  EXPECT_EQ(code_of(*record_of(got.records, "http://inside.test/")), "blocked_address")
      << "one address that may not be dialled spoils them all";
}

TEST(Connection, EachAddressOfANameIsTried) {
  site_server site([](const hit&) -> reply { return {html_response("x")}; });
  dns_server dns;
  dns.put("site.test", {.a = {"127.0.0.9", "127.0.0.1", "127.0.0.8"}});
  dns.put("none.test", {.a = {"127.0.0.9", "127.0.0.8"}});
  resolver_settings names = names_of("/nonexistent");
  names.servers = {dns.endpoint()};
  running_engine e(1, running_engine::default_settings(), names);
  const std::string rest = ":" + std::to_string(site.port()) + "/";
  const auto got = e.crawl(plain_spec({"http://site.test" + rest, "http://none.test" + rest}));
  EXPECT_EQ(code_of(*record_of(got.records, "http://site.test" + rest)), "fetched");
  EXPECT_EQ(code_of(*record_of(got.records, "http://none.test" + rest)), "connect_refused");
}

}  // namespace
}  // namespace orbweaver::test
