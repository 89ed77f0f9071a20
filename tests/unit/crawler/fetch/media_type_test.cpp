#include "crawler/fetch/media_type.hpp"

#include <gtest/gtest.h>

#include "crawler/fetch/response_parser.hpp"

namespace orbweaver {

void PrintTo(const media_type& type, std::ostream* out) {
  *out << type.essence << " charset " << type.charset.value_or("-");
}

namespace {

media_type of(std::string essence, std::optional<std::string> charset = std::nullopt) {
  return {std::move(essence), std::move(charset)};
}

TEST(MediaType, ReadsEssenceAndCharset) {
  EXPECT_EQ(parse_media_type("text/html"), of("text/html"));
  EXPECT_EQ(parse_media_type(" \r\n TEXT/HTML \t"), of("text/html"));
  EXPECT_EQ(parse_media_type("text/html;charset=UTF-8"), of("text/html", "UTF-8"));
  EXPECT_EQ(parse_media_type("text/html ; CHARSET=utf-8 "), of("text/html", "utf-8"));
  EXPECT_EQ(parse_media_type("text/html; charset=\"utf-8\""), of("text/html", "utf-8"));
  EXPECT_EQ(parse_media_type("text/html;charset=\"a\\\"\\;b\" ignored ;x"),
            of("text/html", "a\";b"));
  EXPECT_EQ(parse_media_type("text/html;charset=\"open"), of("text/html", "open"));
  EXPECT_EQ(parse_media_type("text/html;charset='utf-8'"), of("text/html", "'utf-8'"));
  EXPECT_EQ(parse_media_type("text/html;boundary=\"a;charset=x\";charset=y;charset=z"),
            of("text/html", "y"));
  EXPECT_EQ(parse_media_type("application/xhtml+xml;;;charset=a b ;"),
            of("application/xhtml+xml", "a b"));
}

TEST(MediaType, OverlooksParametersThatAreNone) {
  for (const char* text :
       {"text/html;", "text/html;charset", "text/html;charset=", "text/html;charset=\"\"",
        "text/html; charset =utf-8", "text/html;charset=\x7f", "text/html;=utf-8",
        "text/html;xcharset=utf-8", "text/html;charset;"}) {
    EXPECT_EQ(parse_media_type(text), of("text/html")) << text;
  }
  EXPECT_EQ(parse_media_type("text/html;charset= utf-8"), of("text/html", " utf-8"))
      << "as the specification has it";
}

TEST(MediaType, RefusesWhatIsNone) {
  for (const char* text :
       {"", "/", "text", "text/", "/html", "text/html/x", "te xt/html", "text/ht ml",
        "text/h\xc3\xa4", ";text/html", "text;/html", "text/html, text/plain"}) {
    EXPECT_EQ(parse_media_type(text), std::nullopt) << text;
  }
}

std::optional<media_type> extract(std::string_view fields) {
  std::string bytes = "HTTP/1.1 204 x\r\n" + std::string(fields) + "\r\n";
  response_parser parser;
  EXPECT_EQ(parser.parse(bytes), response_parser::state::head_done);
  return media_type_of(parser.headers());
}

// The examples of Fetch, "extract a MIME type".
TEST(MediaType, OfAllFieldsTheLastUsableOneCounts) {
  EXPECT_EQ(extract(""), std::nullopt);
  EXPECT_EQ(extract("Content-Type: text/plain;charset=gbk, text/html\r\n"), of("text/html"));
  EXPECT_EQ(extract("Content-Type: text/html;charset=gbk;a=b, text/html;x=y\r\n"),
            of("text/html", "gbk"));
  EXPECT_EQ(extract("Content-Type: text/html;charset=gbk;a=b\r\nContent-Type: text/html;x=y\r\n"),
            of("text/html", "gbk"));
  EXPECT_EQ(extract("Content-Type: text/html;charset=gbk\r\nContent-Type: x/x\r\n"
                    "Content-Type: text/html;x=y\r\n"),
            of("text/html"));
  EXPECT_EQ(extract("Content-Type: text/html\r\nContent-Type: cannot-parse\r\n"), of("text/html"));
  EXPECT_EQ(extract("Content-Type: text/html\r\nContent-Type: */*\r\n"), of("text/html"));
  EXPECT_EQ(extract("Content-Type: text/html;x=\",text/plain\"\r\n"), of("text/html"));
  EXPECT_EQ(extract("Content-Type: text/html;x=\",text/plain\r\n"), of("text/html"));
}

TEST(MediaPattern, Matches) {
  for (const char* pattern :
       {"*", "*/*", "text/*", "text/html", "TEXT/Html", "*/html", "te*/html", "text/ht*l"}) {
    EXPECT_TRUE(is_media_pattern(pattern)) << pattern;
    EXPECT_TRUE(matches_media_pattern("text/html", pattern)) << pattern;
  }
  for (const char* pattern : {"image/*", "text/htm", "text/html+*", "application/*+xml"}) {
    EXPECT_TRUE(is_media_pattern(pattern)) << pattern;
    EXPECT_FALSE(matches_media_pattern("text/html", pattern)) << pattern;
  }
  EXPECT_TRUE(matches_media_pattern("application/rss+xml", "application/*+xml"));
  EXPECT_FALSE(matches_media_pattern("text/", "text/*text/"));
  EXPECT_FALSE(matches_media_pattern("", "text/*"));
  for (const char* pattern : {"", "text", "**", "*/*/*", "text/**", "text /*", "text/html;x"}) {
    EXPECT_FALSE(is_media_pattern(pattern)) << pattern;
  }
}

}  // namespace
}  // namespace orbweaver
