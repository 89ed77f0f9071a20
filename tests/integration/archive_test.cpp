// What a service with a store on disk keeps of pages: their bytes, archives, and what has changed.
#include <atomic>
#include <gtest/gtest.h>
#include <zlib.h>

#include "tests/support/encodings.hpp"
#include "tests/support/running_app.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/site_server.hpp"

namespace orbweaver {
namespace {

using nlohmann::json;
using test::code_of;
using test::http_answer;
using test::running_app;
using test::site_server;

settings on_disk(const std::filesystem::path& folder) {
  settings out = test::loopback_settings();
  out.store = store_kind::rocksdb;
  out.data_dir = (folder / "data").string();
  return out;
}

json quick(const std::string& seed) {
  return {{"urls", json::array({seed})}, {"delay", 0}, {"sitemap", "skip"}, {"robots", "ignore"}};
}

// A site whose pages know when they have not changed.
class changing_site {
 public:
  changing_site() : server_(site_server::script([this](const auto& hit) { return answer(hit); })) {}

  std::string url(const std::string& path = "/") const { return server_.url(path); }
  void put(const std::string& path, const std::string& text) {
    const std::scoped_lock lock(mutex_);
    pages_[path] = text;
  }
  void remove(const std::string& path) {
    const std::scoped_lock lock(mutex_);
    pages_.erase(path);
  }
  std::vector<site_server::hit> hits() const { return server_.hits(); }

 private:
  site_server::reply answer(const site_server::hit& hit) {
    const std::scoped_lock lock(mutex_);
    const auto it = pages_.find(hit.target);
    if (it == pages_.end())
      return {test::http_response(404, "Content-Type: text/html\r\n", "none")};
    const std::string tag = "\"" + std::to_string(std::hash<std::string>()(it->second)) + "\"";
    const std::string fields = "Content-Type: text/html\r\nETag: " + tag + "\r\n";
    if (hit.head.find("If-None-Match: " + tag) != std::string::npos)
      return {"HTTP/1.1 304 Not Modified\r\nETag: " + tag + "\r\n\r\n"};
    return {test::http_response(200, fields, it->second)};
  }

  std::mutex mutex_;
  std::map<std::string, std::string> pages_;
  site_server server_;
};

class Archive : public testing::Test {
 protected:
  std::string crawl(const json& request) {
    const std::string id = app_.create(request);
    app_.wait_until_final(id);
    return id;
  }
  std::vector<json> records(const std::string& id) {
    return app_.get_json("/v1/crawls/" + id + "/results?limit=1000").at("data");
  }
  std::map<std::string, std::string> changes(const std::string& id) {
    std::map<std::string, std::string> out;
    for (const json& r : records(id)) {
      const std::string url = r.at("url");
      out[url.substr(url.find('/', 7))] = r.value("change", "-");
    }
    return out;
  }
  http_answer body(const std::string& id, std::uint64_t seq, const std::string& fields = "") {
    return app_.get("/v1/crawls/" + id + "/results/" + std::to_string(seq) + "/body", fields);
  }
  http_answer results(const std::string& id, const std::string& query) {
    return app_.get("/v1/crawls/" + id + "/results?" + query);
  }

