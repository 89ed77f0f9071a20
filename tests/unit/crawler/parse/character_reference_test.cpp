#include "crawler/parse/character_reference.hpp"

#include <gtest/gtest.h>
#include <string>

namespace orbweaver::html {
namespace {

using namespace std::string_literals;

std::string text(std::string_view raw) {
  std::string out;
  append_decoded(out, raw, text_mode);
  return out;
}
std::string value(std::string_view raw) {
  std::string out;
  append_decoded(out, raw, attribute_mode);
  return out;
}

TEST(character_reference, named) {
  EXPECT_EQ(text("&amp;&lt;&gt;&quot;&nbsp;"), "&<>\"\u00A0");
  EXPECT_EQ(text("&NotEqualTilde;"), "\u2242\u0338");
  EXPECT_EQ(text("&CounterClockwiseContourIntegral;"), "\u2233");
  EXPECT_EQ(text("&Amp;&unknown;&;& &"), "&Amp;&unknown;&;& &");
  // The longest name wins; a shorter one counts if the rest is no name.
  EXPECT_EQ(text("&notin;&notit;&notinx"), "\u2209\u00ACit;\u00ACinx");
  EXPECT_EQ(text("&amp&ampx"), "&&x");
}

TEST(character_reference, in_attributes_the_semicolon_matters) {
  EXPECT_EQ(value("?a&lt=b&ltx&lt1&lt;&lt"), "?a&lt=b&ltx&lt1<<");
  EXPECT_EQ(value("&notit;&not-"), "&notit;\u00AC-");
}

TEST(character_reference, numeric) {
  EXPECT_EQ(text("&#65;&#x41;&#X4a;&#65&#x41g"), "AAJAAg");
  EXPECT_EQ(text("&#128;&#x9F;&#129;"), "\u20AC\u0178\u0081");
  EXPECT_EQ(text("&#0;&#xD800;&#x110000;&#99999999999999999999;"), "\uFFFD\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(text("&#;&#x;&#xg&#"), "&#;&#x;&#xg&#");
  EXPECT_EQ(text("&#x10FFFF;&#13;"), "\U0010FFFF\r");
}

TEST(character_reference, line_ends_and_nul) {
  EXPECT_EQ(text("a\r\nb\rc\n\0d"s), "a\nb\nc\nd");
  EXPECT_EQ(value("a\0"s), "a\uFFFD");
  std::string kept;
  append_decoded(kept, "\0&amp;"s, {references::none, nul_bytes::keep});
  EXPECT_EQ(kept, "\0&amp;"s);
}

TEST(character_reference, every_name_of_the_table) {
  ASSERT_EQ(named_reference_count(), 2231U);
  for (std::size_t i = 0; i < named_reference_count(); ++i) {
    const std::string name(named_reference_name(i));
    EXPECT_EQ(text("&" + name), named_reference_text(i)) << name;
    EXPECT_EQ(value("&" + name + "!"), std::string(named_reference_text(i)) + "!") << name;
    EXPECT_LE(named_reference_text(i).size(), max_decode_growth * (1 + name.size()));
  }
}

}  // namespace
}  // namespace orbweaver::html
