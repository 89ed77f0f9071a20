#include "crawler/model.hpp"

#include <gtest/gtest.h>
#include <set>

namespace orbweaver {
namespace {

TEST(CrawlId, ReadsBackWhatItPrints) {
  for (int i = 0; i < 1000; ++i) {
    const crawl_id id = crawl_id::random();
    const std::string text = id.to_string();
    ASSERT_EQ(text.size(), 26u);
    const auto back = crawl_id::parse(text);
    ASSERT_TRUE(back.has_value()) << text;
    EXPECT_EQ(*back, id);
  }
}

TEST(CrawlId, RefusesWhatItDoesNotPrint) {
  const std::string good = crawl_id::random().to_string();
  EXPECT_FALSE(crawl_id::parse(""));
  EXPECT_FALSE(crawl_id::parse(good.substr(1)));
  EXPECT_FALSE(crawl_id::parse(good + "0"));
  EXPECT_FALSE(crawl_id::parse("u" + good.substr(1)));
  EXPECT_FALSE(crawl_id::parse("8" + good.substr(1))) << "129 bits";
  EXPECT_FALSE(crawl_id::parse("A" + good.substr(1)));
}

TEST(OutcomeTable, EveryRowIsFoundByCodeAndByName) {
  std::set<std::string_view> names;
  for (const outcome_info& row : outcome_table()) {
    EXPECT_EQ(&info(row.code), &row);
    EXPECT_EQ(outcome_from_name(row.name), row.code);
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_FALSE(row.transient && row.kind != outcome_kind::failed) << row.name;
  }
  EXPECT_EQ(name(static_cast<outcome>(200)), "unknown");
  EXPECT_FALSE(make_error_code(outcome::fetched));
  EXPECT_TRUE(make_error_code(outcome::dns_nxdomain));
  EXPECT_EQ(to_outcome(make_error_code(outcome::tls_expired)), outcome::tls_expired);
}

}  // namespace
}  // namespace orbweaver
