#include "common/file.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "common/watched_file.hpp"
#include "tests/support/scratch_folder.hpp"

namespace orbweaver {
namespace {

using namespace std::chrono_literals;

TEST(File, IsReplacedWhole) {
  const test::scratch_folder folder;
  const auto path = folder.path() / "f";
  std::ofstream(path) << "an older and longer text";
  std::filesystem::permissions(path, std::filesystem::perms(0644));
  EXPECT_FALSE(replace_file(path, "new"));
  EXPECT_EQ(read_file(path, 3).value(), "new");
  struct stat found {};
  ASSERT_EQ(stat(path.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(File, SaysWhatIsWrong) {
  const test::scratch_folder folder;
  EXPECT_TRUE(replace_file(folder.path() / "none" / "f", "x"));
  EXPECT_FALSE(read_file(folder.path() / "f", 10));
  EXPECT_FALSE(read_file(folder.path(), 10)) << "a folder";
  ASSERT_FALSE(replace_file(folder.path() / "f", "12345"));
  EXPECT_EQ(read_file(folder.path() / "f", 4).error().why(), "is larger than 4 bytes");
}

TEST(WatchedFile, TellsEachChangeOnce) {
  const test::scratch_folder folder;
  const auto path = folder.path() / "f";
  auto now = clock::now();
  watched_file file(path);
  EXPECT_FALSE(file.changed(now));
  ASSERT_FALSE(replace_file(path, "a"));
  EXPECT_FALSE(file.changed(now + 999ms)) << "it was looked at just now";
  EXPECT_TRUE(file.changed(now += 1s));
  EXPECT_FALSE(file.changed(now += 1s));
  ASSERT_FALSE(replace_file(path, "b")) << "as large as before";
  EXPECT_TRUE(file.changed(now += 1s));
  std::filesystem::remove(path);
  EXPECT_TRUE(file.changed(now += 1s));
  EXPECT_FALSE(file.changed(now += 1s));
}

}  // namespace
}  // namespace orbweaver
