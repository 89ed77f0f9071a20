#include "server/commands/inspect_text.hpp"

#include <cstdio>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

namespace orbweaver {
namespace {

TEST(InspectText, LetsNothingDriveATerminal) {
  EXPECT_EQ(printable("a \xc3\xa9 \xf0\x9f\x98\x80 ~"), "a \xc3\xa9 \xf0\x9f\x98\x80 ~");
  EXPECT_EQ(printable("\xc2\xa0"), "\xc2\xa0");
  const std::string replaced = "\xef\xbf\xbd";
  for (const std::string_view bad : {"\x1b", "\n", "\t", "\x7f", "\xc2\x9b", "\xc2\x80", "\xff"})
    EXPECT_EQ(printable("a" + std::string(bad) + "b"), "a" + replaced + "b");
  EXPECT_EQ(printable("\xc2"), replaced);
}

TEST(InspectText, AlignsRows) {
  std::string out;
  append_row(out, "name", "value");
  append_row(out, "a name too long", "value");
  append_row(out, "nothing", "");
  EXPECT_EQ(out, "name         value\na name too long value\nnothing\n");
}

TEST(InspectText, ReadsWholeFilesUpToTheLimit) {
  const std::string path = testing::TempDir() + "inspect_text_test_" + std::to_string(getpid());
  std::string content(max_inspected_bytes, 'a');
  std::ofstream(path, std::ios::binary) << content;
  EXPECT_EQ(read_source(path), content);
  std::ofstream(path, std::ios::binary) << content << 'b';
  EXPECT_THROW(read_source(path), std::runtime_error);
  std::remove(path.c_str());
  EXPECT_THROW(read_source(path), std::runtime_error);
  EXPECT_THROW(read_source(testing::TempDir()), std::runtime_error);
}

}  // namespace
}  // namespace orbweaver
