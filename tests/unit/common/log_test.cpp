#include "common/log.hpp"

#include <boost/asio/error.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <thread>

namespace orbweaver {
namespace {

using namespace std::chrono_literals;

const auto moment = std::chrono::system_clock::time_point(1'772'366'400s + 7ms);

// "2026-03-01T12:00:00.007Z info  "
constexpr std::size_t head = 31;

struct counted {
  int* printed;
  std::string to_string() const {
    ++*printed;
    return "in words";
  }
};

std::string text(std::string_view message, std::initializer_list<log_field> fields) {
  return log_line(log_format::text, moment, log_level::info, message, fields);
}

std::string json(std::string_view message, std::initializer_list<log_field> fields) {
  return log_line(log_format::json, moment, log_level::warn, message, fields);
}

TEST(LogLine, TextReadsFromLeftToRight) {
  EXPECT_EQ(text("crawl finished", {{"crawl", "0f3a"},
                                    {"pages", 12},
                                    {"rate", 1.5},
                                    {"done", true},
                                    {"took", 1500ms},
                                    {"reason", "no pages left"}}),
            "2026-03-01T12:00:00.007Z info  crawl finished crawl=0f3a pages=12 rate=1.5 done=true "
            "took=1.5 reason=\"no pages left\"");
}

TEST(LogLine, JsonKeepsTypes) {
  int printed = 0;
  const counted object{&printed};
  const auto line = nlohmann::json::parse(
      json("crawl finished",
           {{"s", std::string("x")},
            {"i", -3},
            {"u", ~std::uint64_t{0}},
            {"d", 0.25},
            {"b", false},
            {"nan", std::numeric_limits<double>::quiet_NaN()},
            {"object", object},
            {"ec", boost::asio::error::make_error_code(boost::asio::error::connection_refused)}}));
  EXPECT_EQ(line["time"], "2026-03-01T12:00:00.007Z");
  EXPECT_EQ(line["level"], "warn");
  EXPECT_EQ(line["message"], "crawl finished");
  EXPECT_EQ(line["s"], "x");
  EXPECT_EQ(line["i"], -3);
  EXPECT_EQ(line["u"], ~std::uint64_t{0});
  EXPECT_EQ(line["d"], 0.25);
  EXPECT_EQ(line["b"], false);
  EXPECT_TRUE(line["nan"].is_null());
  EXPECT_EQ(line["object"], "in words");
  EXPECT_EQ(line["ec"], "Connection refused");
}

TEST(LogLine, NothingBreaksOutOfALine) {
  const std::string nasty = "a\"b\\c\nd\re\x1b[31m\x7f\t \xc2\x9b \xe2\x80\xae \xe2\x80\xa8 =";
  const std::string expected =
      "a\\\"b\\\\c\\nd\\u000de\\u001b[31m\\u007f\\u0009 \\u009b \\u202e \\u2028 =";
  EXPECT_EQ(text("m", {{"k", nasty}}).substr(head + 2), "k=\"" + expected + "\"");
  EXPECT_EQ(text(nasty, {}).substr(head), expected);
  EXPECT_EQ(nlohmann::json::parse(json(nasty, {{nasty, nasty}}))[nasty], nasty);
  EXPECT_EQ(nlohmann::json::parse(json(nasty, {}))["message"], nasty);
}

TEST(LogLine, AnyBytesBecomeUtf8) {
  for (std::string_view bytes :
       {"\xff", "\xc3", "\xc3(", "\xe2\x82", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xc0\xaf",
        "\xf0\x80\x80\x80", "\x80\x80", "\xf4\x90\x80\x80"}) {
    const auto line = nlohmann::json::parse(json("m", {{"v", bytes}}));
    EXPECT_THAT(line["v"].get<std::string>(), testing::StartsWith("\xef\xbf\xbd"));
  }
  EXPECT_EQ(
      nlohmann::json::parse(json("m", {{"v", "\xe2\x82\xac\xf0\x9f\x95\xb8\xef\xbf\xbd"}}))["v"],
      "\xe2\x82\xac\xf0\x9f\x95\xb8\xef\xbf\xbd");
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  EXPECT_TRUE(nlohmann::json::accept(json(all, {{all, all}})));
  const std::string line = text(all, {{all, all}});
  EXPECT_TRUE(std::none_of(line.begin(), line.end(), [](char c) { return c >= 0 && c < 32; }));
}

TEST(LogLine, LongTextsAreCut) {
  const std::string exact(max_log_text, 'a');
  EXPECT_EQ(nlohmann::json::parse(json("m", {{"v", exact}}))["v"], exact);
  EXPECT_EQ(nlohmann::json::parse(json("m", {{"v", exact + "bc"}}))["v"], exact + "\xe2\x80\xa6");
  EXPECT_TRUE(nlohmann::json::accept(
      json("m", {{"v", std::string(max_log_text - 1, 'a') + "\xe2\x82\xac"}})));
  EXPECT_LT(text("m", {{"v", std::string(1 << 20, '\n')}}).size(), 7 * max_log_text);
}

TEST(Log, BelowTheThresholdNothingIsPutIntoWords) {
  int printed = 0;
  const counted object{&printed};
  testing::internal::CaptureStderr();
  configure_log({.level = log_level::warn, .format = log_format::json});
  log_debug("unseen", {{"object", object}});
  log_info("unseen", {{"object", object}});
  log_warn("seen", {{"object", object}});
  log_error("seen too");
  configure_log({.level = log_level::off});
  log_error("unseen");
  log_at(log_level::off, "unseen");
  configure_log({});
  const std::string written = testing::internal::GetCapturedStderr();
  EXPECT_EQ(printed, 1);
  EXPECT_THAT(written, testing::Not(testing::HasSubstr("unseen")));
  EXPECT_EQ(std::count(written.begin(), written.end(), '\n'), 2);
  EXPECT_THAT(written, testing::HasSubstr("\"message\":\"seen\",\"object\":\"in words\"}\n"));
}

TEST(Log, LinesOfManyThreadsStayWhole) {
  testing::internal::CaptureStderr();
  configure_log({.level = log_level::info, .format = log_format::json});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t] {
      for (int i = 0; i < 200; ++i) log_info("{} %s {0}", {{"thread", t}, {"line", i}});
    });
  }
  for (auto& t : threads) t.join();
  configure_log({});
  std::istringstream written(testing::internal::GetCapturedStderr());
  int lines = 0;
  for (std::string line; std::getline(written, line); ++lines) {
    ASSERT_TRUE(nlohmann::json::accept(line)) << line;
  }
  EXPECT_EQ(lines, 800);
}

}  // namespace
}  // namespace orbweaver
