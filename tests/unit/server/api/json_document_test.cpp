#include "server/api/json_document.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace orbweaver {
namespace {

std::string first_error(std::string_view text) {
  const json_document document = parse_json(text);
  if (document.errors.empty()) return "";
  return document.errors[0].pointer + " " + document.errors[0].detail;
}

TEST(JsonDocument, BuildsWhatTheTextSays) {
  const std::string text =
      R"({"a":[1,-2,2.5,true,null,"x\u00e9"],"b":{"c":{}},"d":[[],[{"e":[3]}]]})";
  const json_document document = parse_json(text);
  ASSERT_TRUE(document.value);
  EXPECT_TRUE(document.errors.empty());
  EXPECT_EQ(*document.value, nlohmann::json::parse(text));
}

TEST(JsonDocument, SaysWhereTheTextIsBroken) {
  EXPECT_EQ(first_error(""), " is not valid JSON at line 1, column 1");
  EXPECT_EQ(first_error("{\"a\": 1,\n  b}"), " is not valid JSON at line 2, column 3");
  EXPECT_EQ(first_error("[1] x"), " is not valid JSON at line 1, column 5");
  for (const char* text : {"{", "[1,", "{\"a\"", "\"abc", "tru", "NaN", "[1,]", "{'a':1}", "01",
                           "\"\xff\"", "\"\\ud800\"", "/**/1"}) {
    EXPECT_FALSE(parse_json(text).value) << text;
    EXPECT_NE(first_error(text), "") << text;
  }
  EXPECT_FALSE(parse_json(std::string_view("\"a\0b\"", 5)).value);
  EXPECT_EQ(first_error(std::string_view("{}\0{", 4)), " is not valid JSON at line 1, column 3");
}

TEST(JsonDocument, ReportsEveryDuplicateKeyAtItsPointer) {
  const json_document document = parse_json(R"({"a":1,"b":[0,{"x/y":1,"x/y":2}],"a":3})");
  EXPECT_EQ(document.errors, (std::vector<request_error>{{"/b/1/x~1y", "is given twice"},
                                                         {"/a", "is given twice"}}));
}

TEST(JsonDocument, NamesTheNumberThatIsTooLarge) {
  EXPECT_EQ(first_error(R"({"a":[0,{"b":1e400}]})"), "/a/1/b is a number too large to represent");
  EXPECT_EQ(first_error("-1e400"), " is a number too large to represent");
}

TEST(JsonDocument, HoldsTheDepthWithoutRecursion) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(parse_json(nested(max_json_depth)).value);
  EXPECT_FALSE(parse_json(nested(max_json_depth + 1)).value);
  const json_document million = parse_json(std::string(1'000'000, '['));
  ASSERT_EQ(million.errors.size(), 1u);
  EXPECT_EQ(million.errors[0].detail, "is nested deeper than 16 levels");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_EQ(parse_json(objects).errors.at(0).detail, "is nested deeper than 16 levels");
}

TEST(JsonDocument, HoldsTheNumberOfValues) {
  const auto list = [](std::size_t n) {
    std::string out = "[0";
    for (std::size_t i = 1; i < n; ++i) out += ",0";
    return out + "]";
  };
  EXPECT_TRUE(parse_json(list(max_json_values - 1)).value) << "the array is a value too";
  EXPECT_FALSE(parse_json(list(max_json_values)).value);
}

TEST(JsonText, ReplacesWhatIsNotUtf8) { EXPECT_EQ(json_text("a\xff"), "\"a\xef\xbf\xbd\""); }

}  // namespace
}  // namespace orbweaver
