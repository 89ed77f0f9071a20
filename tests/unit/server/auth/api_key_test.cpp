#include "server/auth/api_key.hpp"

#include <gtest/gtest.h>
#include <set>

namespace orbweaver {
namespace {

new_key make(std::string name) { return make_key(std::move(name), key_scope::read, {}, "now"); }

TEST(ApiKey, Sha256IsTheOneOfFips180) {
  EXPECT_EQ(hex_of(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_from_hex(hex_of(sha256("x"))), sha256("x"));
  for (const std::string_view wrong : {"", "ab", "zz", "BA7816BF"})
    EXPECT_FALSE(sha256_from_hex(wrong)) << wrong;
  EXPECT_FALSE(sha256_from_hex(std::string(64, 'g')));
  EXPECT_FALSE(sha256_from_hex(std::string(64, 'A'))) << "it is written in one way";
}

TEST(ApiKey, NoTwoAreAlike) {
  std::set<std::string> secrets, ids;
  for (int i = 0; i < 100; ++i) {
    const new_key made = make("a");
    EXPECT_EQ(made.secret.size(), 46u);
    EXPECT_TRUE(made.secret.starts_with("ow_"));
    EXPECT_EQ(made.secret.substr(3).find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                      "abcdefghijklmnopqrstuvwxyz0123456789-_"),
              std::string::npos);
    EXPECT_EQ(made.entry.hash, sha256(made.secret));
    secrets.insert(made.secret);
    ids.insert(made.entry.id);
  }
  EXPECT_EQ(secrets.size(), 100u);
  EXPECT_EQ(ids.size(), 100u);
}

TEST(ApiKey, IsFoundByTheWholeKeyAlone) {
  const new_key one = make("one");
  const new_key two = make("two");
  const auto keys = std::make_shared<const key_list>(key_list{one.entry, two.entry});
  EXPECT_EQ(find_key(keys, one.secret)->name, "one");
  EXPECT_EQ(find_key(keys, two.secret)->name, "two");
  for (const std::string& wrong :
       {std::string(), one.secret.substr(0, 45), one.secret + "A", hex_of(one.entry.hash)})
    EXPECT_EQ(find_key(keys, wrong), nullptr) << wrong;
  EXPECT_EQ(find_key(std::make_shared<const key_list>(), one.secret), nullptr);
}

TEST(ApiKey, NamesAreShortAndPrintable) {
  for (const std::string& right :
       {std::string("a"), std::string("my laptop"), std::string(64, 'x')})
    EXPECT_FALSE(bad_key_name(right)) << right;
  for (const std::string& wrong : {std::string(), std::string(65, 'x'), std::string(" a"),
                                   std::string("a "), std::string("a\nb"), std::string("\xc3\xa4")})
    EXPECT_TRUE(bad_key_name(wrong)) << wrong;
}

}  // namespace
}  // namespace orbweaver
