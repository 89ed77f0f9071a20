#include "server/auth/key_file.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <thread>

#include "server/auth/key_ring.hpp"
#include "tests/support/scratch_folder.hpp"

namespace orbweaver {
namespace {

using nlohmann::json;

api_key entry(std::string name, account_quota quota = {}) {
  return make_key(std::move(name), key_scope::write, quota, "2026-01-02T03:04:05.678Z").entry;
}

std::optional<bad_text> add(const std::filesystem::path& folder, const api_key& key) {
  return change_keys(folder, [&](key_list& keys) -> std::optional<bad_text> {
    keys.push_back(key);
    return std::nullopt;
  });
}

void write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

TEST(KeyFile, SaysWhatItWasTold) {
  const key_list keys{entry("a"),
                      entry("b", {.max_crawls = 1, .max_pages = 2, .max_bytes = 1ull << 50})};
  EXPECT_EQ(read_keys(keys_as_json(keys)).value(), keys);
  EXPECT_EQ(read_keys(keys_as_json({})).value(), key_list{});
}

TEST(KeyFile, TakesNothingThatItDoesNotWrite) {
  const json right = json::parse(keys_as_json({entry("a", {.max_pages = 5})}));
  EXPECT_TRUE(read_keys(right.dump()));
  const auto with = [&](const char* place, const json& value) {
    json out = right;
    out[json::json_pointer(place)] = value;
    return out.dump();
  };
  for (const std::string& wrong :
       {std::string(), std::string("{}"), std::string("[]"), right.dump().substr(0, 100),
        with("/version", 2), with("/more", 1), with("/keys", 1), with("/keys/0", 1),
        with("/keys/0/id", "x"), with("/keys/0/id", 1), with("/keys/0/name", ""),
        with("/keys/0/scope", "admin"), with("/keys/0/sha256", "00"), with("/keys/0/maxPages", -1),
        with("/keys/0/maxPages", "5"), with("/keys/0/more", 1), with("/keys/1", right["keys"][0]),
        with("/keys/0/createdAt", std::string(33, 'x'))})
    EXPECT_FALSE(read_keys(wrong)) << wrong;
  for (const char* name : {"id", "name", "scope", "sha256", "createdAt"}) {
    json out = right;
    out["keys"][0].erase(name);
    EXPECT_FALSE(read_keys(out.dump())) << name;
  }
}

TEST(KeyFile, HasRoomForSoManyKeys) {
  key_list keys;
  for (std::size_t i = 0; i < max_keys; ++i) keys.push_back(entry(std::to_string(i)));
  EXPECT_TRUE(read_keys(keys_as_json(keys)));
  keys.push_back(entry("one more"));
  EXPECT_FALSE(read_keys(keys_as_json(keys)));
  const test::scratch_folder folder;
  const auto put = [&](key_list& in) -> std::optional<bad_text> {
    in = keys;
    return std::nullopt;
  };
  EXPECT_TRUE(change_keys(folder.path(), put)) << "nobody could read that again";
  write(key_file_in(folder.path()), std::string(max_key_file + 1, ' '));
  EXPECT_FALSE(load_keys(key_file_in(folder.path())));
}

TEST(KeyFile, IsItsOwnersAlone) {
  const test::scratch_folder folder;
  const auto inner = folder.path() / "made" / "for it";
  EXPECT_TRUE(load_keys(key_file_in(inner)).value().empty()) << "there is none";
  ASSERT_FALSE(add(inner, entry("a")));
  struct stat found {};
  ASSERT_EQ(stat(key_file_in(inner).c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
  ASSERT_EQ(stat(inner.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0700u);
  EXPECT_EQ(load_keys(key_file_in(inner)).value().size(), 1u);
}

TEST(KeyFile, FollowsNoLinkToAnotherLock) {
  const test::scratch_folder folder;
  const auto other = folder.path() / "other";
  std::filesystem::create_symlink(other, folder.path() / "keys.json.lock");
  EXPECT_TRUE(add(folder.path(), entry("a")));
  EXPECT_FALSE(std::filesystem::exists(other));
  EXPECT_TRUE(load_keys(key_file_in(folder.path())).value().empty());
}

TEST(KeyFile, ChangesOfSeveralWritersAreAllThere) {
  const test::scratch_folder folder;
  std::vector<std::thread> writers;
  for (int i = 0; i < 4; ++i)
    writers.emplace_back([&, i] {
      for (int j = 0; j < 5; ++j)
        EXPECT_FALSE(add(folder.path(), entry(std::to_string(i) + "-" + std::to_string(j))));
    });
  for (auto& writer : writers) writer.join();
  EXPECT_EQ(load_keys(key_file_in(folder.path())).value().size(), 20u);
}

TEST(KeyFile, StaysAsItIsWhenAChangeIsRefused) {
  const test::scratch_folder folder;
  ASSERT_FALSE(add(folder.path(), entry("a")));
  const auto why = change_keys(folder.path(), [](key_list& keys) -> std::optional<bad_text> {
    keys.clear();
    return refuse("no");
  });
  EXPECT_EQ(why->why(), "no");
  EXPECT_EQ(load_keys(key_file_in(folder.path())).value().size(), 1u);
  write(key_file_in(folder.path()), "x");
  EXPECT_TRUE(add(folder.path(), entry("b"))) << "what is damaged is not written over";
}

class KeyRing : public testing::Test {
 protected:
  // Far enough from the last time for another look.
  std::shared_ptr<const key_list> look(key_ring& keys) {
    now_ += std::chrono::seconds(2);
    return keys.current(now_);
  }
  std::filesystem::path file() const { return key_file_in(folder_.path()); }

  test::scratch_folder folder_;
  clock::time_point now_ = clock::now();
};

TEST_F(KeyRing, SeesWhatChanges) {
  key_ring keys(folder_.path());
  EXPECT_EQ(look(keys), nullptr);
  ASSERT_FALSE(add(folder_.path(), entry("a")));
  const auto one = look(keys);
  ASSERT_TRUE(one);
  EXPECT_EQ(one->size(), 1u);
  ASSERT_FALSE(add(folder_.path(), entry("b")));
  EXPECT_EQ(keys.current(now_)->size(), 1u) << "not at every request";
  EXPECT_EQ(look(keys)->size(), 2u);
  EXPECT_EQ(one->size(), 1u) << "who has it keeps it";
}

TEST_F(KeyRing, KeepsTheLastGoodKeys) {
  ASSERT_FALSE(add(folder_.path(), entry("a")));
  key_ring keys(folder_.path());
  write(file(), "damaged");
  EXPECT_EQ(look(keys)->size(), 1u);
  std::filesystem::remove(file());
  EXPECT_EQ(look(keys)->size(), 1u);
  ASSERT_FALSE(add(folder_.path(), entry("b")));
  EXPECT_EQ(look(keys)->front().name, "b");
}

TEST_F(KeyRing, DoesNotOpenWhenTheLastKeyIsRevoked) {
  ASSERT_FALSE(add(folder_.path(), entry("a")));
  key_ring keys(folder_.path());
  write(file(), keys_as_json({}));
  const auto none = look(keys);
  ASSERT_NE(none, nullptr);
  EXPECT_TRUE(none->empty());
}

TEST_F(KeyRing, RefusesToStartWithADamagedFile) {
  write(file(), "{");
  EXPECT_THROW(key_ring(folder_.path()), keys_refused);
  write(file(), "");
  EXPECT_THROW(key_ring(folder_.path()), keys_refused) << "as after a crash of something else";
}

}  // namespace
}  // namespace orbweaver
