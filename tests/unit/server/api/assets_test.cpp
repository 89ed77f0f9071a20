#include "server/api/assets.hpp"

#include <gtest/gtest.h>

#include "tests/support/encodings.hpp"

namespace orbweaver {
namespace {

constexpr asset page{"/", "text/html", R"(W/"1")", false, "plain", "gzipped", "brotli"};
constexpr asset script{"/assets/a-1.js", "text/javascript", R"(W/"2")", true, "plain", {}, {}};

request_head asked(std::vector<std::pair<std::string, std::string>> fields) {
  request_head out;
  out.method = "GET";
  out.fields = std::move(fields);
  return out;
}

std::string field(const reply& r, std::string_view name) {
  for (const auto& [key, value] : r.headers)
    if (key == name) return value;
  return {};
}

TEST(Assets, ComeInTheBestCodingThatIsTaken) {
  EXPECT_EQ(answer_with(page, asked({{"Accept-Encoding", "gzip, deflate, br"}})).body, "brotli");
  EXPECT_EQ(answer_with(page, asked({{"Accept-Encoding", "gzip, br;q=0"}})).body, "gzipped");
  EXPECT_EQ(answer_with(page, asked({{"Accept-Encoding", "*"}})).body, "brotli");
  EXPECT_EQ(answer_with(page, asked({})).body, "plain");
  EXPECT_EQ(answer_with(script, asked({{"Accept-Encoding", "br"}})).body, "plain");
  EXPECT_EQ(field(answer_with(page, asked({{"Accept-Encoding", "GZIP"}})), "Content-Encoding"),
            "gzip");
}

TEST(Assets, AreNotSentToWhoHasThem) {
  for (const char* tags : {R"(W/"1")", R"("x", W/"1")", "*"}) {
    const reply r = answer_with(page, asked({{"If-None-Match", tags}}));
    EXPECT_EQ(r.status, 304) << tags;
    EXPECT_TRUE(r.body.empty());
    EXPECT_EQ(field(r, "ETag"), R"(W/"1")");
  }
  EXPECT_EQ(answer_with(page, asked({{"If-None-Match", R"(W/"2")"}})).status, 200);
}

TEST(Assets, MayBeKeptForGoodOnlyUnderANameOfTheirContent) {
  EXPECT_EQ(field(answer_with(page, asked({})), "Cache-Control"), "no-cache");
  EXPECT_NE(field(answer_with(script, asked({})), "Cache-Control").find("immutable"),
            std::string::npos);
}

TEST(Assets, ForbidEverythingButThisService) {
  const std::string policy = field(answer_with(page, asked({})), "Content-Security-Policy");
  EXPECT_TRUE(policy.starts_with("default-src 'none'; "));
  EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string::npos);
  for (const char* loose : {"unsafe", "http", "*", "blob:"})
    EXPECT_EQ(policy.find(loose), std::string::npos) << loose;
}

TEST(Assets, AskForNoTrustedTypesOfTheDocsAlone) {
  const asset docs{"/docs", "text/html", R"(W/"3")", false, "plain", {}, {}};
  const asset below{"/docs/a", "text/html", R"(W/"4")", false, "plain", {}, {}};
  const std::string strict = field(answer_with(page, asked({})), "Content-Security-Policy");
  const std::string policy = field(answer_with(docs, asked({})), "Content-Security-Policy");
  EXPECT_EQ(policy + "; require-trusted-types-for 'script'; trusted-types 'none'", strict);
  EXPECT_EQ(field(answer_with(below, asked({})), "Content-Security-Policy"), strict);
}

TEST(Assets, AreDecompressedForWhoTakesNoCoding) {
  const std::string text(100'000, 'a');
  const std::string compressed = test::gzip(text);
  const asset large{"/large.js", "text/javascript", R"(W/"5")", false, {}, compressed, {}};
  const reply plain = answer_with(large, asked({}));
  EXPECT_EQ(plain.body, text);
  EXPECT_EQ(field(plain, "Content-Encoding"), "");
  EXPECT_EQ(answer_with(large, asked({{"Accept-Encoding", "gzip"}})).body, compressed);
}

// Whatever the build has embedded.
TEST(Assets, HaveAPageAtTheRootAndTypesThatBrowsersMayTrust) {
  bool root = false;
  for (const asset& file : embedded_assets()) {
    root = root || file.path == "/";
    EXPECT_FALSE(file.content_type.empty()) << file.path;
    const std::string text = answer_with(file, asked({})).body;
    EXPECT_FALSE(text.empty()) << file.path;
    EXPECT_TRUE(file.plain.empty() || text == file.plain) << file.path;
    EXPECT_TRUE(file.etag.starts_with("W/\"")) << file.path;
  }
  EXPECT_TRUE(root);
  EXPECT_EQ(asset_routes().size(), embedded_assets().size());
}

}  // namespace
}  // namespace orbweaver
