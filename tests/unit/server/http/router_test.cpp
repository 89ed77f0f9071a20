#include "server/http/router.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

task<reply> no_answer(request_context&) { co_return reply{}; }

router example() {
  return router({{"GET", "/", no_answer},
                 {"GET", "/v1/crawls", no_answer},
                 {"POST", "/v1/crawls", no_answer, 1000},
                 {"GET", "/v1/crawls/{id}", no_answer},
                 {"POST", "/v1/crawls/{id}/pause", no_answer},
                 {"GET", "/v1/crawls/{id}/results/{seq}/body", no_answer}});
}

TEST(Router, FindsTheRouteAndWhatItCaptures) {
  const router routes = example();
  EXPECT_EQ(routes.match("GET", "/").found->path, "/");
  EXPECT_EQ(routes.match("POST", "/v1/crawls").found->body_limit, 1000u);
  EXPECT_EQ(routes.match("GET", "/v1/crawls").found->body_limit, default_body_limit);
  const route_match match = routes.match("GET", "/v1/crawls/abc/results/7/body");
  EXPECT_EQ(match.captures, (std::vector<std::string_view>{"abc", "7"}));
}

TEST(Router, AnswersHeadByGet) {
  EXPECT_EQ(example().match("HEAD", "/v1/crawls").found->method, "GET");
  EXPECT_EQ(example().match("HEAD", "/v1/crawls/x/pause").found, nullptr);
}

TEST(Router, TellsUnknownPathsFromUnknownMethods) {
  const router routes = example();
  EXPECT_EQ(routes.match("PUT", "/v1/crawls").allow, "GET, POST, HEAD, OPTIONS");
  EXPECT_EQ(routes.match("GET", "/v1/crawls/x/pause").allow, "POST, OPTIONS");
  for (const char* path : {"/v2", "/v1/crawls/", "/v1/crawls//", "/v1/crawls//pause", "//v1/crawls",
                           "/v1/crawls/x/y", "/v1/crawls/x/pause/z", "/V1/crawls", "//"}) {
    const route_match match = routes.match("GET", path);
    EXPECT_EQ(match.found, nullptr) << path;
    EXPECT_EQ(match.allow, "") << path;
  }
}

}  // namespace
}  // namespace orbweaver