  test::scratch_folder folder_;
  running_app app_{on_disk(folder_.path())};
};

TEST_F(Archive, GivesPagesBackAsTheyCame) {
  const site_server site(site_server::page_map{{"/", "<a href=/b>b</a>"}, {"/b", "<p>second"}});
  const std::string id = crawl(quick(site.url()));
  const http_answer page = body(id, 2);
  EXPECT_EQ(page.status, 200u);
  EXPECT_EQ(page.body, "<p>second");
  EXPECT_TRUE(page.fields.at("content-type").starts_with("text/html"));
  EXPECT_EQ(page.fields.at("content-disposition"), "attachment");
  EXPECT_EQ(page.fields.at("content-security-policy"), "sandbox; default-src 'none'");
  EXPECT_EQ(page.fields.at("x-content-type-options"), "nosniff");
  EXPECT_EQ(code_of(body(id, 3)), "body_not_kept");
  EXPECT_EQ(code_of(app_.get("/v1/crawls/" + id + "/results/x/body")), "not_found");
  EXPECT_EQ(code_of(body(crawl_id::random().to_string(), 1)), "crawl_not_found");
  EXPECT_GT(app_.status(id).at("counts").at("bytesStored"), 25);
}

TEST_F(Archive, DecodesForWhoeverCannot) {
  const std::string text(5000, 'z');
  const std::string packed = test::gzip(text);
  const site_server site{site_server::script([&](const auto&) {
    return site_server::reply{
        test::http_response(200, "Content-Type: text/html\r\nContent-Encoding: gzip\r\n", packed)};
  })};
  const std::string id = crawl(quick(site.url()));
  const http_answer plain = body(id, 1);
  EXPECT_EQ(plain.body, text);
  EXPECT_FALSE(plain.fields.contains("content-encoding"));
  const http_answer coded = body(id, 1, "Accept-Encoding: br, gzip;q=0.5\r\n");
  EXPECT_EQ(coded.body, packed);
  EXPECT_EQ(coded.fields.at("content-encoding"), "gzip");
  EXPECT_EQ(body(id, 1, "Accept-Encoding: gzip;q=0, *\r\n").body, text);
}

// The head of a 304 does not say what the bytes are.
TEST_F(Archive, AnUnchangedPageIsServedAsTheAnswerThatBroughtItSaid) {
  const std::string text = "<title>x</title>" + std::string(5000, 'z');
  for (const bool is_coded : {true, false}) {
    const std::string sent = is_coded ? test::gzip(text) : text;
    const site_server site{site_server::script([&](const auto& hit) -> site_server::reply {
      if (hit.head.find("If-None-Match") != std::string::npos)
        return {test::http_response(304, "ETag: \"1\"\r\n", "")};
      std::string fields = "ETag: \"1\"\r\nContent-Type: text/html; charset=iso-8859-1\r\n";
      if (is_coded) fields += "Content-Encoding: gzip\r\n";
      return {test::http_response(200, fields, sent)};
    })};
    json request = quick(site.url());
    const std::string first = crawl(request);
    request["since"] = first;
    const std::string second = crawl(request);
    request["since"] = second;
    const std::string third = crawl(request);
    ASSERT_EQ(records(third).at(0).at("status"), 304);
    const auto expect_page = [&](const http_answer& answer) {
      EXPECT_EQ(answer.body, text);
      EXPECT_FALSE(answer.fields.contains("content-encoding"));
      EXPECT_TRUE(answer.fields.at("content-type").starts_with("text/html"));
    };
    for (const std::string& id : {second, third}) {
      expect_page(body(id, 1));
      const http_answer coded = body(id, 1, "Accept-Encoding: gzip\r\n");
      EXPECT_EQ(coded.body, sent);
      EXPECT_EQ(coded.fields.contains("content-encoding"), is_coded);
    }
    EXPECT_EQ(app_.remove("/v1/crawls/" + first).status, 204u);
    expect_page(body(second, 1));
    expect_page(body(third, 1, "Accept-Encoding: gzip\r\n"));
  }
}

TEST_F(Archive, NothingIsKeptOfACrawlThatAsksForThat) {
  const site_server site(site_server::page_map{{"/", "page"}});
  json request = quick(site.url());
  request["storeBodies"] = false;
  const std::string id = crawl(request);
  EXPECT_EQ(code_of(body(id, 1)), "body_not_kept");
  EXPECT_EQ(code_of(results(id, "format=warc")), "body_not_kept");
}

TEST_F(Archive, AnArchiveIsTheSameEveryTime) {
  const site_server site(
      site_server::page_map{{"/", "<a href=/b>b</a><a href=/c>c</a>"}, {"/b", "x"}, {"/c", "x"}});
  const std::string id = crawl(quick(site.url()));
  const http_answer first = results(id, "format=warc");
  EXPECT_EQ(first.status, 200u);
  EXPECT_TRUE(first.whole);
  EXPECT_EQ(first.fields.at("content-type"), "application/warc");
  EXPECT_EQ(first.fields.at("content-disposition"), "attachment; filename=\"" + id + ".warc.gz\"");
  EXPECT_EQ(first.body, results(id, "format=warc").body);
  EXPECT_EQ(first.body,
            app_.get("/v1/crawls/" + id + "/results", "Accept: application/warc\r\n").body);
  const http_answer index = results(id, "format=cdxj");
  EXPECT_EQ(std::ranges::count(index.body, '\n'), 3);
  EXPECT_NE(index.body.find("\"mime\": \"warc/revisit\""), std::string::npos);
  EXPECT_EQ(code_of(results(id, "format=cdxj&follow=true")), "invalid_parameter");
  EXPECT_EQ(code_of(results(id, "format=warc&outcome=failed")), "invalid_parameter");
}

TEST_F(Archive, FollowsACrawlToItsEnd) {
  const site_server site(site_server::page_map{{"/", "<a href=/b>b</a>"}, {"/b", "x"}});
  const std::string id = app_.create(quick(site.url()));
  const http_answer live = results(id, "format=warc&follow=true");
  EXPECT_TRUE(live.whole);
  EXPECT_EQ(live.body, results(id, "format=warc").body);
}

TEST_F(Archive, RecordsAreATableToo) {
  const site_server site(site_server::page_map{{"/", "<title>=1</title><a href=/b>b</a>"}});
  const std::string id = crawl(quick(site.url()));
  const http_answer table = app_.get("/v1/crawls/" + id + "/results", "Accept: text/csv\r\n");
  EXPECT_EQ(table.fields.at("content-type"), "text/csv");
  EXPECT_TRUE(table.body.starts_with("seq,url,"));
  EXPECT_EQ(std::ranges::count(table.body, '\n'), 3) << "a header and two records";
  EXPECT_NE(table.body.find(",\"'=1\","), std::string::npos);
  EXPECT_EQ(std::ranges::count(results(id, "format=csv&outcome=failed").body, '\n'), 1);
}

TEST_F(Archive, ALaterCrawlSaysWhatHasChanged) {
  changing_site site;
  site.put("/", "<a href=/same>1</a><a href=/other>2</a><a href=/gone>3</a><a href=/new>4</a>");
  site.put("/same", "<title>same</title><a href=/deep>deep</a>");
  site.put("/deep", "deep");
  site.put("/other", "before");
  site.put("/gone", "there");
  const std::string first = crawl(quick(site.url()));
  EXPECT_EQ(changes(first).at("/"), "-");
  site.put("/other", "after");
  site.put("/new", "new");
  site.remove("/gone");
  json request = quick(site.url());
  request["since"] = first;
  const std::string second = crawl(request);
  const std::map<std::string, std::string> expected{{"/", "unchanged"},     {"/same", "unchanged"},
                                                    {"/deep", "unchanged"}, {"/other", "changed"},
                                                    {"/gone", "gone"},      {"/new", "changed"}};
  EXPECT_EQ(changes(second), expected);
  for (const json& r : records(second)) {
    const std::string url = r.at("url");
    if (!url.ends_with("/same")) continue;
    EXPECT_EQ(r.at("status"), 304);
    EXPECT_EQ(r.at("title"), "same") << "as it was";
    EXPECT_EQ(r.at("links").size(), 1u);
    EXPECT_EQ(body(second, r.at("seq")).body, "<title>same</title><a href=/deep>deep</a>");
  }
  EXPECT_TRUE(app_.connect().request("DELETE", "/v1/crawls/" + first).status == 204);
  request["since"] = second;
  const std::string third = crawl(request);
  EXPECT_EQ(changes(third).at("/same"), "unchanged");
  EXPECT_EQ(changes(third).at("/gone"), "unchanged") << "it was gone before";
  EXPECT_EQ(body(third, 1).status, 200u);
}

TEST_F(Archive, PagesAreComparedByContentWhereTheyCannotBeAskedFor) {
  changing_site site;
  site.put("/", "one");
  json request = quick(site.url());
  request["formats"] = json::array();
  const std::string first = crawl(request);
  request["since"] = first;
  EXPECT_EQ(changes(crawl(request)).at("/"), "unchanged");
  site.put("/", "two");
  EXPECT_EQ(changes(crawl(request)).at("/"), "changed");
  for (const auto& hit : site.hits())
    EXPECT_EQ(hit.head.find("If-None-Match"), std::string::npos) << "links would be missing";
}

TEST_F(Archive, LinksBehindACutAreFoundByALaterCrawl) {
  changing_site site;
  site.put("/", std::string(5000, 'x') + "<a href=/last>last</a>");
  site.put("/last", "last");
  json request = quick(site.url());
  request["maxBodyBytes"] = 1000;
  const std::string first = crawl(request);
  ASSERT_EQ(records(first).at(0).at("truncated"), "size_limit");
  request.erase("maxBodyBytes");
  request["since"] = first;
  const std::string second = crawl(request);
  const std::map<std::string, std::string> expected{{"/", "-"}, {"/last", "new"}};
  EXPECT_EQ(changes(second), expected) << "of a part it cannot be said whether it has changed";
  EXPECT_EQ(records(second).at(0).at("status"), 200);
  EXPECT_GT(body(second, 1).body.size(), 5000u);
  request["since"] = second;
  EXPECT_EQ(changes(crawl(request)).at("/"), "unchanged");
  EXPECT_NE(site.hits().back().head.find("If-None-Match"), std::string::npos);
}

TEST_F(Archive, BodiesThatTheEarlierCrawlDidNotKeepAreFetched) {
  changing_site site;
  site.put("/", "<a href=/b>b</a>");
  site.put("/b", "b");
  json request = quick(site.url());
  request["storeBodies"] = false;
  const std::string first = crawl(request);
  request["since"] = first;
  const std::string without = crawl(request);
  EXPECT_EQ(records(without).at(0).at("status"), 304) << "nothing is missing";
  request.erase("storeBodies");
  for (const std::string& since : {first, without}) {
    request["since"] = since;
    const std::string id = crawl(request);
    const std::map<std::string, std::string> expected{{"/", "unchanged"}, {"/b", "unchanged"}};
    EXPECT_EQ(changes(id), expected);
    EXPECT_EQ(body(id, 2).body, "b");
    const http_answer index = results(id, "format=cdxj");
    EXPECT_EQ(index.body.find("\"status\": \"304\""), std::string::npos) << index.body;
    EXPECT_EQ(std::ranges::count(index.body, '\n'), 2);
    request["since"] = id;
    const std::string next = crawl(request);
    EXPECT_EQ(records(next).at(1).at("status"), 304) << "now they are there";
    EXPECT_EQ(body(next, 2).body, "b");
  }
}

TEST_F(Archive, APageIsNotTakenForTheErrorThatStoodInItsPlace) {
  std::atomic<bool> well = false;
  const site_server site{site_server::script([&](const auto& hit) -> site_server::reply {
    const std::string fields =
        "Content-Type: text/html\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
    if (!well) return {test::http_response(503, fields, "maintenance")};
    if (hit.head.find("If-Modified-Since") != std::string::npos)
      return {test::http_response(304, "", "")};
    return {test::http_response(200, fields, "<title>well</title>")};
  })};
  json request = quick(site.url());
  request["retries"] = 0;
  const std::string first = crawl(request);
  ASSERT_EQ(records(first).at(0).at("status"), 503);
  well = true;
  request["since"] = first;
  const std::string second = crawl(request);
  EXPECT_EQ(records(second).at(0).at("status"), 200);
  EXPECT_EQ(records(second).at(0).at("title"), "well");
  EXPECT_EQ(changes(second).at("/"), "-");
  request["since"] = second;
  const std::string third = crawl(request);
  EXPECT_EQ(records(third).at(0).at("status"), 304);
  EXPECT_EQ(records(third).at(0).at("title"), "well");
}

TEST_F(Archive, ACrawlSaysThatWhatItComparesWithWasDeleted) {
  std::string deleted_by_root;
  const auto answer = [&](const site_server::hit& hit) -> site_server::reply {
    if (hit.target == "/" && !deleted_by_root.empty()) {
      EXPECT_EQ(app_.remove("/v1/crawls/" + deleted_by_root).status, 204u);
    }
    return {test::html_response("<a href=/b>b</a>")};
  };
  const site_server site{site_server::script(answer)};
  json request = quick(site.url());
  const std::string first = crawl(request);
  request["since"] = first;
  deleted_by_root = first;
  const std::string second = crawl(request);
  EXPECT_EQ(changes(second).at("/"), "unchanged") << "it was there yet";
  EXPECT_EQ(changes(second).at("/b"), "-");
  const json warnings = app_.status(second).at("warnings");
  EXPECT_TRUE(std::ranges::any_of(warnings, [](const std::string& one) {
    return one.find("since was deleted") != std::string::npos;
  })) << warnings;
}

TEST_F(Archive, SinceNamesACrawlThatIsOver) {
  json request = quick("http://127.0.0.1:1/");
  request["since"] = crawl_id::random().to_string();
  const http_answer unknown = app_.post("/v1/crawls", request.dump());
  EXPECT_EQ(unknown.status, 400u);
  EXPECT_EQ(json::parse(unknown.body).at("errors").at(0).at("pointer"), "/since");
}

TEST(ArchiveInMemory, NoBodiesAndNoEarlierCrawls) {
  const site_server site(site_server::page_map{{"/", "page"}});
  const running_app app;
  json request = quick(site.url());
  request["storeBodies"] = true;
  const std::string id = app.create(request);
  const json status = app.wait_until_final(id);
  EXPECT_FALSE(status.at("warnings").empty());
  EXPECT_EQ(code_of(app.get("/v1/crawls/" + id + "/results/1/body")), "body_not_kept");
  request["since"] = id;
  EXPECT_EQ(code_of(app.post("/v1/crawls", request.dump())), "invalid_request");
}

TEST(Retention, RemovesWhatIsOver) {
  const site_server site(site_server::page_map{{"/", std::string(1000, 'x')}});
  const test::scratch_folder folder;
  std::string id;
  {
    const running_app app(on_disk(folder.path()));
    id = app.create(quick(site.url()));
    app.wait_until_final(id);
  }
  settings tight = on_disk(folder.path());
  tight.retain_bytes = 1;
  const running_app app(tight);
  for (int i = 0; i < 10'000 && app.get("/v1/crawls/" + id).status != 404; ++i)
    std::this_thread::yield();
  EXPECT_EQ(code_of(app.get("/v1/crawls/" + id)), "crawl_not_found");
}

}  // namespace
}  // namespace orbweaver
