#include <algorithm>
#include <gtest/gtest.h>

#include "tests/support/gate.hpp"
#include "tests/support/running_app.hpp"
#include "tests/support/site_server.hpp"

namespace orbweaver {
namespace {

using nlohmann::json;
using test::code_of;
using test::gate;
using test::http_answer;
using test::running_app;
using test::site_server;

constexpr int pages = 30;

site_server::page_map site_pages() {
  site_server::page_map out;
  for (int i = 1; i < pages; ++i) {
    out["/"] += "<a href=/p" + std::to_string(i) + ">x</a>";
    out["/p" + std::to_string(i)] = "<title>page " + std::to_string(i) + "</title>";
  }
  return out;
}

json quick(const std::string& seed) {
  return {{"urls", json::array({seed})}, {"delay", 0}, {"sitemap", "skip"}, {"robots", "ignore"}};
}

struct event {
  std::string id;
  std::string name;
  json data;
};

// Of a stream, or of as much of it as has come.
std::vector<event> events_in(const std::string& text) {
  std::vector<event> out;
  event one;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    if (line.starts_with("id: ")) one.id = line.substr(4);
    if (line.starts_with("event: ")) one.name = line.substr(7);
    if (line.starts_with("data: ")) one.data = json::parse(line.substr(6));
    if (line.empty() && !one.name.empty()) {
      out.push_back(one);
      one.name.clear();
    }
  }
  return out;
}

std::vector<std::uint64_t> seqs_of(const std::vector<event>& events) {
  std::vector<std::uint64_t> out;
  for (const event& e : events)
    if (e.name == "page") out.push_back(e.data.at("seq"));
  return out;
}

std::vector<std::uint64_t> from_to(std::uint64_t first, std::uint64_t last) {
  std::vector<std::uint64_t> out;
  for (std::uint64_t n = first; n <= last; ++n) out.push_back(n);
  return out;
}

class ApiEvents : public testing::Test {
 protected:
  ApiEvents() : site_(site_pages()), id_(app_.create(quick(site_.url()))) {
    app_.wait_until_final(id_);
  }
  std::string path(const std::string& query = "") const {
    return "/v1/crawls/" + id_ + "/events" + query;
  }
  http_answer after(const std::string& last_id, const std::string& query = "") const {
    return app_.get(path(query), "Last-Event-ID: " + last_id + "\r\n");
  }

  site_server site_;
  running_app app_;
  std::string id_;
};

TEST_F(ApiEvents, TellEveryPageOnceAndHowTheCrawlEnded) {
  const http_answer answer = app_.get(path());
  EXPECT_EQ(answer.fields.at("content-type"), "text/event-stream");
  EXPECT_TRUE(answer.whole);
  const auto events = events_in(answer.body);
  EXPECT_EQ(events.front().name, "state");
  EXPECT_EQ(seqs_of(events), from_to(1, pages));
  EXPECT_EQ(events.back().name, "state");
  EXPECT_EQ(events.back().data, app_.status(id_));
  EXPECT_EQ(events.back().id, "30.end");
}

TEST_F(ApiEvents, TellOfAPageWhatItsRecordBeginsWith) {
  const auto events = events_in(app_.get(path()).body);
  const auto named = std::ranges::find_if(
      events, [](const event& e) { return e.data.value("title", "") == "page 7"; });
  ASSERT_NE(named, events.end());
  EXPECT_EQ(named->data.at("url"), site_.url("/p7"));
  EXPECT_EQ(named->data.at("outcome"), "fetched");
  EXPECT_EQ(named->data.at("status"), 200);
  EXPECT_FALSE(named->data.contains("links"));
  EXPECT_EQ(named->id, std::to_string(named->data.at("seq").get<int>()));
}

TEST_F(ApiEvents, GoOnAfterTheLastOneSeen) {
  EXPECT_EQ(seqs_of(events_in(after("11").body)), from_to(12, pages));
  EXPECT_EQ(seqs_of(events_in(after("30").body)), from_to(1, 0)) << "the end is still to be told";
  EXPECT_EQ(events_in(after("30").body).back().id, "30.end");
  const http_answer over = after("30.end");
  EXPECT_EQ(over.status, 204) << "so a browser does not ask again";
  EXPECT_TRUE(over.body.empty());
}

TEST_F(ApiEvents, BeginWithTheLastPagesWhereThatIsAskedFor) {
  EXPECT_EQ(seqs_of(events_in(app_.get(path("?tail=4")).body)), from_to(27, pages));
  EXPECT_EQ(seqs_of(events_in(app_.get(path("?tail=0")).body)), from_to(1, 0));
  EXPECT_EQ(seqs_of(events_in(after("28", "?tail=4").body)), from_to(29, pages));
  EXPECT_EQ(seqs_of(events_in(after("3", "?tail=4").body)), from_to(27, pages));
}

TEST_F(ApiEvents, RefuseWhatIsNotTheirs) {
  for (const char* id : {"x", "-1", "1.", "1.end.end", "99999999999999999999"})
    EXPECT_EQ(code_of(after(id)), "invalid_parameter") << id;
  EXPECT_EQ(code_of(app_.get(path("?tail=1001"))), "invalid_parameter");
  EXPECT_EQ(code_of(app_.get(path("?tial=1"))), "invalid_parameter");
  EXPECT_EQ(code_of(app_.get("/v1/crawls/" + std::string(26, '0') + "/events")), "crawl_not_found");
}

TEST_F(ApiEvents, AndStatisticsAgreeWithTheCounts) {
  const json told = app_.get_json("/v1/crawls/" + id_ + "/statistics");
  EXPECT_EQ(told.at("depths").at(0), 1);
  EXPECT_EQ(told.at("depths").at(1), pages - 1);
  EXPECT_EQ(told.at("contentTypes"), json::parse(R"([{"type":"text/html","pages":30}])"));
  EXPECT_EQ(told.at("latency").at("phases").at("total").at("count"), pages);
  EXPECT_EQ(told.at("hosts").at("slowest").at(0).at("pages"), pages);
  std::uint64_t fetched = 0;
  for (const auto& n : told.at("timeline").at("fetched")) fetched += n.get<std::uint64_t>();
  EXPECT_EQ(fetched, pages);
  EXPECT_EQ(code_of(app_.get("/v1/crawls/" + std::string(26, '0') + "/statistics")),
            "crawl_not_found");
}

// The events of a crawl as it goes on, read while they come.
class follower {
 public:
  follower(const running_app& app, const std::string& path) : client_(app.connect()) {
    client_.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }
  // Reads until `text` has come.
  void read_to(std::string_view text) {
    while (heard_.find(text) == std::string::npos) {
      const std::string more = client_.read_some();
      if (more.empty()) throw std::runtime_error("the stream ended: " + heard_);
      heard_ += more;
    }
  }
  const std::string& heard() const { return heard_; }

