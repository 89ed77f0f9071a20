#include "crawler/parse/extract.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <random>

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

TEST(Extract, GoesOnBehindAnEmptyMatchByOneCharacter) {
  const auto empties = [](std::string_view body) {
    return run({{.name = "a", .regex = "x*", .all = true}}, body)["a"].size();
  };
  EXPECT_EQ(empties("日本"), 3u);
  EXPECT_EQ(empties("é😀"), 3u);
  EXPECT_EQ(empties("\xe6\x97"), 3u) << "bytes that are no text count one by one";
  EXPECT_EQ(empties(""), 1u);
}

TEST(Extract, AGroupWithoutPartInTheMatchIsNull) {
  const char* either = "price: (\\d+)|cost: (\\d+)";
  EXPECT_EQ(run({{.name = "a", .regex = either}}, "cost: 7")["a"], nullptr);
  EXPECT_EQ(run({{.name = "a", .regex = either, .all = true}}, "cost: 7 price: 8")["a"],
            json({nullptr, "8"}));
  EXPECT_EQ(run({{.name = "a", .regex = "price: (\\d*)"}}, "price: ")["a"], "");
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

// Costly: each of them, asked of a page of 4 MiB, outgrows the DFA's memory.
const std::vector<const char*> costly{"a[ab]{300}c", "(a.{0,500}c)", "a[ab]{900}c",
                                      "(?:[ab]?){900}c"};

std::string random_ab(std::size_t size) {
  std::minstd_rand random(1);
  std::string out(size, 'a');
  for (char& c : out)
    if (random() % 2 == 0) c = 'b';
  return out;
}

TEST(Extract, BoundsWhatOneSearchMayCost) {
  for (const char* pattern : costly) {
    const extract_rule rule{.name = "a", .regex = pattern};
    ASSERT_EQ(extractor::why_not(rule), "");
    EXPECT_GT(extractor::window_of(rule), 4096u) << pattern;
    EXPECT_LE(extractor::window_of(rule) * rule.regex.cost(), extractor::max_search_cost)
        << pattern;
  }
  EXPECT_EQ(extractor::window_of({.name = "a", .regex = "a"}), extractor::max_subject_bytes);
  // Each group that is asked for is copied for each instruction.
  std::string groups;
  for (int i = 0; i < 900; ++i) groups += "()";
  extract_rule many{.name = "a", .regex = "(?:" + groups + "a)*", .group = 0};
  const std::size_t without = extractor::window_of(many);
  many.group = 900;
  EXPECT_LT(extractor::window_of(many), without / 90);
  EXPECT_GE(extractor::window_of(many), 2u);
}

TEST(Extract, AMatchOfHalfAWindowIsFoundWhereverItStands) {
  const extract_rule rule{.name = "a", .regex = "<[ab]{300}>"};
  const std::size_t window = extractor::window_of(rule);
  ASSERT_LT(window * 3, extractor::max_subject_bytes);
  const std::string value = '<' + random_ab(300) + '>';
  for (const std::size_t at : {window / 2 - 1, window / 2, window / 2 + 1, window - 302,
                               window - 301, window - 1, window, window * 3 / 2, window * 2}) {
    std::string body(window * 3, ' ');
    body.replace(at, value.size(), value);
    const json got = all_of({rule}, body);
    EXPECT_EQ(got["extracted"]["a"], value) << at;
    EXPECT_FALSE(got.contains("extractCut")) << at;
  }
  extract_rule all = rule;
  all.all = true;
  std::string body;
  while (body.size() < window * 3) body += value + std::string(9697, ' ');
  const json got = all_of({all}, body);
  EXPECT_EQ(got["extracted"]["a"].size(), body.size() / (value.size() + 9697));
  EXPECT_FALSE(got.contains("extractCut"));
}

TEST(Extract, TheFirstChoiceOfAPatternPrevailsAcrossWindows) {
  const extract_rule rule{.name = "a", .regex = "x(?:y|)z?|[ab]{1000}", .group = 0};
  const std::size_t window = extractor::window_of(rule);
  ASSERT_LT(window * 2, extractor::max_subject_bytes);
  for (std::size_t at = window - 4; at <= window; ++at) {
    std::string body(window * 2, ' ');
    body.replace(at, 3, "xyz");
    EXPECT_EQ(run({rule}, body)["a"], "xyz") << at;
  }
}

TEST(Extract, NamesTheRulesWhoseMatchesMayExceedTheWindow) {
  const extract_rule rule{.name = "a", .regex = "<[^>]*>|[ab]{1000}", .group = 0};
  const std::size_t window = extractor::window_of(rule);
  const auto whole = [&](const std::string& body) {
    return !all_of({rule}, body).contains("extractCut");
  };
  EXPECT_TRUE(whole(std::string(window, ' ')));
  EXPECT_FALSE(whole(std::string(window + 1, ' ')));
  EXPECT_TRUE(whole("<>" + std::string(window, ' '))) << "the first is found";
  EXPECT_FALSE(whole('<' + std::string(window / 2, ' ') + '>' + std::string(window, ' ')))
      << "not surely as long as it is";
}

TEST(Extract, EndsOfPagesAreNotThoseOfWindows) {
  const extract_rule rule{.name = "a", .regex = "b$|[ab]{1000}c", .group = 0};
  const std::size_t window = extractor::window_of(rule);
  std::string body(window * 2, ' ');
  body[window - 1] = 'b';
  EXPECT_EQ(run({rule}, body)["a"], nullptr);
  body.back() = 'b';
  EXPECT_EQ(run({rule}, body)["a"], "b");
  const std::string far = std::string(extractor::max_subject_bytes - 1, ' ') + "b ";
  EXPECT_EQ(run({{.name = "a", .regex = "b$"}}, far)["a"], nullptr);
}

// What the windows are for: a search that has begun does not end by itself.
TEST(Extract, StopsBetweenWindowsWhenItsTimeIsUp) {
  const std::string body = random_ab(extractor::max_subject_bytes);
  for (const char* pattern : costly) {
    const json got = all_of({{.name = "a", .regex = pattern}}, body, {},
                            clock::now() + std::chrono::milliseconds(1));
    EXPECT_EQ(got["extractCut"], json({"a"})) << pattern;
  }
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
