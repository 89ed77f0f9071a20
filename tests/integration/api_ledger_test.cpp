// Lists of a crawl that is larger than what one call looks at, through the REST API.
#include <gtest/gtest.h>

#include "tests/support/running_app.hpp"
#include "tests/support/store_fixture.hpp"

namespace orbweaver::test {
namespace {

using nlohmann::json;

settings kept_in(const std::filesystem::path& folder) {
  settings out = loopback_settings();
  out.store = store_kind::rocksdb;
  out.data_dir = folder.string();
  out.memory_budget = 128 << 20;
  return out;
}

std::size_t lines_in(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

// A crawl of an earlier start: many pages, and the last of them failed.
class ApiLedger : public store_fixture {
 protected:
  store& kept() override { return *records_; }

  ApiLedger() {
    records_.emplace(context, database_settings{.directory = data_});
    open();
    for (std::size_t i = 0; i < max_results_scan; ++i)
      add("http://a.example/" + std::to_string(i), outcome::fetched, 0);
    add("http://b.example/", outcome::connect_refused, 0);
    finish();
    settle();
    records_.reset();
    app_.emplace(kept_in(data_));
  }

  std::string path(const std::string& list, const std::string& query) const {
    return "/v1/crawls/" + crawl.to_string() + list + "?" + query;
  }
  // Page by page, to the end.
  std::vector<json> all(const std::string& list, const std::string& query) {
    std::vector<json> out;
    for (json from = ""; !from.is_null(); ++pages_) {
      const std::string cursor = from == "" ? "" : "&cursor=" + from.get<std::string>();
      const json page = app_->get_json(path(list, query + cursor));
      for (const json& one : page.at("data")) out.push_back(one);
      from = page.at("next");
    }
    return out;
  }

  scratch_folder folder_;
  std::filesystem::path data_ = folder_.path() / "data";
  std::optional<rocksdb_store> records_;
  std::optional<running_app> app_;
  int pages_ = 0;
};

TEST_F(ApiLedger, RareRecordsAreFoundPieceByPiece) {
  const json first = app_->get_json(path("/results", "outcome=failed"));
  EXPECT_TRUE(first.at("data").empty());
  EXPECT_TRUE(first.at("next").is_string()) << "it goes on behind what was looked at";
  const auto failed = all("/results", "outcome=failed");
  ASSERT_EQ(failed.size(), 1u);
  EXPECT_EQ(failed[0].at("seq"), max_results_scan + 1);
  EXPECT_EQ(pages_, 2);
  EXPECT_EQ(lines_in(app_->get(path("/results", "format=ndjson&outcome=failed")).body), 1u);
  EXPECT_EQ(lines_in(app_->get(path("/results", "format=csv&outcome=failed")).body), 2u);
  EXPECT_EQ(lines_in(app_->get(path("/results", "format=ndjson")).body), max_results_scan + 1);
}

TEST_F(ApiLedger, IsReadByPrefixPageByPage) {
  const auto found = all("/urls", "prefix=http://a.example/49&limit=50");
  ASSERT_EQ(found.size(), 111u) << "49, 490 to 499, 4900 to 4999";
  EXPECT_EQ(pages_, 3);
  EXPECT_EQ(found[0].at("url"), "http://a.example/49");
  EXPECT_EQ(found[110].at("url"), "http://a.example/4999");
  EXPECT_TRUE(all("/urls", "prefix=http://c.example/").empty());
}

TEST_F(ApiLedger, StreamsAsNdjson) {
  const http_answer by_prefix =
      app_->get(path("/urls", "format=ndjson&prefix=http://a.example/49"));
  EXPECT_EQ(by_prefix.fields.at("content-type"), "application/x-ndjson");
  EXPECT_TRUE(by_prefix.whole);
  EXPECT_EQ(lines_in(by_prefix.body), 111u);
  const http_answer by_accept =
      app_->get(path("/urls", "reason=connect_refused"), "Accept: application/x-ndjson\r\n");
  EXPECT_EQ(json::parse(by_accept.body).at("url"), "http://b.example/");
  const json page = app_->get_json(path("/urls", "limit=1000"));
  const http_answer rest =
      app_->get(path("/urls", "format=ndjson&cursor=" + page.at("next").get<std::string>()));
  EXPECT_EQ(lines_in(rest.body), max_results_scan + 1 - 1000);
}

TEST_F(ApiLedger, RefusesWhatItDoesNotKnow) {
  for (const char* const query : {"reason=bored", "outcome=bored", "limit=0", "limit=1001",
                                  "format=csv", "format=ndjson&limit=5"})
    EXPECT_EQ(code_of(app_->get(path("/urls", query))), "invalid_parameter") << query;
  const json results = app_->get_json(path("/results", "limit=1"));
  const std::string elsewhere = results.at("next");
  EXPECT_EQ(code_of(app_->get(path("/urls", "cursor=" + elsewhere))), "bad_cursor");
  EXPECT_EQ(code_of(app_->get("/v1/crawls/" + crawl_id::random().to_string() + "/urls")),
            "crawl_not_found");
}

// Whatever must be written is refused, and whatever is there can be read.
TEST_F(ApiLedger, AFullDiskIsSaidSo) {
  app_.reset();
  const auto request = json{{"urls", {"http://127.0.0.1:1/"}}, {"delay", 3600}};
  std::string id;
  {
    const running_app roomy(kept_in(data_));
    id = roomy.create(request);
  }
  settings tight = kept_in(data_);
  tight.min_free_disk = ~std::uint64_t{0};
  const running_app app(tight);
  const http_answer refused = app.post("/v1/crawls", request.dump());
  EXPECT_EQ(refused.status, 507u);
  EXPECT_EQ(code_of(refused), "storage_full");
  EXPECT_EQ(app.post("/v1/crawls/" + id + "/pause").status, 507u);
  EXPECT_EQ(app.get("/readyz").body, R"({"status":"ready","store":"full"})") << "to be read";
  EXPECT_EQ(app.get("/healthz").status, 200u);
  EXPECT_EQ(app.get_json("/v1/crawls").at("data").size(), 2u);
  EXPECT_EQ(app.get_json(path("/results", "limit=10")).at("data").size(), 10u);
  EXPECT_EQ(app.get_json(path("/urls", "limit=10")).at("data").size(), 10u);
  EXPECT_EQ(app.remove("/v1/crawls/" + id).status, 204u) << "which frees some";
  EXPECT_EQ(app.get("/v1/crawls/" + id).status, 404u);
  EXPECT_EQ(app.post("/v1/crawls", request.dump()).status, 507u);
}

}  // namespace
}  // namespace orbweaver::test
