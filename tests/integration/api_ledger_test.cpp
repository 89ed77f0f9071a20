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

}  // namespace
}  // namespace orbweaver::test
