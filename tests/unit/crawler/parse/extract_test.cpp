#include "crawler/parse/extract.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace orbweaver {
namespace {

using nlohmann::json;

json all_of(std::vector<extract_rule> rules, std::string_view body, std::string_view text = {},
            clock::time_point until = clock::time_point::max()) {
  std::string out = "{\"x\":0";
  extractor(rules).append_values(out, body, text, until);
  return json::parse(out + '}');
}
json run(std::vector<extract_rule> rules, std::string_view body, std::string_view text = {}) {
  return all_of(std::move(rules), body, text).at("extracted");
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

TEST(Extract, NamesTheRulesThatALimitCut) {
  const auto cut = [](const extract_rule& rule, std::string_view body) {
    return all_of({rule, {.name = "whole", .regex = "z"}}, body).value("extractCut", json(nullptr));
  };
  const json a = json::array({"a"});
  const std::string many(extractor::max_matches + 1, 'a');
  EXPECT_EQ(cut({.name = "a", .regex = "a", .all = true}, many), a);
  EXPECT_EQ(cut({.name = "a", .regex = "a", .all = true}, many.substr(1)), nullptr);
  EXPECT_EQ(cut({.name = "a", .regex = "a"}, many), nullptr) << "one was asked for";
  const std::string large(extractor::max_value_bytes + 1, 'a');
  EXPECT_EQ(cut({.name = "a", .regex = "a+"}, large), a);
  EXPECT_EQ(cut({.name = "a", .regex = "a+"}, large.substr(1)), nullptr);
  const std::string far = "y" + std::string(extractor::max_subject_bytes, ' ');
  EXPECT_EQ(cut({.name = "a", .regex = "x"}, far), json::array({"a", "whole"}));
  EXPECT_EQ(cut({.name = "a", .regex = "y"}, far), json::array({"whole"}));
}

TEST(Extract, BeginsNoSearchWhenItsTimeIsUp) {
  const json got = all_of({{.name = "a", .regex = "a"}, {.name = "b", .regex = "b", .all = true}},
                          "ab", {}, clock::now());
  EXPECT_EQ(got.at("extracted"), json({{"a", nullptr}, {"b", json::array()}}));
  EXPECT_EQ(got.at("extractCut"), json({"a", "b"}));
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