 private:
  test::http_client client_;
  std::string heard_;
};

TEST(ApiEventsOfARunningCrawl, ComeAsItGoesOn) {
  gate held;
  site_server site([&held](const std::string& target) {
    if (target == "/held") held.pass();
    return test::html_response(target == "/" ? "<a href=/held>x</a>" : "");
  });
  const test::open_at_end at_end(held);
  const running_app app;
  const std::string id = app.create(quick(site.url()));
  follower stream(app, "/v1/crawls/" + id + "/events");
  stream.read_to("id: 1\nevent: page");
  EXPECT_NE(stream.heard().find("event: state\ndata: {\"id\":\"" + id), std::string::npos);
  EXPECT_EQ(stream.heard().find("id: 2\n"), std::string::npos);
  stream.read_to("event: progress");
  app.post("/v1/crawls/" + id + "/pause");
  stream.read_to("\"state\":\"pausing\"");
  held.open();
  stream.read_to("id: 2\nevent: page");
  stream.read_to("0\r\n\r\n");
  EXPECT_NE(stream.heard().find("id: 2.end\nevent: state"), std::string::npos);
}

TEST(ApiEventsOfARunningCrawl, BreakOffWhenItIsDeleted) {
  gate held;
  site_server site([&held](const std::string&) {
    held.pass();
    return test::html_response("");
  });
  const test::open_at_end at_end(held);
  const running_app app;
  const std::string id = app.create(quick(site.url()));
  auto client = app.connect();
  client.send("GET /v1/crawls/" + id + "/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  std::string heard;
  while (heard.find("event: state") == std::string::npos) heard += client.read_some();
  EXPECT_EQ(app.connect().request("DELETE", "/v1/crawls/" + id).status, 204u);
  heard += client.read_all();
  EXPECT_FALSE(heard.ends_with("0\r\n\r\n"));
}

TEST(ApiAbout, NamesWhatARequestMayHold) {
  const running_app app;
  const json about = app.get_json("/v1/about");
  std::vector<std::string> names;
  for (const json& field : about.at("requestFields")) names.push_back(field.at("name"));
  EXPECT_EQ(names.front(), "urls");
  EXPECT_NE(std::ranges::find(names, "maxDepth"), names.end());
  EXPECT_EQ(std::ranges::find(names, "url"), names.end()) << "of /v1/fetch";
  const json types = app.get_json("/openapi.json")
                         .at(json::json_pointer("/components/schemas/About/properties/requestFields"
                                                "/items/properties/type/enum"));
  for (const json& field : about.at("requestFields"))
    EXPECT_NE(std::ranges::find(types, field.at("type")), types.end()) << field;
  EXPECT_EQ(about.at("outcomes").at(0).at("code"), "fetched");
  EXPECT_EQ(about.at("resultFormats").at(0), "json");
}

}  // namespace
}  // namespace orbweaver
