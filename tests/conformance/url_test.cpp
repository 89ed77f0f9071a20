// web-platform-tests' data for the URL Standard: url/resources/urltestdata.json and toascii.json.
#include "common/url/url.hpp"

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace orbweaver {
namespace {

using json = nlohmann::json;

// ORBWEAVER_CONFORMANCE_DIR, or ../shared/conformance beside the sources.
std::string data_file(const char* name) {
  const char* dir = std::getenv("ORBWEAVER_CONFORMANCE_DIR");
  return (dir ? std::string(dir) : std::string(ORBWEAVER_SOURCE_DIR "/../shared/conformance")) +
         "/url/" + name;
}

class UrlConformance : public testing::Test {
 protected:
  // The array in `name`; null when there is no such file.
  static json load(const char* name) {
    std::ifstream file(data_file(name));
    return file ? json::parse(file) : json();
  }
};

void expect_parts(const url& u, const json& test) {
  EXPECT_EQ(u.href(), test["href"].get<std::string>());
  EXPECT_EQ(u.protocol(), test["protocol"].get<std::string>());
  EXPECT_EQ(u.username(), test["username"].get<std::string>());
  EXPECT_EQ(u.password(), test["password"].get<std::string>());
  EXPECT_EQ(u.host(), test["host"].get<std::string>());
  EXPECT_EQ(u.hostname(), test["hostname"].get<std::string>());
  EXPECT_EQ(u.port(), test["port"].get<std::string>());
  EXPECT_EQ(u.pathname(), test["pathname"].get<std::string>());
  EXPECT_EQ(u.search(), test["search"].get<std::string>());
  EXPECT_EQ(u.hash(), test["hash"].get<std::string>());
  if (test.contains("origin")) {
    EXPECT_EQ(u.origin(), test["origin"].get<std::string>());
  }
}

TEST_F(UrlConformance, UrlTestData) {
  const json tests = load("urltestdata.json");
  if (tests.is_null()) GTEST_SKIP() << "no " << data_file("urltestdata.json");
  url reused;
  int run = 0;
  for (const json& test : tests) {
    if (!test.is_object()) continue;
    ++run;
    const std::string input = test["input"];
    SCOPED_TRACE("input " + test["input"].dump() + ", base " + test["base"].dump());
    std::optional<url> base;
    if (test["base"].is_string()) {
      base = url::parse(test["base"].get<std::string>());
      ASSERT_TRUE(base.has_value());
    }
    url_error why = url_error::none;
    const bool good = reused.assign(input, base ? &*base : nullptr, &why);
    EXPECT_EQ(good, !test.contains("failure")) << message(why);
    EXPECT_EQ(good, why == url_error::none);
    if (!good || test.contains("failure")) continue;
    expect_parts(reused, test);
    // Parsing what was printed changes nothing.
    const auto again = url::parse(reused.href());
    ASSERT_TRUE(again.has_value());
    expect_parts(*again, test);
  }
  EXPECT_GT(run, 800);
}

TEST_F(UrlConformance, ToAscii) {
  const json tests = load("toascii.json");
  if (tests.is_null()) GTEST_SKIP() << "no " << data_file("toascii.json");
  int run = 0;
  for (const json& test : tests) {
    if (!test.is_object()) continue;
    ++run;
    SCOPED_TRACE("input " + test["input"].dump());
    const auto u = url::parse("https://" + test["input"].get<std::string>() + "/x");
    EXPECT_EQ(u.has_value(), test["output"].is_string());
    if (u && test["output"].is_string()) {
      const std::string wanted = test["output"];
      EXPECT_EQ(u->hostname(), wanted);
      EXPECT_EQ(u->href(), "https://" + wanted + "/x");
    }
  }
  EXPECT_GT(run, 70);
}

}  // namespace
}  // namespace orbweaver
