#include "common/url/host.hpp"

#include <gtest/gtest.h>

#include "common/url/idna.hpp"
#include "common/url/ip_address.hpp"
#include "common/url/punycode.hpp"
#include "common/url/unicode.hpp"

namespace orbweaver {
namespace {

std::string host(std::string_view text, bool special = true) {
  std::string out;
  host_kind kind = host_kind::none;
  const url_error why = append_host(out, text, special, kind);
  return why == url_error::none ? out : "error " + std::to_string(static_cast<int>(why));
}
std::string error(url_error why) { return "error " + std::to_string(static_cast<int>(why)); }

std::string ascii(std::string_view domain) {
  std::string out;
  return domain_to_ascii(domain, out) ? out : "invalid";
}

TEST(Ipv4, TakesEveryWrittenForm) {
  for (const char* text :
       {"127.0.0.1", "127.1", "0x7f.1", "0177.0.0.01", "2130706433", "0x7F000001", "017700000001",
        "127.0.0.1.", "%31%32%37.1", "0x7f.0x0.0x0.0x1"})
    EXPECT_EQ(host(text), "127.0.0.1") << text;
  EXPECT_EQ(host("0x.0x"), "0.0.0.0");
  EXPECT_EQ(host("4294967295"), "255.255.255.255");
  EXPECT_EQ(host("1.2.65535"), "1.2.255.255");
}

TEST(Ipv4, RefusesWhatEndsInANumberButIsNone) {
  for (const char* text : {"4294967296", "1.2.3.256", "256.1", "1.2.65536", "1.2.3.4.5", "1..2",
                           "09", "a.1", "a.0x", "1.2.3.08", "0xffffffffffffffffff", "..1"})
    EXPECT_EQ(host(text), error(url_error::invalid_ipv4)) << text;
  for (const char* text : {"1.2.3.4a", "0xg", "1.2.3.4..", "a.1x", "1.a", "+1"})
    EXPECT_EQ(host(text), text);
}

TEST(Ipv6, ReadsAndCompresses) {
  EXPECT_EQ(host("[::]"), "[::]");
  EXPECT_EQ(host("[1:0:0:2:0:0:0:3]"), "[1:0:0:2::3]");
  EXPECT_EQ(host("[1:0:0:2:3:0:0:4]"), "[1::2:3:0:0:4]");
  EXPECT_EQ(host("[1:0:2:3:4:5:6:7]"), "[1:0:2:3:4:5:6:7]");
  EXPECT_EQ(host("[ABCD::]"), "[abcd::]");
  EXPECT_EQ(host("[::ffff:127.0.0.1]"), "[::ffff:7f00:1]");
  EXPECT_EQ(host("[1:2:3:4:5:6:7::]"), "[1:2:3:4:5:6:7:0]");
  EXPECT_EQ(host("[::1:2:3:4:5:6:7]"), "[0:1:2:3:4:5:6:7]");
  EXPECT_EQ(host("[1:2:3:4::6:7:8]"), "[1:2:3:4:0:6:7:8]");
  EXPECT_EQ(host("[1:2:3:4:5::1.2.3.4]"), "[1:2:3:4:5:0:102:304]");
  EXPECT_EQ(host("[1:2:3:4:5:6:1.2.3.4]", false), "[1:2:3:4:5:6:102:304]");
}

TEST(Ipv6, RefusesTheRest) {
  for (const char* text : {"[",
                           "[]",
                           "[:]",
                           "[:::]",
                           "[1]",
                           "[1::2::3]",
                           "[1:2:3:4:5:6:7:8:9]",
                           "[12345::]",
                           "[::1",
                           "[1:2:3:4:5:6:7:8::]",
                           "[::1:2:3:4:5:6:7:8]",
                           "[1:2:3:4::5:6:7:8]",
                           "[1:2:3:4:5:6:7::8]",
                           "[::1:2:3:4:5:6:1.2.3.4]",
                           "[1:2:3:4:5:6::1.2.3.4]",
                           "[::1:]",
                           "[::g]",
                           "[::1.2.3]",
                           "[::1.2.3.256]",
                           "[::01.2.3.4]",
                           "[::1.2.3.4.5]",
                           "[::1.2.3.4:5]",
                           "[1:2:3:4:5:6:7:1.2.3.4]",
                           "[::.1.2.3]",
                           "[::1%25eth0]",
                           "[::1]x"})
    EXPECT_EQ(host(text), error(url_error::invalid_ipv6)) << text;
}

TEST(Host, OpaqueHostsAreOnlyEscaped) {
  EXPECT_EQ(host("A%41\xc3\xa9", false), "A%41%C3%A9");
  EXPECT_EQ(host("a b", false), error(url_error::forbidden_host_character));
}

TEST(Idna, MapsAndEncodes) {
  EXPECT_EQ(ascii("B\xc3\xbc"
                  "cher.Example"),
            "xn--bcher-kva.example");
  EXPECT_EQ(ascii("fa\xc3\x9f.de"), "xn--fa-hia.de");
  EXPECT_EQ(ascii("\xf0\x9f\x98\x80.com"), "xn--e28h.com") << "emoji";
  EXPECT_EQ(ascii("\xe4\xbd\xa0\xe3\x80\x82\xe5\xa5\xbd"), "xn--6qq.xn--5us") << "ideographic stop";
  EXPECT_EQ(ascii("a\xcc\xa3\xcc\x82"), ascii("\xe1\xba\xad")) << "NFC";
  EXPECT_EQ(ascii("a\xcc\x82\xcc\xa3"), ascii("\xe1\xba\xad")) << "reordered";
  EXPECT_EQ(ascii("\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xa8"), ascii("\xea\xb0\x81")) << "Hangul";
}

TEST(Idna, RefusesWhatIsNotValid) {
  for (const char* text :
       {"\xc2\x80.com",
        "\xcc\x80"
        "a",
        "\xef\xbf\xbd",
        "\xe2\x80\x8d"
        "a",
        "1\xd8\xa7",
        "\xd8\xa7"
        "a",
        "\xd8\xa7.0a!", "xn--a.\xc3\x9f", "xn--.\xc3\x9f", "xn--a-.\xc3\x9f", "xn--\xc3\x9f",
        "xn--xn--zca-hia.\xc3\x9f", "xn--99999999999.\xc3\x9f", "\xed\xa0\x80", "\xc0\xaf",
        "\xf4\x90\x80\x80", "\xe2\x82", "\xf5\x80\x80\x80"})
    EXPECT_EQ(ascii(text), "invalid") << testing::PrintToString(text);
  EXPECT_EQ(ascii(std::string(max_idna_input, 'a') + "\xc3\x9f"), "invalid") << "too long";
  EXPECT_NE(ascii(std::string(max_idna_input - 2, 'a') + "\xc3\x9f"), "invalid");
}

TEST(Idna, TheBidiRuleAsksEveryLabelOfABidiDomain) {
  EXPECT_EQ(ascii("\xd8\xa7.com"), "xn--mgb.com");
  EXPECT_EQ(ascii("\xd8\xa7.1com"), "invalid") << "begins with a digit";
  EXPECT_EQ(ascii("\xd8\xa7"
                  "1"),
            "xn--1-ymc");
  EXPECT_EQ(ascii("\xd8\xa7"
                  "1\xd9\xa1"),
            "invalid")
      << "both kinds of digits";
}

TEST(Idna, JoinersNeedTheirContext) {
  EXPECT_EQ(ascii("\xe0\xa4\x95\xe0\xa5\x8d\xe2\x80\x8d"), "xn--11b6iy14e");
  EXPECT_EQ(ascii("\xe0\xa4\x95\xe2\x80\x8d"), "invalid");
  EXPECT_EQ(ascii("\xd8\xa8\xe2\x80\x8c\xd8\xa8"), "xn--ngba799q") << "between joining letters";
  EXPECT_EQ(ascii("a\xe2\x80\x8c"
                  "b"),
            "invalid");
}

TEST(Punycode, GoesBothWays) {
  // RFC 3492, section 7.1, (B) and (L).
  const std::u32string chinese = U"他们为什么不说中文";
  const std::u32string band = U"3年b組金八先生";
  std::string out;
  ASSERT_TRUE(append_punycode(out, chinese));
  EXPECT_EQ(out, "ihqwcrb4cv8a8dqg056pqjye");
  EXPECT_EQ(decode_punycode(U"ihqwcrb4cv8a8dqg056pqjye"), chinese);
  EXPECT_EQ(decode_punycode(U"3b-ww4c5e180e575a65lsy2b"), band);
  EXPECT_FALSE(decode_punycode(U"99999999999"));
  EXPECT_FALSE(decode_punycode(U"a!"));
  EXPECT_FALSE(decode_punycode(U"b"));
}

TEST(Unicode, NormalizesToFormC) {
  std::u32string text = U"\u1100\u1161\u11a8 e\u0301 \u0915\u093c a\u0323\u0302";
  unicode::normalize(text);
  EXPECT_EQ(text, U"\uac01 \u00e9 \u0915\u093c \u1ead");
}

}  // namespace
}  // namespace orbweaver
