#include "server/commands/request_flags.hpp"

#include <CLI/CLI.hpp>
#include <gmock/gmock.h>

#include "server/api/crawl_request.hpp"

namespace orbweaver {
namespace {

using testing::ElementsAre;
using lines = std::vector<std::string>;

// What the command line `given` asks for; the mistakes, when it has some.
std::variant<crawl_spec, lines> read(lines given) {
  CLI::App command;
  const request_flags flags(command, field_use::crawl);
  std::ranges::reverse(given);  // as CLI11 takes them
  command.parse(given);
  return flags.read({"http://a/"});
}

crawl_spec spec_of(lines given) { return std::get<crawl_spec>(read(std::move(given))); }
lines mistakes_in(lines given) { return std::get<lines>(read(std::move(given))); }

TEST(RequestFlags, AreTheFieldsOfARequest) {
  const crawl_spec spec = spec_of({"--limit", "7", "--delay", "0.5", "--header", "A: b=c",
                                   "--formats", "none", "--no-tls-verify", "--auth", "me:a:b"});
  EXPECT_EQ(spec.limit, 7u);
  EXPECT_EQ(spec.delay, seconds_f(0.5));
  EXPECT_THAT(spec.headers, ElementsAre(testing::Pair("A", "b=c")));
  EXPECT_TRUE(spec.formats.empty());
  EXPECT_FALSE(spec.tls_verify);
  ASSERT_TRUE(spec.auth);
  EXPECT_EQ(spec.auth->username, "me");
  EXPECT_EQ(spec.auth->password, "a:b");
}

TEST(RequestFlags, ANameGivenTwiceIsAMistake) {
  EXPECT_THAT(mistakes_in({"--header", "A: b", "--header", "A=c", "--header", "B=1", "--label",
                           "x=", "--label", "x=1", "--limit", "0"}),
              testing::UnorderedElementsAre("--header A is given twice", "--label x is given twice",
                                            testing::HasSubstr("--limit must be")));
}

TEST(RequestFlags, HelpHasOneFormOfDefault) {
  CLI::App command;
  const request_flags flags(command, field_use::crawl);
  const std::string help = command.help();
  EXPECT_THAT(help, testing::HasSubstr("Fetch at most so many pages. (default: 10000)"));
  EXPECT_THAT(help, testing::HasSubstr("End the crawl after this time. (seconds; default: none)"));
}

TEST(RequestFlags, AnExtractRuleIsAPatternOrTheRuleItself) {
  const crawl_spec spec = spec_of({"--extract", "price=(\\d{2}) EUR", "--extract", "brace=\\{a",
                                   "--extract", R"(meta={"regex": "<meta[^>]*>", "all": true})"});
  ASSERT_EQ(spec.extract.size(), 3u);
  EXPECT_EQ(spec.extract[0].name, "brace");
  EXPECT_EQ(spec.extract[0].regex, "\\{a");
  EXPECT_EQ(spec.extract[1].name, "meta");
  EXPECT_EQ(spec.extract[1].regex, "<meta[^>]*>");
  EXPECT_TRUE(spec.extract[1].all);
  EXPECT_EQ(spec.extract[2].regex, "(\\d{2}) EUR");
  EXPECT_FALSE(spec.extract[2].all);
}

TEST(RequestFlags, ARuleThatBeginsAsJsonDoesAndIsNoneIsAMistake) {
  EXPECT_THAT(
      mistakes_in({"--extract", R"j(p={"regex":"cost: (\d+)"})j"}),
      ElementsAre("--extract p is not valid JSON at line 1, column 19; a pattern that begins "
                  "with { is written \\{"));
  EXPECT_THAT(mistakes_in({"--extract", "p={a", "--extract", R"(q={"regex":"a"} b)"}),
              ElementsAre(testing::StartsWith("--extract p is not valid JSON at line 1, column 2"),
                          testing::StartsWith("--extract q is not valid JSON at")));
  EXPECT_THAT(mistakes_in({"--extract", R"(p={"regex":"a","regex":"b"})"}),
              ElementsAre("--extract p/regex is given twice"));
}

TEST(RequestFlags, MistakesNameTheKeyOfARule) {
  EXPECT_THAT(mistakes_in({"--extract", R"(a={"regex":"a","grup":2})"}),
              ElementsAre(testing::StartsWith("--extract a/grup is not a known field;")));
  EXPECT_THAT(mistakes_in({"--extract", R"(a/b={"regex":"(a"})"}),
              ElementsAre(testing::StartsWith("--extract a/b/regex is not a valid RE2 pattern")));
}

TEST(RequestFlags, MistakesNameTheFlag) {
  EXPECT_THAT(mistakes_in({"--limit", "many", "--extract", R"(a={"all": true})"}),
              testing::UnorderedElementsAre(testing::HasSubstr("--limit"),
                                            testing::StartsWith("--extract")));
}

TEST(RequestFlags, WriteTheRequestForAService) {
  CLI::App command;
  const request_flags flags(command, field_use::crawl);
  EXPECT_TRUE(flags.empty());
  command.parse(lines{"y", "--label", "x", "--limit"});  // from the last to the first
  EXPECT_FALSE(flags.empty());
  const auto written = flags.write({"http://a/"});
  EXPECT_EQ(written.json, R"({"labels":{"y":""},"limit":"x","urls":["http://a/"]})");
  EXPECT_TRUE(written.mistakes.empty());
}

TEST(RequestFlags, NameThePlacesOfMistakes) {
  const lines urls{"http://a/", "ftp://b/"};
  EXPECT_EQ(place_on_command_line("/maxDepth", urls), "--max-depth");
  EXPECT_EQ(place_on_command_line("/labels", urls), "--label");
  EXPECT_EQ(place_on_command_line("/labels/x~1y~0", urls), "--label x/y~");
  EXPECT_EQ(place_on_command_line("/extract/a/group", urls), "--extract a/group");
  EXPECT_EQ(place_on_command_line("/formats/0", urls), "--formats");
  EXPECT_EQ(place_on_command_line("/urls/1", urls), "\"ftp://b/\"");
  for (const char* pointer : {"/urls", "/urls/2", "/urls/x", "/urls/99999999999999999999"})
    EXPECT_EQ(place_on_command_line(pointer, urls), "URL") << pointer;
  for (const char* pointer : {"", "/", "/webhook", "/dance"})
    EXPECT_EQ(place_on_command_line(pointer, urls), pointer);
  EXPECT_EQ(place_on_command_line("/url", {}), "/url");
}

}  // namespace
}  // namespace orbweaver
