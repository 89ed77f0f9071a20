// `orbweaver inspect`, as people and programs call it.
#include <cstdio>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "server/commands/inspect_batch.hpp"
#include "tests/support/program.hpp"

namespace orbweaver {
namespace {

using nlohmann::json;
using test::program;
using test::program_result;
using test::run_program;
using testing::HasSubstr;

std::vector<std::string> inspect(std::vector<std::string> arguments) {
  std::vector<std::string> out{ORBWEAVER_BINARY, "inspect"};
  out.insert(out.end(), arguments.begin(), arguments.end());
  return out;
}

// A file of the test's own, gone with it.
struct scratch_file {
  explicit scratch_file(std::string_view content) {
    std::ofstream(path, std::ios::binary) << content;
  }
  ~scratch_file() { std::remove(path.c_str()); }
  std::string path = testing::TempDir() + "orbweaver_" +
                     testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST(InspectCommand, AnswersEachLineBeforeTheNextIsWritten) {
  const std::vector<std::array<std::string, 3>> kinds{
      {"url", R"({"input":"http://h/"})", R"("href":"http://h/")"},
      {"robots", R"({"robots":"","agent":"x","url":"http://h/"})", R"("allowed":true)"},
      {"links", R"({"base":"http://h/","html":"<a href=x>"})", R"("url":"http://h/x")"},
      {"sitemap", R"({"xml":"http://h/"})", R"("loc":"http://h/")"}};
  for (const auto& [kind, line, part] : kinds) {
    program p(inspect({kind, "--batch"}));
    for (int i = 0; i < 3; ++i) {
      ASSERT_TRUE(p.write(line + '\n'));
      EXPECT_THAT(p.read_line(), HasSubstr(part));
      ASSERT_TRUE(p.write("x\n"));
      EXPECT_EQ(p.read_line(), "{\"error\":\"The line is not JSON, from byte 1 on.\"}\n");
    }
    ASSERT_TRUE(p.write(line));  // without a line feed
    p.close_input();
    EXPECT_THAT(p.read_line(), HasSubstr(part));
    EXPECT_EQ(p.read_all(), "");
    EXPECT_EQ(p.wait(), 1);
    EXPECT_EQ(p.errors(), "");
  }
}

TEST(InspectCommand, AnswersManyLinesInOrder) {
  constexpr int lines = 30'000;
  std::string input;
  for (int i = 0; i < lines; ++i) input += "{\"input\":\"http://h/" + std::to_string(i) + "\"}\n";
  const program_result result = run_program(inspect({"url", "--batch"}), input);
  EXPECT_EQ(result.code, 0);
  std::istringstream answers(result.out);
  std::string line;
  int i = 0;
  for (; std::getline(answers, line); ++i)
    ASSERT_TRUE(line.starts_with("{\"href\":\"http://h/" + std::to_string(i) + "\",")) << line;
  EXPECT_EQ(i, lines);
}

TEST(InspectCommand, AnswersNothingByNothing) {
  const program_result result = run_program(inspect({"url", "--batch"}));
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.code, 0);
}

TEST(InspectCommand, RefusesALineBeyondTheLimitAndGoesOn) {
  const std::string frame = R"({"input":""})";
  const std::string longest =
      R"({"input":")" + std::string(max_batch_line - frame.size(), 'x') + "\"}";
  const program_result result = run_program(
      inspect({"url", "--batch"}), longest + '\n' + longest + " \n" + R"({"input":"a:b"})" + '\n');
  EXPECT_EQ(result.code, 1);
  std::istringstream answers(result.out);
  std::string line;
  std::getline(answers, line);
  EXPECT_THAT(line, HasSubstr(R"("failure":true)"));
  std::getline(answers, line);
  EXPECT_EQ(line, R"({"error":"The line is longer than 67108864 bytes."})");
  std::getline(answers, line);
  EXPECT_THAT(line, HasSubstr(R"("href":"a:b")"));
}

TEST(InspectCommand, ExplainsForPeople) {
  const scratch_file robots("User-agent: *\nDisallow: /a\n");
  const auto verdicts =
      run_program(inspect({"robots", robots.path, "--agent", "x", "http://h/a", "/b"}));
  EXPECT_THAT(verdicts.out, HasSubstr("disallowed   http://h/a  (line 2: Disallow: /a)\n"
                                      "allowed      /b  (no rule matches)\n"));
  EXPECT_EQ(verdicts.code, 1);

  const auto parts = run_program(inspect({"url", "b", "--base", "http://h/"}));
  EXPECT_THAT(parts.out, HasSubstr("href         http://h/b\n"));
  EXPECT_EQ(parts.code, 0);
  EXPECT_EQ(run_program(inspect({"url", "b"})).code, 1);

  const auto links = run_program(inspect({"links", "-", "--base", "http://h/"}), "<a href=x>");
  EXPECT_THAT(links.out, HasSubstr("a            http://h/x\n"));
  EXPECT_EQ(links.code, 0);

  const auto entries = run_program(inspect({"sitemap", "-"}), "http://h/\n");
  EXPECT_THAT(entries.out, HasSubstr("kind         text\n"));
  EXPECT_EQ(entries.code, 0);
}

TEST(InspectCommand, RefusesMistakesInTheCommandLine) {
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{},
                                             {"nothing"},
                                             {"url"},
                                             {"robots"},
                                             {"links", "-"},
                                             {"sitemap"},
                                             {"url", "http://h/", "--batch"},
                                             {"url", "--batch", "--base", "http://h/"},
                                             {"robots", "--batch", "--agent", "x"},
                                             {"url", "a", "b"}}) {
    const program_result result = run_program(inspect(arguments));
    EXPECT_EQ(result.code, 2) << testing::PrintToString(arguments);
    EXPECT_EQ(result.out, "");
    EXPECT_NE(result.err, "");
  }
}

TEST(InspectCommand, SaysWhichFileCannotBeRead) {
  const program_result result = run_program(inspect({"sitemap", "/nonexistent/file"}));
  EXPECT_EQ(result.code, 1);
  EXPECT_EQ(result.err, "orbweaver: /nonexistent/file: No such file or directory\n");
}

TEST(InspectCommand, HelpsWithExamples) {
  for (const char* kind : {"url", "robots", "links", "sitemap"}) {
    const program_result result = run_program(inspect({kind, "--help"}));
    EXPECT_EQ(result.code, 0);
    EXPECT_THAT(result.out, HasSubstr(std::string("\n  orbweaver inspect ") + kind));
    EXPECT_THAT(result.out, HasSubstr("--batch"));
  }
}

}  // namespace
}  // namespace orbweaver
