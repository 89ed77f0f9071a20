#include "common/file.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

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

TEST(File, IsReadUpToAPlace) {
  const test::scratch_folder folder;
  const auto path = folder.path() / "f";
  std::string text;
  for (int i = 0; text.size() < 200'000; ++i) text += std::to_string(i);
  std::ofstream(path) << text;
  for (const std::size_t most :
       {std::size_t{0}, std::size_t{1}, std::size_t{65536}, std::size_t{65537}, text.size() - 1,
        text.size(), text.size() + 1}) {
    std::ifstream in(path);
    EXPECT_EQ(read_up_to(in, most), text.substr(0, most)) << most;
  }
  std::ifstream none(folder.path() / "none");
  EXPECT_EQ(read_up_to(none, 10), "");
  EXPECT_FALSE(read_file(path, text.size() - 1));
  EXPECT_EQ(read_file(path, text.size()).value(), text);
}

TEST(File, FollowsNoLinkThatIsInItsWay) {
  const test::scratch_folder folder;
  const auto path = folder.path() / "f";
  const auto other = folder.path() / "other";
  const auto leftover = folder.path() / "f.new";
  std::ofstream(other) << "somebody else's";
  std::filesystem::permissions(other, std::filesystem::perms(0644));
  const auto unharmed = [&] {
    struct stat found {};
    EXPECT_EQ(stat(other.c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777, 0644u);
    EXPECT_EQ(read_file(other, 100).value(), "somebody else's");
  };
  std::filesystem::create_symlink(other, leftover);
  EXPECT_FALSE(replace_file(path, "new"));
  unharmed();
  std::filesystem::create_hard_link(other, leftover);
  EXPECT_FALSE(replace_file(path, "newer"));
  unharmed();
  std::filesystem::remove(path);
  std::filesystem::create_symlink(other, path);
  EXPECT_FALSE(replace_file(path, "newest"));
  unharmed();
  EXPECT_TRUE(std::filesystem::is_regular_file(std::filesystem::symlink_status(path)));
  EXPECT_EQ(read_file(path, 100).value(), "newest");
  std::filesystem::create_directory(leftover);
  EXPECT_TRUE(replace_file(path, "no")) << "what cannot be cleared away is not written to";
}

TEST(File, GivesWhatRootMakesToTheOwnerOfItsDirectory) {
  if (geteuid() != 0) GTEST_SKIP() << "root alone may give files away";
  const test::scratch_folder folder;
  constexpr uid_t service = 54321;
  const auto owner_of = [](const std::filesystem::path& path) {
    struct stat found {};
    EXPECT_EQ(lstat(path.c_str(), &found), 0);
    return found.st_uid;
  };
  const auto inner = folder.path() / "inner";
  const auto of_root = folder.path() / "root's";
  std::filesystem::create_directory(inner);
  ASSERT_EQ(chown(inner.c_str(), service, service), 0);
  std::ofstream(of_root) << "x";
  std::filesystem::create_symlink(of_root, inner / "f.new");
  EXPECT_FALSE(replace_file(inner / "f", "new"));
  EXPECT_EQ(owner_of(inner / "f"), service);
  EXPECT_EQ(owner_of(of_root), 0u);
}

TEST(File, SaysWhatIsWrong) {
  const test::scratch_folder folder;
  EXPECT_TRUE(replace_file(folder.path() / "none" / "f", "x"));
  EXPECT_FALSE(read_file(folder.path() / "f", 10));
  EXPECT_FALSE(read_file(folder.path(), 10)) << "a folder";
  ASSERT_FALSE(replace_file(folder.path() / "f", "12345"));
  EXPECT_EQ(read_file(folder.path() / "f", 4).error().why(), "is larger than 4 bytes");
}

TEST(File, ANewDirectoryIsItsOwnersAlone) {
  const test::scratch_folder folder;
  const mode_t before = umask(022);
  const auto inner = folder.path() / "above" / "it";
  for (const auto& path : {inner, folder.path() / "b" / ""}) {
    EXPECT_FALSE(is_open_to_others(path)) << "there is none";
    EXPECT_FALSE(make_private_directory(path)) << path;
    EXPECT_FALSE(make_private_directory(path)) << "it is there";
    EXPECT_TRUE(std::filesystem::is_directory(path)) << path;
    EXPECT_FALSE(is_open_to_others(path)) << path;
  }
  umask(before);
  std::filesystem::permissions(inner, std::filesystem::perms(0711));
  EXPECT_TRUE(is_open_to_others(inner));
  EXPECT_FALSE(make_private_directory(inner)) << "it stays as it is";
  EXPECT_TRUE(is_open_to_others(inner));
  std::ofstream(folder.path() / "file") << "x";
  EXPECT_TRUE(make_private_directory(folder.path() / "file"));
  EXPECT_TRUE(make_private_directory(folder.path() / "file" / "below"));
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
