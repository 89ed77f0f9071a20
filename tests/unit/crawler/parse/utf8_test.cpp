#include "crawler/parse/utf8.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

using namespace std::string_literals;

TEST(utf8, valid_text_is_kept) {
  const std::string text = "ascii \u00E9\u20AC\U0001F600 and a run of ascii, longer than a block"s;
  EXPECT_TRUE(is_valid_utf8(text));
  EXPECT_EQ(to_utf8(text), text);
  EXPECT_EQ(to_utf8("a\0b"s), "a\0b"s);
  EXPECT_EQ(to_utf8("\xEF\xBF\xBF"), "\uFFFF");
  EXPECT_EQ(to_utf8("\xF4\x8F\xBF\xBF"), "\U0010FFFF");
}

// The numbers of replacement characters are those of the Encoding Standard's decoder.
TEST(utf8, maximal_parts_are_replaced) {
  EXPECT_EQ(to_utf8("a\x80z"), "a\uFFFDz");
  EXPECT_EQ(to_utf8("\xC0\x80"), "\uFFFD\uFFFD");
  EXPECT_EQ(to_utf8("\xE2\x82"), "\uFFFD");
  EXPECT_EQ(to_utf8("\xE2\x82z"), "\uFFFDz");
  EXPECT_EQ(to_utf8("\xE0\x80\x80"), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(to_utf8("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(to_utf8("\xF0\x9F\x98"), "\uFFFD");
  EXPECT_EQ(to_utf8("\xF0\x9F\x98\xF0\x9F\x98\x80"), "\uFFFD\U0001F600");
  EXPECT_EQ(to_utf8("\xF4\x90\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(to_utf8("\xF5\xFF"), "\uFFFD\uFFFD");
}

TEST(utf8, valid_length_stops_before_the_first_error) {
  EXPECT_EQ(valid_utf8_length("0123456789abcdef\u20AC\xFF"), 19U);
  EXPECT_EQ(valid_utf8_length("ab\xE2\x82"), 2U);
  EXPECT_EQ(valid_utf8_length(""), 0U);
}

TEST(utf8, clip_keeps_sequences_whole) {
  EXPECT_EQ(clip_utf8("abc", 5), "abc");
  EXPECT_EQ(clip_utf8("abc", 2), "ab");
  EXPECT_EQ(clip_utf8("a\u20AC", 3), "a");
  EXPECT_EQ(clip_utf8("a\u20AC", 4), "a\u20AC");
  EXPECT_EQ(clip_utf8("\U0001F600", 3), "");
  EXPECT_EQ(clip_utf8("\x80\x80\x80\x80\x80", 4).size(), 1U);
}

TEST(utf8, code_points) {
  char out[4];
  const auto encode = [&](char32_t c) { return std::string(out, encode_code_point(c, out)); };
  EXPECT_EQ(encode('a'), "a");
  EXPECT_EQ(encode(0x7FF), "\u07FF");
  EXPECT_EQ(encode(0xFFFF), "\uFFFF");
  EXPECT_EQ(encode(0x1F600), "\U0001F600");
}

}  // namespace
}  // namespace orbweaver
