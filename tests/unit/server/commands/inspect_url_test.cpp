#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "server/commands/inspect.hpp"

namespace orbweaver {
namespace {

using testing::HasSubstr;

std::string answer(std::string_view line, bool good = true) {
  std::string out;
  EXPECT_EQ(inspect_url(line, out), good) << out;
  return out;
}

TEST(InspectUrl, AnswersThePartsOfTheUrlApi) {
  EXPECT_EQ(
      answer(R"({"input":"https://u:p@H:8080/a/../b?c#d","base":null})"),
      R"({"href":"https://u:p@h:8080/b?c#d","protocol":"https:","username":"u","password":"p",)"
      R"("host":"h:8080","hostname":"h","port":"8080","pathname":"/b","search":"?c","hash":"#d"})");
  EXPECT_THAT(answer(R"({"input":"../x","base":"http://h/a/b/c"})"),
              HasSubstr(R"("href":"http://h/a/x")"));
  EXPECT_THAT(answer(R"({"input":"x:\"\\\u0001y"})"), HasSubstr(R"("href":"x:\"\\%01y")"));
}

TEST(InspectUrl, TellsWhyItIsNone) {
  EXPECT_EQ(answer(R"({"input":"http://h:99999/"})"),
            R"({"failure":true,"reason":"The port is not a number from 0 to 65535."})");
  EXPECT_EQ(answer(R"({"input":"http://h/","base":""})"),
            R"({"failure":true,"reason":"The base is no URL: The URL is relative and there is no )"
            R"(base to resolve it."})");
}

TEST(InspectUrl, TakesHalvesOfSurrogatePairs) {
  EXPECT_THAT(answer(R"({"input":"http://h/\ud800?\udfff"})"),
              HasSubstr(R"("href":"http://h/%EF%BF%BD?%EF%BF%BD")"));
  EXPECT_THAT(answer(R"({"input":"http://\ud800/"})"), HasSubstr(R"("failure":true)"));
}

TEST(InspectUrl, AnswersWhatIsNoInputByAnError) {
  EXPECT_EQ(answer(R"({"base":"http://h/"})", false), R"({"error":"\"input\" is missing."})");
  EXPECT_EQ(answer("x", false), R"({"error":"The line is not JSON, from byte 1 on."})");
}

TEST(InspectUrl, ExplainsWhatTheCrawlerMakesOfIt) {
  const explanation e = explain_url("//WWW.Example.co.uk/%7e%?utm_source=x&b#c", "https://h/");
  EXPECT_TRUE(e.good);
  EXPECT_EQ(e.text,
            "href         https://www.example.co.uk/%7e%?utm_source=x&b#c\n"
            "protocol     https:\n"
            "username\n"
            "password\n"
            "host         www.example.co.uk\n"
            "hostname     www.example.co.uk\n"
            "port\n"
            "pathname     /%7e%\n"
            "search       ?utm_source=x&b\n"
            "hash         #c\n"
            "\n"
            "The crawler\n"
            "asks for     /%7e%25?utm_source=x&b\n"
            "at port      443 (the scheme's own)\n"
            "of site      example.co.uk\n"
            "knows it as  https://www.example.co.uk/~%25?b\n");
}

TEST(InspectUrl, ExplainsWhatTheCrawlerRefuses) {
  EXPECT_THAT(explain_url("http://h:6667/", std::nullopt).text,
              HasSubstr("at port      6667, refused: it belongs to another protocol\n"));
  EXPECT_THAT(explain_url("http://h:8080/", std::nullopt).text, HasSubstr("at port      8080\n"));
  EXPECT_THAT(explain_url("mailto:x", std::nullopt).text,
              HasSubstr("fetches      nothing: it speaks http and https only\n"));
  const explanation none = explain_url("x", std::nullopt);
  EXPECT_FALSE(none.good);
  EXPECT_EQ(none.text, "The URL is relative and there is no base to resolve it.\n");
}

}  // namespace
}  // namespace orbweaver
