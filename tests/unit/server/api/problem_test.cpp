#include "server/api/problem.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>

namespace orbweaver {
namespace {

TEST(Problem, EveryCodeHasItsOwnStableName) {
  std::set<std::string_view> names;
  for (const problem_info& row : problem_table()) {
    EXPECT_EQ(&info(row.code), &row);
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_GE(row.status, 400);
    EXPECT_LT(row.status, 600);
    EXPECT_FALSE(row.title.empty());
  }
}

TEST(Problem, IsWrittenAsRfc9457Says) {
  const problem p{problem_code::invalid_request, "", {{"/limit", "must be \"x\""}}};
  EXPECT_EQ(to_json(p, "r1"),
            R"({"type":"about:blank","title":"The request has mistakes","status":400,)"
            R"("code":"invalid_request","requestId":"r1",)"
            R"("errors":[{"pointer":"/limit","detail":"must be \"x\""}]})");
  const problem plain{problem_code::not_found, "No \xff here", {}};
  const auto json = nlohmann::json::parse(to_json(plain, "r2"));
  EXPECT_EQ(json["detail"], "No \xef\xbf\xbd here");
  EXPECT_FALSE(json.contains("errors"));
}

}  // namespace
}  // namespace orbweaver
