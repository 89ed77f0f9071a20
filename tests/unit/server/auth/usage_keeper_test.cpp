#include "server/auth/usage_keeper.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

TEST(UsageFile, SaysWhatItWasTold) {
  const account_book::usages used{{"a", {20'000, 1, std::uint64_t{1} << 60}}, {"b", {1, 0, 0}}};
  EXPECT_EQ(read_usage(usage_as_json(used)).value(), used);
  EXPECT_TRUE(read_usage(usage_as_json({})).value().empty());
}

TEST(UsageFile, TakesNothingElse) {
  for (const char* wrong :
       {"", "{}", "[]", R"({"version":2,"used":{}})", R"({"version":1})",
        R"({"version":1,"used":{},"more":1})", R"({"version":1,"used":{"a":1}})",
        R"({"version":1,"used":{"a":{"day":1,"pages":2}}})",
        R"({"version":1,"used":{"a":{"day":1,"pages":-2,"bytes":3}}})",
        R"({"version":1,"used":{"a":{"day":1,"pages":2,"bytes":"3"}}})",
        R"({"version":1,"used":{"a":{"day":1,"pages":2,"bytes":3,"more":4}}})"})
    EXPECT_FALSE(read_usage(wrong)) << wrong;
}

}  // namespace
}  // namespace orbweaver
