#include "server/commands/crawl_view.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "server/api/render.hpp"

namespace orbweaver {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

crawl_status over() {
  crawl_spec spec;
  spec.urls = {"http://a/", "http://b/"};
  spec.name = "nightly";
  spec.labels = {{"team", "search"}};
  crawl_status s;
  s.id = crawl_id::random();
  s.state = crawl_state::completed;
  s.reason = finish_reason::limit;
  s.created_at = s.started_at.emplace(wall_clock::time_point(1'000'000s));
  s.finished_at = *s.started_at + 90s;
  s.request = std::make_shared<crawl_spec>(spec);
  s.counts = {.discovered = 12, .fetched = 7, .failed = 3, .skipped = 2, .bytes_on_wire = 5000};
  s.pages_per_second = 0.5;
  s.progress = 1;
  s.by_status = {{200, 6}, {404, 1}};
  s.by_outcome = {{outcome::fetched, 7}, {outcome::dns_nxdomain, 3}, {outcome::too_deep, 2}};
  s.warnings = {"mind the gap"};
  return s;
}

TEST(CrawlView, ReadsWhatTheServiceWrites) {
  const crawl_status s = over();
  const auto view = view_of(nlohmann::json(status_as_json(s, 10)));
  ASSERT_TRUE(view);
  EXPECT_EQ(view->id, s.id.to_string());
  EXPECT_EQ(view->name, "nightly");
  EXPECT_THAT(view->labels, ElementsAre("team=search"));
  EXPECT_THAT(view->seeds, ElementsAre("http://a/", "http://b/"));
  EXPECT_THAT(view->actions, ElementsAre("delete"));
  EXPECT_EQ(view->status.state, s.state);
  EXPECT_EQ(view->status.reason, s.reason);
  EXPECT_EQ(view->status.started_at, s.started_at);
  EXPECT_EQ(view->status.finished_at, s.finished_at);
  EXPECT_EQ(view->status.counts.discovered, 12u);
  EXPECT_EQ(view->status.counts.fetched, 7u);
  EXPECT_EQ(view->status.counts.bytes_on_wire, 5000u);
  EXPECT_EQ(view->status.pages_per_second, 0.5);
  EXPECT_EQ(view->status.by_status, s.by_status);
  EXPECT_EQ(view->status.by_outcome, s.by_outcome);
  EXPECT_EQ(view->status.warnings, s.warnings);
}

TEST(CrawlView, TakesWhatAnotherVersionLeavesOutOrAdds) {
  const auto view = parse_view(R"({"id": "x", "state": "dreaming", "counts": 1,
      "progress": 7, "byOutcome": {"eaten": 2, "too_deep": -1}, "byStatus": {"9x": 1, "99999": 1}})");
  ASSERT_TRUE(view);
  EXPECT_EQ(view->status.state, crawl_state::queued);
  EXPECT_EQ(view->status.progress, 1.0);
  EXPECT_THAT(view->status.by_outcome, ElementsAre(testing::Pair(outcome::unknown, 2u)));
  EXPECT_TRUE(view->status.by_status.empty());
}

TEST(CrawlView, OfAnythingElseIsNothing) {
  for (const char* text : {"", "{", "[]", "{}", R"({"id": 1})", "null", "\xff"})
    EXPECT_FALSE(parse_view(text)) << text;
}

TEST(CrawlView, IsDescribedForPeople) {
  const auto view = view_of(nlohmann::json(status_as_json(over(), 10)));
  const std::string text = described(*view);
  for (const char* part :
       {"name         nightly\n", "seeds        http://a/\n             http://b/\n",
        "labels       team=search\n", "7 fetched, 3 failed, 2 skipped\n",
        "completed (limit): 7 pages in 90 s", "3 dns_nxdomain", "note: mind the gap"})
    EXPECT_THAT(text, HasSubstr(part));
  EXPECT_THAT(described(*parse_view(R"({"id": "x", "progress": 0.5})")), HasSubstr("50%"));
}

TEST(CrawlView, IsOneLineOfATable) {
  auto view = view_of(nlohmann::json(status_as_json(over(), 10)));
  const std::string line = table_line(*view);
  EXPECT_EQ(line.find("completed"), table_header().find("STATE"));
  EXPECT_EQ(line.find("nightly"), table_header().find("NAME"));
  EXPECT_THAT(line, HasSubstr("1970-01-12T13:46:40Z"));
  view->name.clear();
  EXPECT_THAT(table_line(*view), testing::EndsWith("http://a/\n"));
}

}  // namespace
}  // namespace orbweaver
