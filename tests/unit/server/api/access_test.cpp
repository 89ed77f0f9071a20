#include "server/api/access.hpp"

#include <gtest/gtest.h>

#include "server/auth/key_file.hpp"
#include "tests/support/scratch_folder.hpp"

namespace orbweaver {
namespace {

using namespace std::chrono_literals;
using fields = std::vector<std::pair<std::string, std::string>>;

class Access : public testing::Test {
 protected:
  std::string make_key_of(key_scope scope) {
    const new_key made = make_key(std::string(name(scope)), scope, {}, "now");
    change_keys(folder_.path(), [&](key_list& keys) -> std::optional<bad_text> {
      keys.push_back(made.entry);
      return std::nullopt;
    });
    return made.secret;
  }
  void begin(std::vector<std::string> origins = {}) {
    keys_ = std::make_unique<key_ring>(folder_.path());
    access_ = std::make_unique<access_control>(*keys_, std::move(origins),
                                               attempt_limits{.burst = 2, .each = 1h});
  }
  admission admit(const fields& more, access_level level = access_level::read,
                  const std::string& method = "GET", bool secure = false) {
    request_head head{method, "/", true, {{"Host", host_}}};
    head.fields.insert(head.fields.end(), more.begin(), more.end());
    const route found{"GET", "/", {}, 0, level};
    return access_->admit(head, {}, {asio::ip::make_address("192.0.2.1"), secure},
                          method == "OPTIONS" ? nullptr : &found);
  }
  std::string code(const fields& more, access_level level = access_level::read) {
    const admission got = admit(more, level);
    return got.refused ? std::string(info(got.refused->code).name) : "";
  }
  static fields with_key(const std::string& key) { return {{"Authorization", "Bearer " + key}}; }
  static std::string value(const admission& of, std::string_view name) {
    for (const auto& [key, text] : of.headers)
      if (key == name) return text;
    return "";
  }

