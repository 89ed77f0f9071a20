#include "common/config/toml_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace orbweaver {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(ReadToml, TakesEveryKindInItsOwnForms) {
  const toml_settings got = read_toml("o.toml",
                                      "# settings\n"
                                      "listen = \"[::1]:80\"\n"
                                      "threads = 4\n"
                                      "max-body-size = 1048576\n"
                                      "drain-timeout = 0.5\n"
                                      "allow-net = [\"10.0.0.0/8\", \"::1\"]\n"
                                      "dns-server = \"9.9.9.9,1.1.1.1\"\n");
  EXPECT_THAT(got.mistakes, IsEmpty());
  std::map<std::string, std::vector<std::string>> texts;
  for (const toml_entry& e : got.entries) texts[std::string(e.option->name)] = e.texts;
  EXPECT_EQ(texts.size(), 6u);
  EXPECT_THAT(texts["listen"], ElementsAre("[::1]:80"));
  EXPECT_THAT(texts["threads"], ElementsAre("4"));
  EXPECT_THAT(texts["max-body-size"], ElementsAre("1048576"));
  EXPECT_THAT(texts["drain-timeout"], ElementsAre("0.5"));
  EXPECT_THAT(texts["allow-net"], ElementsAre("10.0.0.0/8", "::1"));
  EXPECT_THAT(texts["dns-server"], ElementsAre("9.9.9.9,1.1.1.1"));
}

TEST(ReadToml, NamesTheLineOfWhatItReads) {
  const toml_settings got = read_toml("o.toml", "\n\nthreads = 4\n");
  ASSERT_EQ(got.entries.size(), 1u);
  EXPECT_EQ(got.entries[0].where, "o.toml:3: threads");
}

TEST(ReadToml, NamesUnknownKeysAndTheirLines) {
  const toml_settings got = read_toml("o.toml",
                                      "max-conections = 5\n"
                                      "[server]\n"
                                      "threads = 1\n");
  EXPECT_THAT(got.entries, IsEmpty());
  EXPECT_THAT(got.mistakes,
              testing::UnorderedElementsAre(
                  "o.toml:1: max-conections: no such setting; did you mean max-connections?",
                  "o.toml:2: server: no such setting"));
}

TEST(ReadToml, NamesWrongTypes) {
  const toml_settings got = read_toml("o.toml",
                                      "threads = \"4\"\n"
                                      "listen = 8080\n"
                                      "max-body-size = 1.5\n"
                                      "drain-timeout = true\n"
                                      "allow-net = [1]\n"
                                      "log-level = [\"info\"]\n"
                                      "max-crawls = 2020-01-01\n");
  EXPECT_THAT(got.entries, IsEmpty());
  EXPECT_THAT(
      got.mistakes,
      testing::UnorderedElementsAre(
          "o.toml:1: threads: must be a whole number", "o.toml:2: listen: must be a string",
          HasSubstr("o.toml:3: max-body-size: must be a whole number of bytes or"),
          HasSubstr("o.toml:4: drain-timeout: must be a number of seconds or"),
          "o.toml:5: allow-net: must be a string or an array of strings",
          "o.toml:6: log-level: must be a string", "o.toml:7: max-crawls: must be a whole number"));
}

TEST(ReadToml, AnyBytesAreAMistakeAtMost) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  for (const std::string& text : {all, std::string("a = \"\xff\""), std::string(100'000, '['),
                                  std::string("threads = \0 1", 13)}) {
    EXPECT_EQ(read_toml("o.toml", text).mistakes.size(), 1u);
  }
}

TEST(ReadToml, BadSyntaxIsOneMistakeWithItsLine) {
  for (std::string_view text :
       {"threads = 1\nthreads = \n", "a = 1\n]", "a = 1\nthreads 4", "a = 1\na = 2"}) {
    const toml_settings got = read_toml("o.toml", text);
    EXPECT_THAT(got.entries, IsEmpty());
    ASSERT_EQ(got.mistakes.size(), 1u) << text;
    EXPECT_THAT(got.mistakes[0], HasSubstr("o.toml:2: ")) << text;
  }
}

}  // namespace
}  // namespace orbweaver
