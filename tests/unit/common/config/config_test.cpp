#include "common/config.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "common/config/toml_file.hpp"

namespace orbweaver {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

config_sources sources() {
  return {.on = {.cores = 4, .open_files = 1024},
          .file_path = std::nullopt,
          .file_text = {},
          .variables = {},
          .flags = {}};
}

std::vector<std::string> wrong(const config_sources& s) {
  const auto got = merge_settings(s);
  return got ? std::vector<std::string>{} : got.error().lines;
}

TEST(MergeSettings, DefaultsStandInTheTable) {
  const settings s = merge_settings(sources()).value();
  EXPECT_EQ(s.listen.port(), 8080);
  EXPECT_TRUE(s.listen.address().is_loopback());
  EXPECT_EQ(s.threads, 4u);
  EXPECT_EQ(s.level, log_level::info);
  EXPECT_EQ(s.max_concurrency, 1000u);
  EXPECT_EQ(s.max_connections, 768u);
  EXPECT_EQ(s.max_crawls, 10'000u);
  EXPECT_EQ(s.max_body_size, 10u << 20);
  EXPECT_EQ(s.drain_timeout, 8s);
  EXPECT_TRUE(s.allow_net.empty());
  EXPECT_TRUE(s.dns_servers.empty());
  EXPECT_THAT(s.user_agent, testing::StartsWith("Orbweaver/"));
}

TEST(MergeSettings, FlagsOverEnvironmentOverFileOverDefaults) {
  config_sources s = sources();
  s.file_path = "o.toml";
  s.file_text = "threads = 5\nmax-crawls = 5\nmax-concurrency = 5\n";
  s.variables = {{"ORBWEAVER_THREADS", "6"}, {"ORBWEAVER_MAX_CRAWLS", "6"}};
  s.flags = {{find_option("threads"), {"7"}}};
  const settings got = merge_settings(s).value();
  EXPECT_EQ(got.threads, 7u);
  EXPECT_EQ(got.max_crawls, 6u);
  EXPECT_EQ(got.max_concurrency, 5u);
}

TEST(MergeSettings, AListComesWholeFromOneSource) {
  config_sources s = sources();
  s.file_path = "o.toml";
  s.file_text = "allow-net = [\"10.0.0.0/8\", \"192.168.0.0/16\"]\n";
  EXPECT_EQ(merge_settings(s)->allow_net.size(), 2u);
  s.variables = {{"ORBWEAVER_ALLOW_NET", "::1"}};
  EXPECT_EQ(merge_settings(s)->allow_net.size(), 1u);
  s.flags = {{find_option("allow-net"), {"127.0.0.0/8,::1/128", "10.1.2.3"}}};
  const settings got = merge_settings(s).value();
  ASSERT_EQ(got.allow_net.size(), 3u);
  EXPECT_EQ(got.allow_net[2].to_string(), "10.1.2.3/32");
  s.flags = {{find_option("allow-net"), {""}}};
  EXPECT_TRUE(merge_settings(s)->allow_net.empty()) << "an empty list overrides too";
}

TEST(MergeSettings, EveryMistakeIsNamedAtOnce) {
  config_sources s = sources();
  s.file_path = "o.toml";
  s.file_text = "threads = 65\nmax-conections = 1\nlisten = 80\n";
  s.variables = {{"ORBWEAVER_LOG_LEVEL", "loud"}, {"ORBWEAVER_THREAD", "1"}};
  s.flags = {{find_option("allow-net"), {"10.1.2.3/8"}},
             {find_option("drain-timeout"), {"soon\x1b[31m"}},
             {find_option("threads"), {"8"}}};
  EXPECT_THAT(
      wrong(s),
      UnorderedElementsAre(
          "o.toml:1: threads: must be a whole number from 1 to 64",
          "o.toml:2: max-conections: no such setting; did you mean max-connections?",
          "o.toml:3: listen: must be a string",
          "ORBWEAVER_LOG_LEVEL=loud: must be debug, info, warn, error or off",
          "ORBWEAVER_THREAD: no such setting",
          "--allow-net 10.1.2.3/8: '10.1.2.3/8': bits are set beyond the prefix; the network is "
          "10.0.0.0/8",
          HasSubstr("--drain-timeout soon?[31m: must be a duration")));
  EXPECT_THAT(merge_settings(s).error().to_string(),
              testing::StartsWith("7 settings are wrong:\n  o.toml:"));
}

TEST(MergeSettings, VariablesThatAreNoSettings) {
  config_sources s = sources();
  s.variables = {{"ORBWEAVER_CONFIG", "x"},
                 {"ORBWEAVER_CONFORMANCE_DIR", "y"},
                 {"ORBWEAVER_SERVER", "http://a/"},
                 {"ORBWEAVER_KEY", "z"}};
  EXPECT_TRUE(merge_settings(s).has_value());
}

TEST(MergeSettings, ConnectionsMustFitTheOpenFiles) {
  config_sources s = sources();
  s.flags = {{find_option("max-connections"), {"1024"}}};
  EXPECT_TRUE(merge_settings(s).has_value());
  s.flags = {{find_option("max-connections"), {"1025"}}};
  EXPECT_THAT(wrong(s), ElementsAre("max-connections: 1025 connections are more than the 1024 "
                                    "files this process may open (ulimit -n)"));
}

TEST(MergeSettings, ListsAreBounded) {
  config_sources s = sources();
  std::string many = "::1";
  for (int i = 1; i < 1'000; ++i) many += ",::1";
  s.flags = {{find_option("allow-net"), {many}}};
  EXPECT_TRUE(merge_settings(s).has_value());
  s.flags = {{find_option("allow-net"), {many, "::1"}}};
  EXPECT_THAT(wrong(s), ElementsAre("--allow-net: must have at most 1000 items"));
}

// Runs a command line through CLI11 as a subcommand would.
class ConfigFlags : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "orbweaver_config_test_" + std::to_string(getpid()) + ".toml";
  }
  void TearDown() override {
    unsetenv("ORBWEAVER_CONFIG");
    unsetenv("ORBWEAVER_THREADS");
  }

  settings_or_mistakes read(std::vector<std::string> arguments) {
    CLI::App app;
    const std::vector<std::string_view> names{"threads", "allow-net", "log-level"};
    const config_flags flags(app, names);
    urls_.clear();
    app.add_option("urls", urls_);
    std::reverse(arguments.begin(), arguments.end());
    app.parse(arguments);
    help_ = app.help();
    return flags.read();
  }

  std::string path_;
  std::string help_;
  std::vector<std::string> urls_;
};

TEST_F(ConfigFlags, ReadsFlagsAndLeavesTheRest) {
  const auto got = read({"--threads", "3", "--allow-net", "::1,10.0.0.0/8", "http://a.example/",
                         "--allow-net=127.0.0.1", "--log-level", "debug", "http://b.example/"});
  ASSERT_TRUE(got.has_value()) << got.error().to_string();
  EXPECT_EQ(got->threads, 3u);
  EXPECT_EQ(got->allow_net.size(), 3u);
  EXPECT_EQ(got->level, log_level::debug);
  EXPECT_THAT(urls_, ElementsAre("http://a.example/", "http://b.example/"));
}

TEST_F(ConfigFlags, HelpDocumentsEachFlag) {
  ASSERT_TRUE(read({}).has_value());
  EXPECT_THAT(help_, HasSubstr("--threads N"));
  EXPECT_THAT(help_, HasSubstr("default: the number of cores"));
  EXPECT_THAT(help_, HasSubstr("--config FILE"));
  EXPECT_THAT(help_, testing::Not(HasSubstr("--listen")));
}

TEST_F(ConfigFlags, TheFileComesFromFlagOrEnvironment) {
  std::ofstream(path_) << "threads = 9\n";
  EXPECT_EQ(read({"--config", path_})->threads, 9u);
  setenv("ORBWEAVER_CONFIG", path_.c_str(), 1);
  EXPECT_EQ(read({})->threads, 9u);
  setenv("ORBWEAVER_THREADS", "10", 1);
  EXPECT_EQ(read({})->threads, 10u);
  EXPECT_EQ(read({"--threads", "11"})->threads, 11u);
}

TEST_F(ConfigFlags, AnUnreadableFileIsAMistakeBesideTheOthers) {
  const auto missing = read({"--config", "/nonexistent/o.toml", "--threads", "0"});
  ASSERT_FALSE(missing.has_value());
  EXPECT_THAT(missing.error().lines,
              ElementsAre("/nonexistent/o.toml: cannot be read: No such file or directory",
                          "--threads 0: must be a whole number from 1 to 64"));
  const auto directory = read({"--config", testing::TempDir()});
  ASSERT_FALSE(directory.has_value());
  EXPECT_THAT(directory.error().lines, ElementsAre(HasSubstr("cannot be read: Is a directory")));
}

TEST_F(ConfigFlags, AHugeFileIsRefused) {
  std::ofstream(path_) << std::string(max_config_file + 1, '\n');
  const auto got = read({"--config", path_});
  ASSERT_FALSE(got.has_value());
  EXPECT_THAT(got.error().lines, ElementsAre(HasSubstr("is larger than 1048576 bytes")));
}

TEST_F(ConfigFlags, AMissingAuthorityFileIsAMistake) {
  std::ofstream(path_) << "ca-file = \"/nonexistent/ca.pem\"\n";
  const auto got = read({"--config", path_});
  ASSERT_FALSE(got.has_value());
  EXPECT_THAT(got.error().lines,
              ElementsAre("ca-file: no certificates can be read from /nonexistent/ca.pem"));
  const std::string no_certificate = path_;  // the settings themselves
  std::ofstream(path_) << "ca-file = \"" << no_certificate << "\"\n";
  const auto again = read({"--config", path_});
  ASSERT_FALSE(again.has_value());
  EXPECT_THAT(again.error().lines,
              ElementsAre("ca-file: no certificates can be read from " + no_certificate));
}

TEST(ConfigFlagsOfACommand, UnknownNamesAreABug) {
  CLI::App app;
  const std::vector<std::string_view> names{"no-such"};
  EXPECT_THROW(config_flags(app, names), std::logic_error);
}

TEST(Machine, RaisesTheLimitOfOpenFiles) {
  const machine here = machine::here();
  EXPECT_GE(here.cores, 1u);
  EXPECT_GE(here.open_files, 64u);
  EXPECT_EQ(machine::here().open_files, here.open_files);
}

}  // namespace
}  // namespace orbweaver
