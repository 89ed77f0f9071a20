#include "server/commands/refusal.hpp"

#include <gmock/gmock.h>

#include "server/commands/complain.hpp"

namespace orbweaver {
namespace {

using testing::ElementsAre;

std::string in_brackets(std::string_view pointer) { return '<' + std::string(pointer) + '>'; }

refusal explained(unsigned status, std::string body) {
  return explain_refusal({status, "application/problem+json", std::move(body)}, in_brackets);
}

TEST(Refusal, NamesEachMistake) {
  const refusal r = explained(400, R"({"title": "The request has mistakes", "errors": [
      {"pointer": "/limit", "detail": "must be a number"}, {"pointer": "", "detail": "is odd"}]})");
  EXPECT_THAT(r.lines, ElementsAre("</limit> must be a number", "<> is odd"));
  EXPECT_EQ(r.exit_code, exit_mistaken);
}

TEST(Refusal, SaysTitleDetailAndCode) {
  EXPECT_THAT(
      explained(409, R"({"title": "No", "detail": "It is over.", "code": "wrong_state"})").lines,
      ElementsAre("No: It is over. (wrong_state)"));
  EXPECT_THAT(explained(503, R"({"title": "No"})").lines, ElementsAre("No"));
  EXPECT_EQ(explained(503, R"({"title": "No"})").exit_code, exit_failed);
}

TEST(Refusal, OfAnythingElseSaysTheStatus) {
  for (const char* body : {"", "<html>", "[]", "{}", R"({"title": 1, "errors": 2})", "\xff",
                           R"({"errors": [1, null, "x"]})"})
    EXPECT_THAT(explained(502, body).lines, ElementsAre("the service answers with HTTP status 502"))
        << body;
}

TEST(Refusal, SaysHowAKeyIsGiven) {
  EXPECT_THAT(explained(401, R"({"title": "An API key is needed", "code": "key_required"})").lines,
              ElementsAre("An API key is needed (key_required)",
                          "give a key of this service with --key or ORBWEAVER_KEY"));
}

TEST(Refusal, CommandsNoTerminal) {
  EXPECT_THAT(explained(400, R"({"title": "\u001b[31mred"})").lines, ElementsAre("\ufffd[31mred"));
}

}  // namespace
}  // namespace orbweaver
