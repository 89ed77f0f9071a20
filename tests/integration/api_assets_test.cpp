#include <algorithm>
#include <gtest/gtest.h>

#include "crawler/fetch/decode.hpp"
#include "server/api/assets.hpp"
#include "tests/support/running_app.hpp"

namespace orbweaver {
namespace {

using test::http_answer;
using test::http_client;
using test::running_app;

TEST(ApiAssets, ComeWithAPolicyAndAreAskedForOnce) {
  const running_app app;
  const http_answer page = app.get("/", "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(page.status, 200u);
  EXPECT_TRUE(page.fields.contains("content-security-policy"));
  EXPECT_EQ(page.fields.at("x-content-type-options"), "nosniff");
  const http_answer again = app.get("/", "If-None-Match: " + page.fields.at("etag") + "\r\n");
  EXPECT_EQ(again.status, 304u);
  EXPECT_EQ(app.get("/assets/unknown.js").status, 404u);
  EXPECT_EQ(app.post("/").status, 405u);
}

const asset* embedded(std::string_view path) {
  const auto all = embedded_assets();
  const auto it = std::ranges::find(all, path, &asset::path);
  return it == all.end() ? nullptr : &*it;
}

TEST(ApiAssets, DocsHaveAPolicyOfTheirOwn) {
  const running_app app;
  const http_answer page = app.get("/docs");
  if (embedded("/docs") == nullptr) {  // built without the pages: there is nothing instead
    EXPECT_EQ(page.status, 404u);
    return;
  }
  EXPECT_EQ(page.status, 200u);
  EXPECT_EQ(page.fields.at("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.fields.at("cache-control"), "no-cache");
  EXPECT_EQ(page.fields.at("x-content-type-options"), "nosniff");
  const std::string& policy = page.fields.at("content-security-policy");
  EXPECT_NE(policy, app.get("/").fields.at("content-security-policy"));
  EXPECT_NE(policy.find("script-src 'self'; "), std::string::npos) << policy;
  http_client client = app.connect();
  client.send("HEAD /docs HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const http_answer head = client.read(true);
  EXPECT_EQ(head.status, 200u);
  EXPECT_EQ(head.fields.at("content-length"), std::to_string(page.body.size()));
  EXPECT_EQ(head.fields.at("etag"), page.fields.at("etag"));
  EXPECT_EQ(app.post("/docs").status, 405u);
  for (const char* unknown : {"/docs/", "/docs.html", "/docs/unknown.js"})
    EXPECT_EQ(app.get(unknown).status, 404u) << unknown;
}

TEST(ApiAssets, LicencesOfWhatIsEmbeddedArePassedOn) {
  if (embedded("/docs") == nullptr) GTEST_SKIP() << "built without pages";
  const http_answer answer = running_app().get("/licenses.txt");
  EXPECT_EQ(answer.fields.at("content-type"), "text/plain; charset=utf-8");
  for (const char* part : {"preact ", "uplot ", "swagger-ui-dist ", "Apache License", "DOMPurify"})
    EXPECT_NE(answer.body.find(part), std::string::npos) << part;
}

// The script of the docs is kept compressed alone.
TEST(ApiAssets, AreTheSameInEveryCoding) {
  const running_app app;
  for (const asset& file : embedded_assets()) {
    const std::string path(file.path);
    const http_answer plain = app.get(path);
    EXPECT_EQ(plain.status, 200u) << path;
    EXPECT_FALSE(plain.fields.contains("content-encoding")) << path;
    for (const char* coding : {"gzip", "br"}) {
      const http_answer packed = app.get(path, std::string("Accept-Encoding: ") + coding + "\r\n");
      if (!packed.fields.contains("content-encoding")) continue;
      EXPECT_EQ(packed.fields.at("content-encoding"), coding) << path;
      coding_list codings;
      codings.add(coding == std::string_view("br") ? content_coding::br : content_coding::gzip);
      std::string text;
      EXPECT_EQ(decode_body(packed.body, codings, {}, text).error, outcome::fetched) << path;
      EXPECT_EQ(text, plain.body) << path;
    }
    if (file.hashed) {
      EXPECT_NE(plain.fields.at("cache-control").find("immutable"), std::string::npos) << path;
    }
  }
}

}  // namespace
}  // namespace orbweaver