  test::scratch_folder folder_;
  std::unique_ptr<key_ring> keys_;
  std::unique_ptr<access_control> access_;
  std::string host_ = "localhost:8080";
};

TEST_F(Access, AsksForNoKeyWhereThereIsNone) {
  begin();
  EXPECT_EQ(code({}, access_level::write), "");
  EXPECT_EQ(code(with_key("ow_whatever"), access_level::write), "");
  for (const char* host :
       {"a.test", "[::1]evil.com", "[::1]:80x", "[::1", "[localhost]", "[127.0.0.1]",
        "localhost:evil.com", "localhost:-1", "127.0.0.1:99999", "127.0.0.1:8080:1", "::1",
        "[::1%251]", "127.1.evil.com", "localhost.", "[192.0.2.1]"}) {
    host_ = host;
    EXPECT_EQ(code({}), "forbidden_host") << host;
  }
  for (const char* host : {"localhost", "LOCALHOST:65535", "127.0.0.1", "127.9.9.9:8080", "[::1]",
                           "[::1]:8080", "localhost:"}) {
    host_ = host;
    EXPECT_EQ(code({}), "") << host;
  }
}

TEST_F(Access, AKeyOpensWhatItsScopeSays) {
  const std::string reader = make_key_of(key_scope::read);
  const std::string writer = make_key_of(key_scope::write);
  begin();
  EXPECT_EQ(code({}, access_level::open), "");
  EXPECT_EQ(code({}), "key_required");
  EXPECT_EQ(code(with_key(reader)), "");
  EXPECT_EQ(code(with_key(reader), access_level::write), "scope_insufficient");
  EXPECT_EQ(code(with_key(writer)), "");
  EXPECT_EQ(code(with_key(writer), access_level::write), "");
  EXPECT_EQ(admit(with_key(writer)).key->name, "write");
  EXPECT_EQ(code({{"authorization", "bEARER   " + writer}}), "");
  host_ = "crawl.example:443";
  EXPECT_EQ(code(with_key(writer)), "") << "it may have any name";
}

TEST_F(Access, WrongKeysAreChallengedAndThenPutOff) {
  const std::string key = make_key_of(key_scope::read);
  begin();
  EXPECT_EQ(value(admit({}), "WWW-Authenticate"), "Bearer realm=\"orbweaver\"");
  const admission refused = admit(with_key(key + "x"));
  EXPECT_EQ(refused.refused->code, problem_code::key_invalid);
  EXPECT_EQ(value(refused, "WWW-Authenticate"),
            "Bearer realm=\"orbweaver\", error=\"invalid_token\"");
  EXPECT_EQ(code({{"Authorization", "Basic QTpi"}}), "key_invalid");
  const admission put_off = admit(with_key(""));
  EXPECT_EQ(put_off.refused->code, problem_code::too_many_attempts);
  EXPECT_EQ(put_off.refused->retry_after, 3600u);
  EXPECT_EQ(code({}), "key_required") << "nothing was tried";
  EXPECT_EQ(code(with_key(key)), "") << "a right key is always taken";
  EXPECT_EQ(code({{"Authorization", "Bearer " + key}, {"Authorization", "Bearer " + key}}),
            "too_many_attempts")
      << "one is enough";
  EXPECT_EQ(value(admit(with_key(key), access_level::write), "WWW-Authenticate"),
            "Bearer realm=\"orbweaver\", error=\"insufficient_scope\", scope=\"write\"");
}

TEST_F(Access, PagesOfOtherOriginsStayOut) {
  begin();
  EXPECT_EQ(code({{"Origin", "http://localhost:8080"}}), "");
  EXPECT_EQ(code({{"Origin", "https://localhost:8080"}}), "forbidden_origin");
  EXPECT_TRUE(admit({{"Origin", "http://localhost:8080"}}).headers.empty());
  EXPECT_EQ(code({{"Origin", "http://localhost:8080"}, {"Origin", "https://evil.example"}}),
            "forbidden_origin")
      << "all of them count";
  EXPECT_TRUE(
      admit({{"Origin", "http://localhost:8080"}}, access_level::read, "GET", true).refused);
  EXPECT_FALSE(
      admit({{"Origin", "https://localhost:8080"}}, access_level::read, "GET", true).refused);
  const std::string key = make_key_of(key_scope::read);
  begin();
  host_ = "crawl.example";
  EXPECT_EQ(code({{"Origin", "https://crawl.example"}}, access_level::open), "")
      << "a proxy speaks TLS";
  for (const char* origin : {"https://evil.example", "null", "https://crawl.example:444"})
    EXPECT_EQ(code({{"Origin", origin}, {"Authorization", "Bearer " + key}}), "forbidden_origin")
        << origin;
}

TEST_F(Access, ConfiguredOriginsMayCall) {
  begin({"https://app.example", "http://localhost:3000"});
  const admission plain = admit({});
  EXPECT_EQ(value(plain, "Vary"), "Origin");
  EXPECT_EQ(value(plain, "Access-Control-Allow-Origin"), "");
  const admission allowed = admit({{"Origin", "https://app.example"}});
  EXPECT_FALSE(allowed.refused);
  EXPECT_EQ(value(allowed, "Vary"), "Origin");
  EXPECT_EQ(value(allowed, "Access-Control-Allow-Origin"), "https://app.example");
  EXPECT_EQ(value(allowed, "Access-Control-Expose-Headers"), "Location, Retry-After, X-Request-Id");
  EXPECT_EQ(value(allowed, "Access-Control-Allow-Methods"), "");
  EXPECT_EQ(value(allowed, "Access-Control-Allow-Credentials"), "");
  for (const char* origin : {"https://app.example.evil.test", "https://app.example:444",
                             "http://app.example", "HTTPS://APP.EXAMPLE", "null", "*"}) {
    const admission refused = admit({{"Origin", origin}});
    EXPECT_TRUE(refused.refused) << origin;
    EXPECT_EQ(value(refused, "Access-Control-Allow-Origin"), "") << origin;
    EXPECT_EQ(value(refused, "Vary"), "Origin") << origin;
  }
}

TEST_F(Access, PreflightsAreAnsweredWithoutAKey) {
  make_key_of(key_scope::read);
  begin({"https://app.example"});
  const fields asks{{"Origin", "https://app.example"}, {"Access-Control-Request-Method", "DELETE"}};
  const admission got = admit(asks, access_level::open, "OPTIONS");
  EXPECT_FALSE(got.refused);
  EXPECT_EQ(value(got, "Access-Control-Allow-Methods"), "GET, HEAD, POST, DELETE");
  EXPECT_NE(value(got, "Access-Control-Allow-Headers").find("Authorization"), std::string::npos);
  EXPECT_EQ(value(got, "Access-Control-Max-Age"), "600");
  EXPECT_EQ(value(got, "Access-Control-Allow-Credentials"), "");
  // What refuses a request for want of a key can be read by the page that sent it.
  EXPECT_EQ(value(admit({{"Origin", "https://app.example"}}), "Access-Control-Allow-Origin"),
            "https://app.example");
}

TEST(BearerToken, IsReadStrictly) {
  EXPECT_EQ(bearer_token("Bearer abc"), "abc");
  for (const char* wrong : {"", "Bearer", "Bearer ", "Bearer   ", "Bearerabc", "Basic abc", "abc"})
    EXPECT_FALSE(bearer_token(wrong)) << wrong;
}

}  // namespace
}  // namespace orbweaver
