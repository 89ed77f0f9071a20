#include "server/api/render.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "server/api/json_document.hpp"

namespace orbweaver {
namespace {

using std::chrono::milliseconds;

crawl_status running_crawl() {
  crawl_spec spec;
  spec.urls = {"http://a.test/"};
  spec.labels = {{"team", "x"}};
  crawl_status status;
  status.id = crawl_id::random();
  status.state = crawl_state::running;
  status.created_at = wall_clock::time_point(milliseconds(1'769'903'999'123));
  status.request = std::make_shared<const crawl_spec>(std::move(spec));
  status.counts.discovered = 5;
  status.counts.in_flight = 2;
  status.by_status[200] = 3;
  status.by_outcome[outcome::dns_nxdomain] = 1;
  status.progress = 0.5;
  return status;
}

TEST(StatusObject, HasTheInterfacesFieldsInItsOrder) {
  const nlohmann::ordered_json json = status_as_json(running_crawl());
  std::vector<std::string> names;
  for (const auto& item : json.items()) names.push_back(item.key());
  EXPECT_EQ(names, (std::vector<std::string>{
                       "id", "name", "labels", "state", "finishReason", "createdAt", "startedAt",
                       "finishedAt", "request", "counts", "rates", "progress", "etaSeconds",
                       "byStatus", "byOutcome", "availableActions", "warnings", "links"}));
}

TEST(StatusObject, SaysWhatIsKnownAndNullForTheRest) {
  const crawl_status status = running_crawl();
  const nlohmann::ordered_json json = status_as_json(status);
  EXPECT_EQ(json["id"], status.id.to_string());
  EXPECT_TRUE(json["name"].is_null());
  EXPECT_TRUE(json["finishReason"].is_null());
  EXPECT_TRUE(json["startedAt"].is_null());
  EXPECT_TRUE(json["etaSeconds"].is_null());
  EXPECT_EQ(json["createdAt"], "2026-01-31T23:59:59.123Z");
  EXPECT_EQ(json["counts"]["inFlight"], 2);
  EXPECT_EQ(json["progress"], 0.5);
  EXPECT_EQ(json["byStatus"].dump(), R"({"200":3})");
  EXPECT_EQ(json["byOutcome"].dump(), R"({"dns_nxdomain":1})");
  EXPECT_EQ(json["request"]["limit"], 10000);
  EXPECT_EQ(json["request"]["formats"].dump(), R"(["metadata","links"])");
  EXPECT_EQ(json["links"]["self"], "/v1/crawls/" + status.id.to_string());
  EXPECT_EQ(json["links"]["pause"], "/v1/crawls/" + status.id.to_string() + "/pause");
  EXPECT_FALSE(json["links"].contains("resume"));
}

TEST(StatusObject, OffersWhatTheStateAllows) {
  using list = std::vector<std::string_view>;
  EXPECT_EQ(available_actions(crawl_state::running), (list{"pause", "cancel", "delete"}));
  EXPECT_EQ(available_actions(crawl_state::paused), (list{"resume", "cancel", "delete"}));
  EXPECT_EQ(available_actions(crawl_state::failed), (list{"delete"}));
}

TEST(StatusObject, CutsALongListOfSeedsAndSaysSo) {
  crawl_status status = running_crawl();
  crawl_spec spec;
  spec.urls.assign(50, "http://a.test/");
  status.request = std::make_shared<const crawl_spec>(std::move(spec));
  EXPECT_EQ(status_as_json(status, 50)["request"]["urls"].size(), 50u);
  EXPECT_TRUE(status_as_json(status, 50)["warnings"].empty());
  const auto json = status_as_json(status, 10);
  EXPECT_EQ(json["request"]["urls"].size(), 10u);
  EXPECT_EQ(json["warnings"][0], "request.urls shows the first 10 of 50 seeds");
}

}  // namespace
}  // namespace orbweaver
