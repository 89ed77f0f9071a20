#include "common/config/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

namespace orbweaver {
namespace {

const machine small{.cores = 4, .open_files = 1024};

TEST(ConfigOptions, EveryDefaultIsAValidValue) {
  for (const machine& on : {small, machine{.cores = 1, .open_files = 64},
                            machine{.cores = 512, .open_files = 1 << 20}}) {
    for (const config_option& o : config_options()) {
      settings to;
      const auto wrong = o.set(to, default_text(o, on), o);
      EXPECT_FALSE(wrong) << o.name << ": " << wrong->why();
    }
  }
}

TEST(ConfigOptions, NamesAreKebabCaseAndUnique) {
  std::set<std::string_view> seen;
  for (const config_option& o : config_options()) {
    EXPECT_TRUE(seen.insert(o.name).second) << o.name;
    EXPECT_EQ(o.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"), std::string_view::npos);
    EXPECT_EQ(find_option(o.name), &o);
    EXPECT_EQ(o.kind == option_kind::list, o.clear != nullptr) << o.name;
  }
  EXPECT_EQ(find_option("no-such"), nullptr);
}

TEST(ConfigOptions, TheEnvironmentsNamesAreDerived) {
  EXPECT_EQ(environment_name("max-body-size"), "ORBWEAVER_MAX_BODY_SIZE");
  EXPECT_EQ(environment_name("listen"), "ORBWEAVER_LISTEN");
}

TEST(ConfigOptions, HelpNamesRangeUnitAndDefault) {
  EXPECT_EQ(help_text(*find_option("threads")),
            "Threads that run the event loop (1 to 64; default: the number of cores)");
  EXPECT_EQ(help_text(*find_option("max-body-size")),
            "The largest body of an API request (bytes or with a unit, 1KiB to 1GiB; default: "
            "10MiB)");
  EXPECT_EQ(help_text(*find_option("drain-timeout")),
            "How long fetches in flight may go on after a request to stop; then answers get a "
            "second (seconds or with a unit, 0ms to 1h; default: 8s)");
  for (const config_option& o : config_options()) {
    EXPECT_THAT(help_text(o), testing::HasSubstr("default: ")) << o.name;
    EXPECT_THAT(help_text(o), testing::Not(testing::HasSubstr("default: )"))) << o.name;
  }
}

TEST(ConfigOptions, DefaultsFollowTheMachine) {
  EXPECT_EQ(default_text(*find_option("threads"), small), "4");
  EXPECT_EQ(default_text(*find_option("threads"), {.cores = 512, .open_files = 1024}), "64");
  EXPECT_EQ(default_text(*find_option("max-connections"), small), "768");
  EXPECT_EQ(default_text(*find_option("max-connections"), {.cores = 1, .open_files = 1 << 20}),
            "10000");
}

TEST(SimilarOption, FindsMisspeltNamesAndNoOthers) {
  EXPECT_EQ(similar_option("max-conections"), "max-connections");
  EXPECT_EQ(similar_option("thread"), "threads");
  EXPECT_EQ(similar_option("log_level"), "log-level");
  EXPECT_EQ(similar_option("password"), std::nullopt);
  EXPECT_EQ(similar_option(""), std::nullopt);
  EXPECT_EQ(similar_option(std::string(1 << 20, 'a')), std::nullopt);
}

}  // namespace
}  // namespace orbweaver
