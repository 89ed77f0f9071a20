#include "crawler/parse/charset.hpp"

#include <gtest/gtest.h>
#include <string>

#include "crawler/parse/utf8.hpp"

namespace orbweaver {
namespace {

using namespace std::string_literals;

std::string choose(std::string_view body, std::string_view label = {}) {
  const auto choice = choose_charset(body, label);
  return std::string(choice.name) + " " + std::string(name(choice.source));
}
std::string decode(std::string_view body, std::string_view charset) {
  std::string buffer;
  return std::string(text_in_utf8(body, charset, buffer));
}

TEST(charset, labels) {
  EXPECT_EQ(charset_from_label(" UTF8\n"), "UTF-8");
  EXPECT_EQ(charset_from_label("ISO-8859-1"), "windows-1252");
  EXPECT_EQ(charset_from_label("latin1"), "windows-1252");
  EXPECT_EQ(charset_from_label("x-sjis"), "Shift_JIS");
  EXPECT_EQ(charset_from_label("gb2312"), "GBK");
  EXPECT_EQ(charset_from_label("hz-gb-2312"), "replacement");
  EXPECT_EQ(charset_from_label("unicode"), "UTF-16LE");
  EXPECT_EQ(charset_from_label("utf-7"), std::nullopt);
  EXPECT_EQ(charset_from_label(""), std::nullopt);
  EXPECT_EQ(charset_from_label("utf-8 latin1"), std::nullopt);
}

TEST(charset, signs_are_believed_in_order) {
  const std::string meta = "<meta charset=koi8-r>";
  EXPECT_EQ(choose("\xEF\xBB\xBF" + meta, "latin1"), "UTF-8 bom");
  EXPECT_EQ(choose("\xFE\xFFx", "latin1"), "UTF-16BE bom");
  EXPECT_EQ(choose("\xFF\xFEx"), "UTF-16LE bom");
  EXPECT_EQ(choose(meta, "latin1"), "windows-1252 header");
  EXPECT_EQ(choose(meta, "nonsense"), "KOI8-R meta");
  EXPECT_EQ(choose("h\u00E9"), "UTF-8 detected");
  EXPECT_EQ(choose("plain"), "UTF-8 default");
  EXPECT_EQ(choose(""), "UTF-8 default");
  EXPECT_EQ(choose("caf\xE9"), "windows-1252 default");
}

TEST(charset, meta_elements) {
  EXPECT_EQ(choose("<META\nCharset = 'Shift_JIS' >"), "Shift_JIS meta");
  EXPECT_EQ(choose("<meta/charset=gbk>"), "GBK meta");
  EXPECT_EQ(choose("<meta http-equiv=Content-Type content='text/html; charset=euc-kr'>"),
            "EUC-KR meta");
  EXPECT_EQ(choose("<meta content='x charset charset = \"big5\"; y' http-equiv=content-type>"),
            "Big5 meta");
  EXPECT_EQ(choose("<meta charset=utf-16>"), "UTF-8 meta");
  EXPECT_EQ(choose("<meta charset=x-user-defined>"), "windows-1252 meta");
  EXPECT_EQ(choose("<meta charset=nonsense><meta charset=gbk>"), "GBK meta");
  EXPECT_EQ(choose("<!-- <meta charset=no> --><p title='<meta charset=big5>'><meta charset=gbk>"),
            "GBK meta");
  EXPECT_EQ(choose("<!--><meta charset=gbk>"), "GBK meta");
  EXPECT_EQ(choose("<?x <meta charset=big5><!y <meta charset=big5></ <meta charset=big5></a "
                   "b='<meta charset=big5>'><meta charset=gbk>"),
            "GBK meta");
}

TEST(charset, meta_elements_that_do_not_count) {
  EXPECT_EQ(choose("<meta content='text/html; charset=euc-kr'>"), "UTF-8 default");
  EXPECT_EQ(choose("<meta http-equiv=content-type content='charset=\"gbk'>"), "UTF-8 default");
  EXPECT_EQ(choose("<metal charset=gbk>"), "UTF-8 default");
  EXPECT_EQ(choose("<meta charset=gbk"), "UTF-8 default");
  EXPECT_EQ(choose("<meta charset='gbk>"), "UTF-8 default");
  EXPECT_EQ(choose("<!-- <meta charset=gbk>"), "UTF-8 default");
}

TEST(charset, only_the_beginning_is_searched) {
  const std::string meta = "<meta charset=gbk>";
  const std::string room(max_prescan_bytes - meta.size(), ' ');
  EXPECT_EQ(choose(room + meta), "GBK meta");
  EXPECT_EQ(choose(room + " " + meta), "UTF-8 default");
}

TEST(charset, a_late_declaration_comes_before_detection) {
  const std::string meta = "<meta charset=windows-1250>";
  const std::string czech = "<p>P\xF8\xEDli\x9A \x9Elu\x9Dou\xE8k\xFD k\xF9\xF2 \xFAp\xECl</p>";
  const std::string room(max_late_prescan_bytes - meta.size(), ' ');
  EXPECT_EQ(choose(room + meta + czech), "windows-1250 meta");
  EXPECT_NE(choose(room + " " + meta + czech), "windows-1250 meta");
  EXPECT_EQ(choose(room + meta + "h\u00E9"), "UTF-8 detected") << "which it is";
  EXPECT_EQ(choose(room + "<meta charset=utf-8>h\u00E9\xFF"), "UTF-8 meta") << "but for a byte";
}

TEST(charset, xml_declarations) {
  EXPECT_EQ(choose("<?xml version='1.0' encoding = \"EUC-JP\"?>"), "EUC-JP meta");
  EXPECT_EQ(choose("<?xml version='1.0' encoding='utf-16'?>"), "UTF-8 meta");
  EXPECT_EQ(choose("<?xml encoding='gbk'?><meta charset=big5>"), "Big5 meta");
  EXPECT_EQ(choose("<?xml encoding=gbk?>"), "UTF-8 default");
  EXPECT_EQ(choose("<\0?\0x\0m\0l\0"s), "UTF-16LE meta");
  EXPECT_EQ(choose("\0<\0?\0x\0m\0l"s), "UTF-16BE meta");
}

TEST(charset, detection) {
  EXPECT_EQ(choose("\xFD\xF2\xEE \xE4\xEE\xE2\xEE\xEB\xFC\xED\xEE \xE4\xEB\xE8\xED\xED\xFB\xE9 "
                   "\xF0\xF3\xF1\xF1\xEA\xE8\xE9 \xF2\xE5\xEA\xF1\xF2"),
            "windows-1251 detected");
  EXPECT_EQ(choose("\x1B$BF|K\\8l$N%F%-%9%H\x1B(B"), "ISO-2022-JP detected");
  EXPECT_EQ(choose("a\x1B[0mb"), "UTF-8 default");
  // Of the two that differ in Ukrainian letters alone, the one that has them.
  EXPECT_EQ(choose("\xf5\xcb\xd2\xc1\xa7\xce\xc1 \xcd\xc1\xa4 \xd3\xd7\xcf\xc0 "
                   "\xa6\xd3\xd4\xcf\xd2\xa6\xc0 \xd4\xc1 \xcb\xd5\xcc\xd8\xd4\xd5\xd2\xd5"),
            "KOI8-U detected");
  // Cut within a sequence, as a truncated body may be.
  EXPECT_EQ(choose("h\u00E9ll\xE2\x82"), "UTF-8 detected");
  // Too little to tell.
  EXPECT_EQ(choose("na\xEFve r\xE9sum\xE9"), "windows-1252 default");
}

TEST(charset, detection_needs_some_bytes_and_reads_so_many) {
  const std::string word = "\xEF\xF0\xE8\xE2\xE5\xF2 ";  // a Russian word of six letters
  const std::string enough = word + "\xE4\xE0";
  ASSERT_EQ(min_detected_bytes, 8U);
  EXPECT_EQ(choose(enough), "windows-1251 detected");
  EXPECT_EQ(choose(enough.substr(0, enough.size() - 1)), "windows-1252 default") << "one too few";
  std::string text;
  for (int i = 0; i < 200; ++i) text += word;
  // What decides must begin within the sample, which begins with the first byte beyond ASCII.
  const auto behind = [&](std::size_t ascii) {
    return choose("\xE9" + std::string(ascii, ' ') + text);
  };
  EXPECT_EQ(behind(max_detected_bytes - 1), "windows-1252 default");
  EXPECT_EQ(behind(max_detected_bytes - text.size()), "windows-1251 detected");
}

TEST(charset, valid_utf8_is_not_copied) {
  const std::string body = "\xEF\xBB\xBFh\u00E9";
  std::string buffer;
  const auto text = text_in_utf8(body, "UTF-8", buffer);
  EXPECT_EQ(text, "h\u00E9");
  EXPECT_EQ(text.data(), body.data() + 3);
  EXPECT_EQ(text_in_utf8("ascii", "windows-1252", buffer), "ascii");
}

TEST(charset, decoding) {
  EXPECT_EQ(decode("a\xFF"
                   "b",
                   "UTF-8"),
            "a\uFFFDb");
  EXPECT_EQ(decode("\x80 \x81 \xE9", "windows-1252"), "\u20AC \u0081 \u00E9");
  EXPECT_EQ(decode("\x98\xC0", "windows-1251"), "\u0098\u0410");
  EXPECT_EQ(decode("\x93\xFA\x96\x7B", "Shift_JIS"), "\u65E5\u672C");
  EXPECT_EQ(decode("\xA1\xA4\x81\x30\x81\x30\x80", "GBK"), "\u00B7\u0080\u20AC");
  EXPECT_EQ(decode("h\0i\0\x3D\xD8\0\xDE"s, "UTF-16LE"), "hi\U0001F600");
  EXPECT_EQ(decode("\xFE\xFF\0h\0i"s, "UTF-16BE"), "hi");
  EXPECT_EQ(decode("\xFF", "x-user-defined"), "\uF7FF");
  EXPECT_EQ(decode("anything", "replacement"), "\uFFFD");
  EXPECT_EQ(decode("", "replacement"), "");
  EXPECT_EQ(decode("a\xFF", "no such charset"), "a\uFFFD");
}

TEST(charset, invalid_bytes_are_replaced) {
  EXPECT_EQ(decode("a\xFFz", "Shift_JIS"), "a\uFFFDz");
  EXPECT_EQ(decode("a\x93", "Shift_JIS"), "a\uFFFD");
  EXPECT_EQ(decode("a\0\0\xDC"
                   "b\0"s,
                   "UTF-16LE"),
            "a\uFFFDb");
  EXPECT_EQ(decode("a\0b"s, "UTF-16LE"), "a\uFFFD");
  EXPECT_EQ(decode("\xAE"
                   "a",
                   "ISO-8859-3"),
            "\uFFFDa");
}

// As browsers have it: the second byte is taken with the first unless it is ASCII.
TEST(charset, invalid_second_bytes) {
  EXPECT_EQ(decode("\x81\xFF<", "Shift_JIS"), "\uFFFD<");
  EXPECT_EQ(decode("\x81\"<\xFD\xB1", "Shift_JIS"), "\uFFFD\"<\uFFFD\uFF71");
  EXPECT_EQ(decode("\x81\xB1", "Shift_JIS"), "\uFFFD");
  EXPECT_EQ(decode("\x80", "Shift_JIS"), "\u0080");
  for (const char* charset : {"GBK", "gb18030"}) {
    EXPECT_EQ(decode("\x81\xFF<", charset), "\uFFFD<") << charset;
    EXPECT_EQ(decode("\x81\"<", charset), "\uFFFD\"<") << charset;
    EXPECT_EQ(decode("\xFF\xB0\xA1", charset), "\uFFFD\u554A") << charset;
  }
  EXPECT_EQ(decode("\x81\x80<\x81\"", "EUC-KR"), "\uFFFD<\uFFFD\"");
  EXPECT_EQ(decode("\x81\xA1<\x81\"\x80\x81", "Big5"), "\uFFFD<\uFFFD\"\uFFFD\uFFFD");
  EXPECT_EQ(decode("\x8E\xE3<\x8E\"\x80\xA9\xFE", "EUC-JP"), "\uFFFD<\uFFFD\"\uFFFD\uFFFD");
  EXPECT_EQ(decode("\x8F\xA9\xFE<\x8F\xA9\"", "EUC-JP"), "\uFFFD<\uFFFD\"");
}

TEST(charset, tables_are_those_of_the_standard) {
  EXPECT_EQ(decode("A\xC6\xF0z", "macintosh"), "A\u2206\uF8FFz");
  EXPECT_EQ(decode("A\xFF\xA2", "x-mac-cyrillic"), "A\u20AC\u0490");
  EXPECT_EQ(decode("\xCA", "windows-1255"), "\u05BA");
  EXPECT_EQ(decode("\xA3\xA0", "GBK"), "\u3000");
  EXPECT_EQ(decode("\xA1\x45\xA1\xC2\xA2\x46", "Big5"), "\u2027\u00AF\uFFE0");
  EXPECT_EQ(decode("\xF5\xA1\xB0\xA1", "EUC-JP"), "\uFFFD\u4E9C") << "nothing of private use";
}

// Every byte an error: once, each of them cost as much as all the rest of the body.
TEST(charset, many_invalid_bytes) {
  const std::string body(256 << 10, '\xE9');
  for (const char* charset : {"ISO-2022-JP", "ISO-8859-3", "EUC-KR"})
    EXPECT_GE(decode(body, charset).size(), body.size()) << charset;
}

// A converter that holds back its last character has to be asked for it.
TEST(charset, nothing_is_held_back) {
  EXPECT_EQ(decode("ab", "windows-1258"), "ab");
  EXPECT_EQ(decode("\xE0", "windows-1255"), "\u05D0");
  EXPECT_EQ(decode("\x88\x66", "Big5"), "\u00CA");
}

TEST(charset, every_encoding_takes_any_bytes) {
  std::string bytes;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>((i * (2 * round + 1)) & 0xff);
  }
  for (const char* label :
       {"utf-8",       "866",      "latin2",      "latin3",        "latin4",         "cyrillic",
        "arabic",      "greek",    "hebrew",      "logical",       "latin6",         "iso-8859-13",
        "iso-8859-14", "l9",       "iso-8859-16", "koi",           "koi8-u",         "mac",
        "dos-874",     "cp1250",   "cp1251",      "cp1252",        "cp1253",         "cp1254",
        "cp1255",      "cp1256",   "cp1257",      "cp1258",        "x-mac-cyrillic", "gbk",
        "gb18030",     "big5",     "euc-jp",      "iso-2022-jp",   "sjis",           "euc-kr",
        "replacement", "utf-16be", "utf-16le",    "x-user-defined"}) {
    const auto charset = charset_from_label(label);
    ASSERT_TRUE(charset) << label;
    const auto text = decode(bytes, *charset);
    EXPECT_TRUE(is_valid_utf8(text)) << label;
    EXPECT_FALSE(text.empty()) << label;
    EXPECT_EQ(decode("plain ASCII", *charset).empty(), false) << label;
    EXPECT_EQ(charset_from_label(*charset), charset) << "a name is a label as well";
  }
}

}  // namespace
}  // namespace orbweaver
