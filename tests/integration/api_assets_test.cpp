#include <gtest/gtest.h>

#include "tests/support/running_app.hpp"

namespace orbweaver {
namespace {

using test::http_answer;
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

}  // namespace
}  // namespace orbweaver
