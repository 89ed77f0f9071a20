#include "server/commands/inspect_input.hpp"

#include <array>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace orbweaver {
namespace {

struct read_line {
  std::string wrong;
  std::optional<std::string> a, b;
};
// With members "a", which must be there, and "b".
read_line read(std::string_view line) {
  std::array fields{input_field{"a"}, input_field{"b", false}};
  const std::string wrong = read_input(line, fields);
  return {wrong, fields[0].value, fields[1].value};
}

std::string surrogates_replaced(std::string_view json) {
  std::string scratch;
  return std::string(replace_lone_surrogates(json, scratch));
}

TEST(InspectInput, TakesTheMembersAskedForAndPassesOverOthers) {
  const auto got = read(R"( {"z":[1,{"a":2,"b":"no"}],"a":"x\n\u00e9","y":{"a":[]},"b":"","n":1} )"
                        "\r");
  EXPECT_EQ(got.wrong, "");
  EXPECT_EQ(got.a, "x\n\xc3\xa9");
  EXPECT_EQ(got.b, "");
  EXPECT_EQ(read(R"({"a":"x","b":null})").b, std::nullopt);
  EXPECT_EQ(read(R"({"a":"x"})").wrong, "");
  EXPECT_EQ(read(R"({"a":"x","a":"y"})").a, "y");
  EXPECT_EQ(read(R"({"a":"\u0000"})").a, std::string(1, '\0'));
}

TEST(InspectInput, SaysWhatIsWrong) {
  EXPECT_EQ(read("").wrong, "The line is not JSON, from byte 1 on.");
  EXPECT_EQ(read(R"({"a":"x"} x)").wrong, "The line is not JSON, from byte 11 on.");
  EXPECT_EQ(read(std::string(R"({"a":"x"})").append(1, '\0')).wrong,
            "The line is not JSON, from byte 10 on.");
  for (const char* line : {"{", "{\"a\":\"x\"", "{\"a\":\"\xff\"}", "{'a':'x'}", "nul",
                           R"({"a":"\ud8"})", R"({"a":"x","c":1e999})"})
    EXPECT_TRUE(read(line).wrong.starts_with("The line is not JSON, from byte ")) << line;
  for (const char* line : {"[]", "1", "\"a\"", "null", "true", "1.5", "-1"})
    EXPECT_EQ(read(line).wrong, "The line is not a JSON object.") << line;
  EXPECT_EQ(read("{}").wrong, "\"a\" is missing.");
  EXPECT_EQ(read(R"({"a":null})").wrong, "\"a\" is missing.");
  for (const char* line :
       {R"({"a":1})", R"({"a":-1})", R"({"a":1.5})", R"({"a":true})", R"({"a":[]})", R"({"a":{}})"})
    EXPECT_EQ(read(line).wrong, "\"a\" must be a string.") << line;
  EXPECT_EQ(read(R"({"a":"","b":["x"]})").wrong, "\"b\" must be a string.");
}

TEST(InspectInput, TakesAnyDepth) {
  const std::string deep(100'000, '[');
  EXPECT_NE(read("{\"c\":" + deep).wrong, "");
  EXPECT_EQ(read("{\"c\":" + deep + std::string(deep.size(), ']') + ",\"a\":\"x\"}").a, "x");
}

TEST(InspectInput, MakesHalvesOfSurrogatePairsReplacementCharacters) {
  EXPECT_EQ(surrogates_replaced(R"("\ud800")"), R"("\ufffd")");
  EXPECT_EQ(surrogates_replaced(R"("\uDFFFx\uDBFF")"), R"("\ufffdx\ufffd")");
  EXPECT_EQ(surrogates_replaced(R"("\ud83d\ude00")"), R"("\ud83d\ude00")");
  EXPECT_EQ(surrogates_replaced(R"("\ud83d\ud83d\ude00\ude00")"), R"("\ufffd\ud83d\ude00\ufffd")");
  EXPECT_EQ(surrogates_replaced(R"("\ude00\ud83d")"), R"("\ufffd\ufffd")");
  EXPECT_EQ(surrogates_replaced(R"("\ud7ff\ue000")"), R"("\ud7ff\ue000")");
  EXPECT_EQ(surrogates_replaced(R"("\\ud800")"), R"("\\ud800")") << "a backslash, then letters";
  EXPECT_EQ(surrogates_replaced(R"("\\\ud800")"), R"("\\\ufffd")");
  for (const char* cut : {"\\", "\\u", "\\ud80", "\\u-d80", "\\ud83d\\", "\\ud83d\\ude0"})
    EXPECT_EQ(surrogates_replaced(cut).size(), std::string_view(cut).size()) << cut;
  EXPECT_EQ(read(R"({"a":"\ud800x","b":"\ud83d\ude00"})").a, "\xef\xbf\xbdx");
  EXPECT_EQ(read(R"({"a":"","b":"\ud83d\ude00"})").b, "\xf0\x9f\x98\x80");
}

TEST(InspectInput, WritesErrorsAsJson) {
  std::string out = "x";
  EXPECT_FALSE(append_error(out, "a \"b\""));
  EXPECT_EQ(out, R"(x{"error":"a \"b\""})");
}

}  // namespace
}  // namespace orbweaver
