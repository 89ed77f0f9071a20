#include "server/commands/inspect_batch.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

bool echo(std::string_view line, std::string& out) {
  out.append("<").append(line).append(">");
  return line != "bad";
}

struct outcome_of_run {
  std::string out;
  bool failed;
};
outcome_of_run run(std::string_view input, std::size_t piece, std::size_t max_line = 100) {
  batch_answers answers(echo, max_line);
  outcome_of_run result{};
  for (; !input.empty(); input.remove_prefix(std::min(piece, input.size())))
    answers.put(input.substr(0, piece), result.out);
  answers.finish(result.out);
  result.failed = answers.failed();
  return result;
}

TEST(InspectBatch, AnswersEachLineByOneWhateverPiecesItComesIn) {
  for (const std::size_t piece : {1, 2, 3, 1000}) {
    EXPECT_EQ(run("a\n\nbc\r\nd", piece).out, "<a>\n<>\n<bc\r>\n<d>\n") << piece;
    EXPECT_EQ(run("a\n", piece).out, "<a>\n") << piece;
    EXPECT_EQ(run("", piece).out, "");
    EXPECT_EQ(run(std::string("a\0b\n\xff", 5), piece).out, std::string("<a\0b>\n<\xff>\n", 10));
  }
}

TEST(InspectBatch, AnswersALineAsSoonAsItIsComplete) {
  batch_answers answers(echo);
  std::string out;
  answers.put("a", out);
  EXPECT_EQ(out, "");
  answers.put("b\nc", out);
  EXPECT_EQ(out, "<ab>\n");
}

TEST(InspectBatch, RemembersThatALineWasAnsweredByAnError) {
  EXPECT_FALSE(run("good\ngood", 100).failed);
  EXPECT_TRUE(run("bad\ngood", 100).failed);
}

TEST(InspectBatch, RefusesLinesThatAreTooLongAndGoesOn) {
  const std::string refused = "{\"error\":\"The line is longer than 4 bytes.\"}\n";
  for (const std::size_t piece : {1, 3, 5, 1000}) {
    const auto good = run("1234\n12\n", piece, 4);
    EXPECT_EQ(good.out, "<1234>\n<12>\n") << piece;
    EXPECT_FALSE(good.failed);
    const auto bad = run("12345\n12\n1234567890\n1234\n12345", piece, 4);
    EXPECT_EQ(bad.out, refused + "<12>\n" + refused + "<1234>\n" + refused) << piece;
    EXPECT_TRUE(bad.failed);
  }
}

}  // namespace
}  // namespace orbweaver
