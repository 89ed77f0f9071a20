#include "crawler/parse/extract.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace orbweaver {
namespace {

using nlohmann::json;

json run(std::vector<extract_rule> rules, std::string_view body, std::string_view text = {}) {
  std::string out = "{\"x\":0";
  extractor(rules).append_values(out, body, text);
  return json::parse(out + '}').at("extracted");
}

TEST(Extract, TakesTheFirstGroupOrTheWholeMatch) {
  EXPECT_EQ(run({{.name = "a", .regex = "price: (\\d+)"}}, "price: 42 price: 43")["a"], "42");
  EXPECT_EQ(run({{.name = "a", .regex = "\\d+"}}, "price: 42")["a"], "42");
  EXPECT_EQ(run({{.name = "a", .regex = "(p).*?(\\d+)", .group = 2}}, "price: 42")["a"], "42");
  EXPECT_EQ(run({{.name = "a", .regex = "(p).*?(\\d+)", .group = 0}}, "price: 42")["a"],
            "price: 42");
}

TEST(Extract, AnswersNullWithoutAMatchAndAListForAll) {
  EXPECT_EQ(run({{.name = "a", .regex = "x"}}, "abc")["a"], nullptr);
  EXPECT_EQ(run({{.name = "a", .regex = "x", .all = true}}, "abc")["a"], json::array());
  EXPECT_EQ(run({{.name = "a", .regex = "[a-c]", .all = true}}, "abcd")["a"],
            json({"a", "b", "c"}));
  EXPECT_EQ(run({{.name = "a", .regex = "x*", .all = true}}, "ab")["a"].size(), 3u);
}

TEST(Extract, ReadsTheTextWhereAsked) {
  EXPECT_EQ(run({{.name = "a", .regex = "b+", .on_text = true}}, "<b>", "abbb")["a"], "bbb");
}

TEST(Extract, SurvivesBytesThatAreNoText) {
  const std::string body("\xff\xfe\x00 x=\x80\xc3", 8);
  EXPECT_EQ(run({{.name = "n", .regex = "x=(?s:(\\C*))", .all = true}}, body)["n"].size(), 1u);
}

TEST(Extract, HoldsItsLimits) {
  const std::string body(extractor::max_matches * 2, 'a');
  EXPECT_EQ(run({{.name = "a", .regex = "a", .all = true}}, body)["a"].size(),
            extractor::max_matches);
  const std::string large(extractor::max_value_bytes * 2, 'a');
  EXPECT_EQ(run({{.name = "a", .regex = "a+"}}, large)["a"].get<std::string>().size(),
            extractor::max_value_bytes);
  const std::string far = std::string(extractor::max_subject_bytes, ' ') + "needle";
  EXPECT_EQ(run({{.name = "a", .regex = "needle"}}, far)["a"], nullptr);
}

TEST(Extract, SaysWhatIsWrongWithARule) {
  EXPECT_EQ(extractor::why_not({.name = "a", .regex = "(a)"}), "");
  EXPECT_NE(extractor::why_not({.name = "a", .regex = ""}), "");
  EXPECT_NE(extractor::why_not({.name = "a", .regex = "(a"}), "");
  EXPECT_NE(extractor::why_not({.name = "a", .regex = "(a)", .group = 2}), "");
  EXPECT_NE(extractor::why_not({.name = "a", .regex = "(a)", .group = -1}), "");
  EXPECT_NE(extractor::why_not({.name = "a", .regex = std::string(3000, 'a')}), "");
  EXPECT_NE(extractor::why_not({.name = "a", .regex = "((a{1000}){1000}){1000}"}), "");
}

}  // namespace
}  // namespace orbweaver
