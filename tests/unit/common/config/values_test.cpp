#include "common/config/values.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

using namespace std::chrono_literals;

TEST(ParseCount, WholeNumbersWithinTheRange) {
  EXPECT_EQ(*parse_count("1", 1, 64), 1u);
  EXPECT_EQ(*parse_count("64", 1, 64), 64u);
  for (std::string_view text : {"", "0", "65", "-1", "+1", " 1", "1 ", "1.0", "1e1", "0x10", "ten",
                                "18446744073709551616", "99999999999999999999999"}) {
    const auto got = parse_count(text, 1, 64);
    ASSERT_FALSE(got) << text;
    EXPECT_EQ(got.error().why(), "must be a whole number from 1 to 64");
  }
}

TEST(ParseBytes, PlainOrWithAUnit) {
  const std::uint64_t most = ~std::uint64_t{0};
  EXPECT_EQ(*parse_bytes("0", 0, most), 0u);
  EXPECT_EQ(*parse_bytes("10485760", 0, most), 10'485'760u);
  EXPECT_EQ(*parse_bytes("512B", 0, most), 512u);
  EXPECT_EQ(*parse_bytes("64KiB", 0, most), 65'536u);
  EXPECT_EQ(*parse_bytes("10MiB", 0, most), 10'485'760u);
  EXPECT_EQ(*parse_bytes("10mib", 0, most), 10'485'760u);
  EXPECT_EQ(*parse_bytes("2GiB", 0, most), 2'147'483'648u);
  EXPECT_EQ(*parse_bytes("10MB", 0, most), 10'000'000u);
  for (std::string_view text : {"", "MiB", "10 MiB", "10M", "10K", "-1", "1.5MiB", "10TiB",
                                "10MiBs", "MiB10", "0x10", "1e6"}) {
    EXPECT_FALSE(parse_bytes(text, 0, most)) << text;
  }
}

TEST(ParseBytes, OutsideTheRange) {
  EXPECT_EQ(parse_bytes("1023", 1024, 1 << 20).error().why(), "must be from 1KiB to 1MiB");
  EXPECT_EQ(parse_bytes("1048577", 1024, 1 << 20).error().why(), "must be from 1KiB to 1MiB");
  EXPECT_FALSE(parse_bytes("18446744073709551615GiB", 0, ~std::uint64_t{0}));
  EXPECT_FALSE(parse_bytes("18446744073709551616", 0, ~std::uint64_t{0}));
}

TEST(ParseDuration, SecondsOrWithAUnit) {
  EXPECT_EQ(*parse_duration("0", 0ms, 1h), 0ms);
  EXPECT_EQ(*parse_duration("30", 0ms, 1h), 30s);
  EXPECT_EQ(*parse_duration("0.25", 0ms, 1h), 250ms);
  EXPECT_EQ(*parse_duration("500ms", 0ms, 1h), 500ms);
  EXPECT_EQ(*parse_duration("30s", 0ms, 1h), 30s);
  EXPECT_EQ(*parse_duration("2m", 0ms, 1h), 2min);
  EXPECT_EQ(*parse_duration("1.5m", 0ms, 1h), 90s);
  EXPECT_EQ(*parse_duration("1h", 0ms, 1h), 1h);
  for (std::string_view text : {"", "s", "-1", "+1", "1 s", "1d", "1.", ".5", "1.2345", "0.5ms",
                                "1e3", "inf", "nan", "1s2", "1:30"}) {
    EXPECT_FALSE(parse_duration(text, 0ms, 1h)) << text;
  }
}

TEST(ParseDuration, OutsideTheRange) {
  EXPECT_EQ(parse_duration("999ms", 1s, 1h).error().why(), "must be from 1s to 1h");
  EXPECT_FALSE(parse_duration("1.001h", 1s, 1h));
  EXPECT_FALSE(parse_duration("18446744073709551615", 1s, 1h));
  EXPECT_FALSE(parse_duration("18446744073709551.999", 1s, std::chrono::milliseconds::max()));
}

TEST(ParseListenAddress, AddressAndPort) {
  const auto text = [](std::string_view given) {
    const auto got = parse_listen_address(given).value();
    return got.address().to_string() + ' ' + std::to_string(got.port());
  };
  EXPECT_EQ(text("127.0.0.1:8080"), "127.0.0.1 8080");
  EXPECT_EQ(text("0.0.0.0:0"), "0.0.0.0 0");
  EXPECT_EQ(text("[::1]:80"), "::1 80");
  EXPECT_EQ(text("localhost:65535"), "127.0.0.1 65535");
  for (std::string_view wrong :
       {"", ":", ":80", "8080", "127.0.0.1", "127.0.0.1:", "::1:80", "::1", "[::1]",
        "[::1]:", "[::1]80", "[127.0.0.1]:80", "[::1:80", "example.com:80", "127.0.0.1:http",
        "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:8080/", "[fe80::1%lo]:80"}) {
    EXPECT_FALSE(parse_listen_address(wrong)) << wrong;
  }
}

TEST(ParseNameServer, AddressWithOrWithoutPort) {
  const auto text = [](std::string_view given) {
    const auto got = parse_name_server(given).value();
    return got.address().to_string() + ' ' + std::to_string(got.port());
  };
  EXPECT_EQ(text("9.9.9.9"), "9.9.9.9 53");
  EXPECT_EQ(text("127.0.0.1:5353"), "127.0.0.1 5353");
  EXPECT_EQ(text("2620:fe::fe"), "2620:fe::fe 53");
  EXPECT_EQ(text("[2620:fe::fe]"), "2620:fe::fe 53");
  EXPECT_EQ(text("[::1]:5353"), "::1 5353");
  for (std::string_view wrong : {"", "dns.example", "9.9.9.9:", "9.9.9.9:0", "9.9.9.9:65536",
                                 "9.9.9", "[9.9.9.9]:53", "[::1]x", "::1%lo"}) {
    EXPECT_FALSE(parse_name_server(wrong)) << wrong;
  }
}

TEST(ParseLog, LevelsAndFormats) {
  for (const log_level level :
       {log_level::debug, log_level::info, log_level::warn, log_level::error, log_level::off}) {
    EXPECT_EQ(parse_log_level(name(level)).value(), level);
  }
  EXPECT_EQ(parse_log_format("json").value(), log_format::json);
  EXPECT_EQ(parse_log_format("text").value(), log_format::text);
  for (std::string_view wrong : {"", "INFO", "trace", "warning", "xml"}) {
    EXPECT_FALSE(parse_log_level(wrong)) << wrong;
    EXPECT_FALSE(parse_log_format(wrong)) << wrong;
  }
}

TEST(ParseUserAgent, BeginsWithAProductInPrintableAscii) {
  EXPECT_EQ(*parse_user_agent("Orbweaver/0.1 (+https://example.com/bot)"),
            "Orbweaver/0.1 (+https://example.com/bot)");
  EXPECT_TRUE(parse_user_agent(std::string(max_user_agent, 'a')));
  EXPECT_FALSE(parse_user_agent(std::string(max_user_agent + 1, 'a')));
  for (std::string_view wrong :
       {"", " a", "a ", "(comment)", "a\r\nX: y", "a\tb", "b\xc3\xb6t", "a\x7f"}) {
    EXPECT_FALSE(parse_user_agent(wrong)) << wrong;
  }
}

TEST(Words, ReadBackAsTheSame) {
  EXPECT_EQ(bytes_text(10 << 20), "10MiB");
  EXPECT_EQ(bytes_text(1 << 30), "1GiB");
  EXPECT_EQ(bytes_text(1023), "1023 bytes");
  EXPECT_EQ(bytes_text(0), "0 bytes");
  EXPECT_EQ(duration_text(10s), "10s");
  EXPECT_EQ(duration_text(2min), "2m");
  EXPECT_EQ(duration_text(1h), "1h");
  EXPECT_EQ(duration_text(1500ms), "1500ms");
  EXPECT_EQ(duration_text(0ms), "0ms");
}

TEST(ParseWebOrigin, IsAsBrowsersSendIt) {
  for (const char* right : {"https://app.example.com", "http://localhost:3000", "http://[::1]:81"})
    EXPECT_EQ(parse_web_origin(right).value(), right);
  for (const char* wrong :
       {"", "*", "null", "app.example.com", "https://app.example.com/",
        "https://app.example.com:443", "HTTPS://app.example.com", "https://App.example.com",
        "https://u@app.example.com", "ftp://app.example.com", "https://*.example.com",
        "http://[::1]:80", "file:///x", "https://"})
    EXPECT_FALSE(parse_web_origin(wrong)) << wrong;
}

}  // namespace
}  // namespace orbweaver
