#include "server/api/crawl_request.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "server/api/json_document.hpp"

namespace orbweaver {
namespace {

crawl_spec accepted(std::string_view text) {
  auto out = parse_crawl_request(text);
  if (auto* errors = std::get_if<std::vector<request_error>>(&out)) {
    ADD_FAILURE() << text << ": " << errors->at(0).pointer << " " << errors->at(0).detail;
    return {};
  }
  return std::get<crawl_spec>(std::move(out));
}

std::vector<request_error> mistakes(const parsed_request& parsed) {
  const auto* errors = std::get_if<std::vector<request_error>>(&parsed);
  return errors == nullptr ? std::vector<request_error>{} : *errors;
}

// The errors of a request that is right but for `fields`, as "pointer detail" lines.
std::vector<std::string> refused(const std::string& fields) {
  std::vector<std::string> out;
  for (const request_error& e :
       mistakes(parse_crawl_request(R"({"urls":["http://a.test/"],)" + fields + "}")))
    out.push_back(e.pointer + " " + e.detail);
  return out;
}

using lines = std::vector<std::string>;

TEST(CrawlRequest, LeavesDefaultsWhereNothingIsSaid) {
  const crawl_spec spec = accepted(R"({"urls":["http://a.test/"]})");
  EXPECT_EQ(spec.urls, std::vector<std::string>{"http://a.test/"});
  EXPECT_EQ(spec.limit, 10'000u);
  EXPECT_FALSE(spec.max_depth);
  EXPECT_TRUE(spec.formats.has(format::metadata));
  EXPECT_FALSE(spec.formats.has(format::text));
}

TEST(CrawlRequest, ReadsEveryField) {
  const crawl_spec spec = accepted(R"({
    "urls": ["https://a.test/x", "HTTP://b.test:8080"], "name": "n", "labels": {"team": "x"},
    "limit": 5, "maxDepth": 0, "maxDuration": 1.5, "maxBytes": 1e6,
    "maxUrlLength": 100, "maxPathDepth": 11, "maxRepeatedSegments": 2, "maxQueryVariants": 12,
    "maxSubdomains": 13, "maxPagesPerHost": 14, "scope": "domain",
    "includePaths": ["^/a"], "excludePaths": ["b$", "c"], "regexOnFullURL": true,
    "sitemap": "skip", "ignoreQueryParameters": true, "dropQueryParameters": ["ref"],
    "robots": "ignore", "userAgent": "bot/1", "respectNofollow": false, "delay": 0,
    "perHostConcurrency": 7, "maxConcurrency": 70, "retries": 0, "timeout": 0.5,
    "maxBodyBytes": 1024, "contentTypes": ["text/*"], "headers": {"X-A": " b "}, "cookies": {"sid": " a b "},
    "auth": {"username": "u", "password": "p:q"}, "tlsVerify": false,
    "formats": ["text", "rawHtml"], "extract": {"price": {"regex": "(\\d+) EUR", "group": 1, "all": true, "on": "text"}}, "storeBodies": false, "proxy": "socks5://p.test"})");
  EXPECT_EQ(spec.urls.size(), 2u);
  EXPECT_EQ(spec.name, "n");
  EXPECT_EQ(spec.labels.at("team"), "x");
  EXPECT_EQ(spec.limit, 5u);
  EXPECT_EQ(spec.max_depth, 0u);
  EXPECT_EQ(spec.max_duration, seconds_f(1.5));
  EXPECT_EQ(spec.max_bytes, 1'000'000u);
  EXPECT_EQ(spec.max_url_length, 100u);
  EXPECT_EQ(spec.max_path_depth, 11u);
  EXPECT_EQ(spec.max_repeated_segments, 2u);
  EXPECT_EQ(spec.max_query_variants, 12u);
  EXPECT_EQ(spec.max_subdomains, 13u);
  EXPECT_EQ(spec.max_pages_per_host, 14u);
  EXPECT_EQ(spec.scope, scope_kind::domain);
  ASSERT_EQ(spec.include_paths.size(), 1u);
  EXPECT_EQ(spec.include_paths[0], "^/a");
  EXPECT_EQ(spec.exclude_paths.size(), 2u);
  EXPECT_TRUE(spec.regex_on_full_url);
  EXPECT_TRUE(spec.ignore_query_parameters);
  EXPECT_EQ(spec.drop_query_parameters, std::vector<std::string>{"ref"});
  EXPECT_EQ(spec.robots, robots_policy::ignore);
  EXPECT_EQ(spec.user_agent, "bot/1");
  EXPECT_FALSE(spec.respect_nofollow);
  EXPECT_EQ(spec.delay, seconds_f(0));
  EXPECT_EQ(spec.per_host_concurrency, 7u);
  EXPECT_EQ(spec.max_concurrency, 70u);
  EXPECT_EQ(spec.retries, 0u);
  EXPECT_EQ(spec.timeout, seconds_f(0.5));
  EXPECT_EQ(spec.max_body_bytes, 1024u);
  EXPECT_EQ(spec.content_types, std::vector<std::string>{"text/*"});
  EXPECT_EQ(spec.headers.at(0), (std::pair<std::string, std::string>{"X-A", "b"}));
  EXPECT_EQ(spec.proxy->host, "p.test");
  EXPECT_EQ(spec.cookies.at(0), (std::pair<std::string, std::string>{"sid", "a b"}));
  EXPECT_EQ(spec.auth->password, "p:q");
  EXPECT_FALSE(spec.tls_verify);
  EXPECT_EQ(spec.formats.bits, 4 | 8);
  ASSERT_EQ(spec.extract.size(), 1u);
  EXPECT_EQ(spec.extract[0].name, "price");
  EXPECT_EQ(spec.extract[0].group, 1);
  EXPECT_TRUE(spec.extract[0].all);
  EXPECT_TRUE(spec.extract[0].on_text);
}

TEST(CrawlRequest, ReportsEveryMistakeAtOnce) {
  const auto errors = mistakes(parse_crawl_request(R"({
    "urls": ["http://a.test/", 7, "ftp://b.test/", "relative"], "limt": 5, "max_depth": 1,
    "limit": -1, "delay": "fast", "scope": "hots", "zzzzzz": {}, "limit": 0})"));
  std::map<std::string, std::string> found;
  for (const auto& e : errors) found[e.pointer] += e.detail + ";";
  EXPECT_EQ(found["/urls/1"], "must be a string, not 7;");
  EXPECT_EQ(found["/urls/2"], "is not a URL of http or https;");
  EXPECT_EQ(found["/urls/3"].substr(0, 24), "is not an absolute URL: ");
  EXPECT_EQ(found["/limt"], "is not a known field; did you mean \"limit\"?;");
  EXPECT_EQ(found["/max_depth"], "is not a known field; did you mean \"maxDepth\"?;");
  EXPECT_EQ(found["/limit"],
            "is given twice;must be a whole number, 1 to 1000000000 pages, not 0;");
  EXPECT_EQ(found["/delay"], "must be a number, 0 to 86400 seconds, not \"fast\";");
  EXPECT_EQ(found["/scope"],
            "must be one of host, domain, path, any, list, not \"hots\"; did you mean \"host\"?;");
  EXPECT_EQ(found["/zzzzzz"], "is not a known field;");
  EXPECT_EQ(found.size(), 9u);
}

TEST(CrawlRequest, RefusesWhatIsNoObject) {
  for (const char* text : {"[]", "1", "\"x\"", "null", "true"}) {
    EXPECT_EQ(mistakes(parse_crawl_request(text)),
              (std::vector<request_error>{{"", "must be an object"}}))
        << text;
  }
  EXPECT_EQ(mistakes(parse_crawl_request("{}")),
            (std::vector<request_error>{{"/urls", "is missing"}}));
  EXPECT_FALSE(mistakes(parse_crawl_request("{]")).empty());
}

TEST(CrawlRequest, HoldsTheNumberOfSeeds) {
  const auto with = [](std::size_t n) {
    std::string out = R"({"urls":[)";
    for (std::size_t i = 0; i < n; ++i) out += (i ? ",\"http://a/\"" : "\"http://a/\"");
    return out + "]}";
  };
  EXPECT_EQ(accepted(with(max_seeds)).urls.size(), max_seeds);
  EXPECT_EQ(mistakes(parse_crawl_request(with(max_seeds + 1))),
            (std::vector<request_error>{{"/urls", "must hold 1 to 100000 strings, not 100001"}}));
  EXPECT_EQ(mistakes(parse_crawl_request(with(0))).at(0).pointer, "/urls");
}

TEST(CrawlRequest, CutsTheListOfMistakes) {
  std::string text = R"({"urls":[0)";
  for (int i = 1; i < 5000; ++i) text += ",0";
  const auto errors = mistakes(parse_crawl_request(text + "]}"));
  ASSERT_EQ(errors.size(), max_request_errors + 1);
  EXPECT_EQ(errors.back(), (request_error{"", "has 4000 further mistakes"}));
}

TEST(CrawlRequest, RefusesAbsurdNumbers) {
  const std::string detail = "must be a whole number, 1 to 1000000000 pages, not ";
  EXPECT_EQ(refused(R"("limit": -5)"), lines{"/limit " + detail + "-5"});
  EXPECT_EQ(refused(R"("limit": 1.5)"), lines{"/limit " + detail + "1.5"});
  EXPECT_EQ(refused(R"("limit": 1e300)"), lines{"/limit " + detail + "1e+300"});
  EXPECT_EQ(refused(R"("limit": 18446744073709551616)"),
            lines{"/limit " + detail + "1.8446744073709552e+19"});
  EXPECT_EQ(refused(R"("limit": "5")"), lines{"/limit " + detail + "\"5\""});
  EXPECT_EQ(refused(R"("limit": null)"), lines{"/limit " + detail + "null"});
  EXPECT_EQ(refused(R"("limit": [5])"), lines{"/limit " + detail + "an array"});
  EXPECT_EQ(refused(R"("limit": 1e400)"), lines{"/limit is a number too large to represent"});
  for (const char* field :
       {R"("timeout": 0)", R"("delay": -0.1)", R"("maxDuration": -1)", R"("maxDepth": -1)",
        R"("maxBytes": 0)", R"("perHostConcurrency": 0)", R"("perHostConcurrency": 257)",
        R"("maxConcurrency": 0)", R"("retries": 21)", R"("timeout": 3601)", R"("delay": 1e9)",
        R"("maxBodyBytes": 1073741825)", R"("maxBytes": 9007199254740993)",
        R"("maxDuration": true)"}) {
    EXPECT_EQ(refused(field).size(), 1u) << field;
  }
}

TEST(CrawlRequest, RefusesBadPatternsInRe2sWords) {
  EXPECT_EQ(refused(R"-("includePaths": ["ok", "(", "a(?=b)"])-"),
            (lines{"/includePaths/1 is not a valid RE2 pattern: missing ): (",
                   "/includePaths/2 is not a valid RE2 pattern: invalid perl operator: (?="}));
  EXPECT_EQ(refused(R"("excludePaths": ["((a{500}){500}){500}"])").size(), 1u);
  EXPECT_EQ(refused(R"("excludePaths": [")" + std::string(max_pattern_bytes, 'a') + "\"]"),
            lines{});
  EXPECT_EQ(refused(R"("excludePaths": [")" + std::string(max_pattern_bytes + 1, 'a') + "\"]"),
            lines{"/excludePaths/0 must not be longer than 1000 bytes"});
  std::string large;  // short to write, but not to compile
  for (int i = 0; i < 100; ++i) large += "\\\\pL{9}";
  EXPECT_EQ(
      refused(R"("excludePaths": [")" + large + "\"]"),
      lines{"/excludePaths/0 is not a valid RE2 pattern: pattern too large - compile failed"});
  std::string many = "\"a\"";
  for (std::size_t i = 0; i < max_patterns; ++i) many += ",\"a\"";
  EXPECT_EQ(refused(R"("excludePaths": [)" + many + "]"),
            lines{"/excludePaths must hold 0 to 100 strings, not 101"});
}

// Each could be used alone; a hundred would hold up whoever compiles and runs them.
TEST(CrawlRequest, BoundsWhatAllPatternsCostTogether) {
  const std::string costly = R"-("%d(?:[a-z\\pL]{1,39})")-";
  const std::string in_all = " makes the request's patterns too large all together";
  EXPECT_EQ(refused("\"excludePaths\": [" + costly + "]"), lines{});
  std::string many = costly;
  for (std::size_t i = 1; i < max_patterns; ++i) many += "," + costly;
  EXPECT_EQ(refused("\"excludePaths\": [" + many + "]"), lines{"/excludePaths/1" + in_all});
  EXPECT_EQ(refused("\"excludePaths\": [" + costly + "], \"includePaths\": [" + costly + "]"),
            lines{"/includePaths/0" + in_all});
  EXPECT_EQ(refused("\"excludePaths\": [" + costly + "], \"extract\": {\"a\": {\"regex\": " +
                    costly + "}, \"b\": {\"regex\": \"b\"}}"),
            lines{"/extract/a/regex" + in_all});
}

TEST(CrawlRequest, IsHeldToWhatTheServiceAllows) {
  const request_caps caps{.max_body_bytes = 1000};
  const auto with = [&](const std::string& field) {
    return parse_fetch_request(R"({"url": "http://a.test/")" + field + "}", caps);
  };
  EXPECT_EQ(std::get<crawl_spec>(with("")).max_body_bytes, 1000u) << "the default is no mistake";
  EXPECT_EQ(std::get<crawl_spec>(with(R"(, "maxBodyBytes": 1000)")).max_body_bytes, 1000u);
  EXPECT_EQ(
      std::get<std::vector<request_error>>(with(R"(, "maxBodyBytes": 1001)")),
      (std::vector<request_error>{
          {"/maxBodyBytes", "must be at most 1000, which this service allows (max-page-size)"}}));
}

TEST(CrawlRequest, TakesAsManyFormatsAsThereAre) {
  EXPECT_EQ(refused(R"("formats": ["text", "links", "metadata", "rawHtml"])"), lines{});
  EXPECT_EQ(refused(R"("formats": ["text", "links", "metadata", "rawHtml", "text"])"),
            lines{"/formats must hold 0 to 4 words, not 5"});
}

TEST(CrawlRequest, KeepsHeadersFromBreakingTheRequest) {
  const auto header = [](const std::string& name, const std::string& value) {
    return refused("\"headers\": {\"" + name + "\": \"" + value + "\"}");
  };
  const std::string controls = " A header's value has no line breaks or other control characters.";
  EXPECT_EQ(header("X-A", "b\\r\\nEvil: 1"), lines{"/headers/X-A" + controls});
  EXPECT_EQ(header("X-A", "b\\nc"), lines{"/headers/X-A" + controls});
  EXPECT_EQ(header("X-A", "b\\u0000c"), lines{"/headers/X-A" + controls});
  for (const char* name :
       {"X A", "X-A:", "", "X\\r\\nY", "X\\u0000", "\\u00e9", "Host", "hOST", "Connection",
        "Transfer-Encoding", "Content-Length", "TE", "Upgrade", "Keep-Alive", "Proxy-Authorization",
        "Expect", "Accept-Encoding", "User-Agent"})
    EXPECT_EQ(header(name, "b").size(), 1u) << name;
  EXPECT_EQ(header(std::string(257, 'a'), "b").size(), 1u);
  EXPECT_EQ(header("X-A", std::string(8193, 'a')).size(), 1u);
  EXPECT_EQ(header("Authorization", "Bearer x"), lines{});
  EXPECT_EQ(refused(R"("headers": {"X-A": 1})"), lines{"/headers/X-A must be a string, not 1"});
  EXPECT_EQ(refused(R"("headers": {"x-a": "1", "X-A": "2"})"),
            lines{"/headers/x-a is given twice"});
  EXPECT_EQ(refused(R"("headers": [])").size(), 1u);
  const std::string big(8000, 'a');
  EXPECT_EQ(
      refused("\"headers\": {\"a\":\"" + big + "\",\"b\":\"" + big + "\",\"c\":\"" + big + "\"}"),
      lines{"/headers must not hold more than 16384 bytes in all"});
  EXPECT_EQ(refused(R"("userAgent": "a\nb")"),
            lines{"/userAgent must hold printable ASCII characters only"});
}

TEST(CrawlRequest, ChecksSeeds) {
  const auto seed = [](const std::string& url) {
    return mistakes(parse_crawl_request("{\"urls\":[\"" + url + "\"]}"));
  };
  for (const char* url : {"", "a.test", "//a.test/", "ftp://a.test/", "javascript:alert(1)",
                          "http://", "https:///", "http://user:pw@a.test/", "http://u@a.test/",
                          "file:///etc/passwd", "data:text/html,x", "mailto:a@b"}) {
    ASSERT_EQ(seed(url).size(), 1u) << url;
    EXPECT_EQ(seed(url)[0].pointer, "/urls/0") << url;
  }
  EXPECT_TRUE(seed("http://a.test/" + std::string(2048 - 14, 'a')).empty());
  EXPECT_EQ(seed("http://a.test/" + std::string(2049 - 14, 'a')).size(), 1u);
}

TEST(CrawlRequest, ChecksLabelsNamesAndCredentials) {
  EXPECT_EQ(refused(R"("labels": {"": "x"})").size(), 1u);
  EXPECT_EQ(refused(R"("labels": {"a b": "x"})").size(), 1u);
  EXPECT_EQ(refused(R"("labels": {"a": 1})"), lines{"/labels/a must be a string, not 1"});
  EXPECT_EQ(refused(R"("labels": {"a": ")" + std::string(257, 'x') + "\"}").size(), 1u);
  std::string many = R"("k0":"")";
  for (std::size_t i = 1; i <= max_labels; ++i) many += ",\"k" + std::to_string(i) + "\":\"\"";
  EXPECT_EQ(refused("\"labels\": {" + many + "}").size(), 1u);
  EXPECT_EQ(refused("\"name\": \"" + std::string(257, 'x') + "\"").size(), 1u);
  EXPECT_EQ(refused(R"("auth": {"username": "a:b", "password": "x"})").size(), 1u);
  EXPECT_EQ(refused(R"("auth": {"user": "a"})").size(), 3u);
  EXPECT_EQ(refused(R"("auth": "a:b")").size(), 1u);
  EXPECT_EQ(refused(R"("contentTypes": ["html"])").size(), 1u);
  EXPECT_EQ(refused(R"("contentTypes": [])").size(), 1u);
  EXPECT_EQ(refused(R"("formats": ["markdown"])"),
            lines{"/formats/0 must be one of metadata, links, text, rawHtml, not \"markdown\""});
  EXPECT_EQ(refused(R"("formats": [])"), lines{});
}

TEST(CrawlRequest, ChecksExtractRules) {
  const auto rule = [](const std::string& text) {
    return refused("\"extract\": {\"a\": " + text + "}");
  };
  EXPECT_EQ(rule(R"({"regex": "b"})"), lines{});
  EXPECT_EQ(rule("{}"), lines{"/extract/a/regex is missing"});
  EXPECT_EQ(rule(R"("b")"), lines{"/extract/a must be an object with regex, not \"b\""});
  EXPECT_EQ(rule(R"-({"regex": "("})-"),
            lines{"/extract/a/regex is not a valid RE2 pattern: missing ): ("});
  EXPECT_EQ(rule(R"({"regex": "b", "group": 1})"),
            lines{"/extract/a cannot be used: the pattern has 0 groups"});
  EXPECT_EQ(rule(R"({"regex": 1, "group": -1, "all": 1, "on": "links", "x": 1})").size(), 5u);
  EXPECT_EQ(refused(R"("extract": {"": {"regex": "b"}})").size(), 1u);
  EXPECT_EQ(refused(R"("extract": [])").size(), 1u);
  std::string many;
  for (int i = 0; i < 51; ++i) {
    if (i != 0) many += ',';
    many += "\"r" + std::to_string(i) + R"(": {"regex": "b"})";
  }
  EXPECT_EQ(refused("\"extract\": {" + many + "}"),
            lines{"/extract must hold 0 to 50 rules, not 51"});
}

TEST(CrawlRequest, AWebhookIsCheckedInAllItsParts) {
  const auto hook = [](const std::string& members) {
    return refused("\"webhook\": {" + members + "}");
  };
  const std::string url = R"("url": "http://a.test/", )";
  const std::string secret = R"("secret": "0123456789abcdef", )";
  EXPECT_EQ(refused(R"("webhook": "http://a.test/")").size(), 1u);
  EXPECT_EQ(hook(secret + R"("events": ["crawl.page"])"), lines{"/webhook/url is missing"});
  EXPECT_EQ(hook(secret + R"("url": "ftp://a.test/")").size(), 1u);
  EXPECT_EQ(hook(url + R"("events": ["crawl.page"])"),
            lines{"/webhook/secret is missing, and this service has no webhook-secret"});
  EXPECT_EQ(hook(url + R"("secret": "0123456789abcde")"),
            lines{"/webhook/secret must hold 16 to 512 bytes"});
  EXPECT_EQ(hook(url + R"("secret": "whsec_AAAA")"),
            lines{"/webhook/secret must hold 16 to 512 bytes"});
  EXPECT_EQ(hook(url + secret + R"("events": [])").size(), 1u);
  EXPECT_EQ(hook(url + secret + R"("events": ["crawl.paused"])"),
            lines{"/webhook/events/0 must be one of crawl.started, crawl.page, crawl.completed, "
                  "crawl.failed, not \"crawl.paused\""});
  EXPECT_EQ(hook(url + secret + R"("headers": {"Host": "b"})").size(), 1u);
  EXPECT_EQ(hook(url + secret + R"("headers": {"X-A": "1\r\nX-B: 2"})").size(), 1u);
  EXPECT_EQ(hook(url + secret + R"("method": "PUT")").size(), 1u);
}

TEST(CrawlRequest, AWebhooksSecretIsTheServicesWhereItHasOne) {
  const std::string text =
      R"({"urls": ["http://a.test/"], "webhook": {"url": "http://a.test/", "headers": {"X-K": "v"},
          "events": ["crawl.page", "crawl.failed"]}})";
  const auto parsed = parse_crawl_request(text, {.signs_webhooks = true});
  const auto& spec = std::get<crawl_spec>(parsed);
  ASSERT_TRUE(spec.webhook);
  EXPECT_TRUE(spec.webhook->wants(webhook_event::page));
  EXPECT_TRUE(spec.webhook->wants(webhook_event::failed));
  EXPECT_FALSE(spec.webhook->wants(webhook_event::started));
  const auto shown = request_as_json(spec, 1).at("webhook");
  EXPECT_EQ(shown.at("headers").at("X-K"), "[redacted]");
  EXPECT_EQ(shown.at("events"), nlohmann::json::parse(R"(["crawl.page", "crawl.failed"])"));
}

TEST(CrawlRequest, SinceNamesACrawl) {
  EXPECT_EQ(refused(R"("since": "2026-01-01T00:00:00Z")"),
            lines{"/since is not the id of a crawl"});
}

TEST(FetchRequest, TakesOneUrlAndWhatConcernsIt) {
  const auto parsed = parse_fetch_request(
      R"({"url": "http://a.test/", "formats": [], "timeout": 5, "robots": "ignore"})");
  const auto& spec = std::get<crawl_spec>(parsed);
  EXPECT_EQ(spec.urls, std::vector<std::string>{"http://a.test/"});
  EXPECT_TRUE(spec.formats.empty());
  EXPECT_EQ(spec.limit, 1u);
  EXPECT_EQ(spec.scope, scope_kind::list);
  const auto errors = mistakes(parse_fetch_request(R"({"urls": [], "limit": 5, "formts": []})"));
  EXPECT_EQ(errors, (std::vector<request_error>{
                        {"/formts", "is not a known field; did you mean \"formats\"?"},
                        {"/limit", "does not concern the fetch of one page"},
                        {"/urls", "does not concern the fetch of one page"},
                        {"/url", "is missing"}}));
  EXPECT_EQ(mistakes(parse_crawl_request(R"({"url":"http://a/"})")).at(0).detail,
            "concerns /v1/fetch only");
}

TEST(RequestFields, EveryRowIsComplete) {
  std::set<std::string_view> names;
  std::set<std::string_view> flags;
  for (const request_field& field : request_fields()) {
    EXPECT_TRUE(names.insert(field.name).second) << field.name;
    if (!field.flag.empty()) {
      EXPECT_TRUE(flags.insert(field.flag).second) << field.flag;
      EXPECT_FALSE(field.help.empty()) << field.name;
      EXPECT_FALSE(field.fallback.empty()) << field.name;
    }
    EXPECT_NE(field.read, nullptr);
  }
}

TEST(RequestEcho, CanBeSentAgain) {
  const crawl_spec spec = accepted(
      R"({"urls":["http://a.test/"],"maxDepth":3,"delay":0.125,"formats":["text"],"limit":7})");
  const std::string echo = json_text(request_as_json(spec, 10));
  EXPECT_EQ(json_text(request_as_json(accepted(echo), 10)), echo);
}

TEST(RequestEcho, KeepsSecrets) {
  const crawl_spec spec = accepted(R"({"urls":["http://a.test/"],
      "headers":{"authorization":"Bearer hush","Cookie":"id=hush","X-Api-Key":"hush","X-A":"seen"},
      "auth":{"username":"seen","password":"hush"}})");
  const std::string echo = json_text(request_as_json(spec, 10));
  EXPECT_EQ(echo.find("hush"), std::string::npos) << echo;
  EXPECT_NE(echo.find(R"("X-A":"seen")"), std::string::npos) << echo;
  EXPECT_NE(echo.find(R"("username":"seen")"), std::string::npos) << echo;
}

}  // namespace
}  // namespace orbweaver
