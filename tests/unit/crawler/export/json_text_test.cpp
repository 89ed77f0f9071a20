#include "crawler/export/json_text.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <random>

namespace orbweaver {
namespace {

using nlohmann::json;

std::string in_quotes(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}
std::string number(std::uint64_t value) {
  std::string out;
  append_json_number(out, value);
  return out;
}
std::string seconds(double value) {
  std::string out;
  append_json_seconds(out, value);
  return out;
}

TEST(JsonText, EscapesWhatMustBe) {
  EXPECT_EQ(in_quotes(""), R"("")");
  EXPECT_EQ(in_quotes("plain/text"), R"("plain/text")");
  EXPECT_EQ(in_quotes("a\"b\\c\n\r\td"), R"("a\"b\\c\n\r\td")");
  EXPECT_EQ(in_quotes(std::string_view("\0\x01\x1f\x7f", 4)), "\"\\u0000\\u0001\\u001f\x7f\"");
}

TEST(JsonText, KeepsUtf8AndReplacesWhatIsNone) {
  EXPECT_EQ(in_quotes("größe 😀"), "\"größe 😀\"");
  EXPECT_EQ(in_quotes("a\xff"
                      "b"),
            "\"a\xEF\xBF\xBD"
            "b\"");
  EXPECT_EQ(in_quotes("\xC3"), "\"\xEF\xBF\xBD\"") << "cut off at the end";
  EXPECT_EQ(in_quotes("\xC3\"x"), "\"\xEF\xBF\xBD\\\"x\"") << "the quote is still escaped";
}

TEST(JsonText, AnyBytesGiveAValidString) {
  std::mt19937 random(8259);
  for (int round = 0; round < 3000; ++round) {
    std::string bytes(random() % 40, '\0');
    // Mostly bytes of multi-byte sequences, where the mistakes are.
    for (char& c : bytes) c = static_cast<char>(random() % 3 == 0 ? random() : 0x80 | random());
    const std::string text = in_quotes(bytes);
    ASSERT_TRUE(json::accept(text)) << ::testing::PrintToString(bytes);
    ASSERT_EQ(text.find('\n'), text.npos);
    const std::string back = json::parse(text).get<std::string>();
    ASSERT_EQ(in_quotes(back), text) << "what is valid stays as it is";
  }
}

TEST(JsonText, EachSingleByteGivesAValidString) {
  for (int c = 0; c < 256; ++c) {
    const std::string one(1, static_cast<char>(c));
    ASSERT_TRUE(json::accept(in_quotes(one))) << c;
    const std::string wanted = c < 0x80 ? one : "\xEF\xBF\xBD";
    EXPECT_EQ(json::parse(in_quotes(one)).get<std::string>(), wanted);
  }
}

TEST(JsonText, Numbers) {
  EXPECT_EQ(number(0), "0");
  EXPECT_EQ(number(18446744073709551615U), "18446744073709551615");
}

TEST(JsonText, SecondsAreToTheMicrosecond) {
  EXPECT_EQ(seconds(0), "0");
  EXPECT_EQ(seconds(1.5), "1.5");
  EXPECT_EQ(seconds(0.0000004), "0");
  EXPECT_EQ(seconds(0.0000016), "0.000002");
  EXPECT_EQ(seconds(59.9999996), "60");
  EXPECT_EQ(seconds(12.034), "12.034");
  EXPECT_EQ(seconds(-1), "0") << "a clock that ran backwards";
}

}  // namespace
}  // namespace orbweaver
