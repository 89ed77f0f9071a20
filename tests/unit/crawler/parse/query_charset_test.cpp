#include "crawler/parse/query_charset.hpp"

#include <gtest/gtest.h>
#include <string>

namespace orbweaver {
namespace {

// What becomes of a link's URL on a page in `charset`.
std::string encoded(const std::string& link, std::string_view charset) {
  page_scan page;
  const std::string html = "<a href=\"" + link + "\">";
  scan_page(html, {}, page);
  encode_queries(page, charset);
  return page.links.empty() ? "no link" : std::string(page.links[0].url);
}

TEST(query_charset, a_query_is_written_in_the_charset_of_its_page) {
  EXPECT_EQ(encoded("?q=\u00E9#\u00E9", "windows-1252"), "?q=%E9#\u00E9");
  EXPECT_EQ(encoded("/\u0442?q=\u0442\u0435+a&\u0441\u0442", "windows-1251"),
            "/\u0442?q=%F2%E5+a&%F1%F2");
  EXPECT_EQ(encoded("?\u65E5\u672C", "EUC-JP"), "?%C6%FC%CB%DC");
  EXPECT_EQ(encoded("?\u4E2D", "GBK"), "?%D6%D0");
  EXPECT_EQ(encoded("?\u4E2D", "Big5"), "?%A4%A4");
  EXPECT_EQ(encoded("?\u8868", "Shift_JIS"), "?%95\\") << "its second byte is ASCII";
  EXPECT_EQ(encoded("HTTPS://h/?\u00E9", "windows-1252"), "HTTPS://h/?%E9");
}

TEST(query_charset, sets_are_switched_back) {
  EXPECT_EQ(encoded("?a=\u65E5\u672C&b=\u65E5", "ISO-2022-JP"),
            "?a=%1B$BF|K\\%1B(B&b=%1B$BF|%1B(B");
  EXPECT_EQ(encoded("?\u3046", "ISO-2022-JP"), "?%1B$B$&%1B(B");
  EXPECT_EQ(encoded("?\u3043", "ISO-2022-JP"), "?%1B$B$%23%1B(B") << "a '#' would end the query";
}

TEST(query_charset, what_a_charset_lacks_is_a_reference) {
  EXPECT_EQ(encoded("?\u00E9\u4E2D\u00E9", "windows-1252"), "?%E9%26%2320013%3B%E9");
  EXPECT_EQ(encoded("?\U0001F600", "Shift_JIS"), "?%26%23128512%3B");
  EXPECT_EQ(encoded("?\u65E5\U0001F600", "ISO-2022-JP"), "?%1B$BF|%1B(B%26%23128512%3B");
}

TEST(query_charset, the_rest_is_utf8) {
  for (const char* charset : {"UTF-8", "UTF-16LE", "replacement", "x-user-defined", "nonsense"})
    EXPECT_EQ(encoded("?\u00E9", charset), "?\u00E9") << charset;
  EXPECT_EQ(encoded("/\u00E9#?\u00E9", "windows-1252"), "/\u00E9#?\u00E9");
  EXPECT_EQ(encoded("mailto:a@b?subject=\u00E9", "windows-1252"), "mailto:a@b?subject=\u00E9");
}

TEST(query_charset, long_queries_are_written_whole) {
  std::string query, expected;
  for (int i = 0; i < 3000; ++i) query += "\u65E5", expected += "%93%FA";
  EXPECT_EQ(encoded("?" + query, "Shift_JIS"), "?" + expected);
  query.clear(), expected.clear();
  for (int i = 0; i < 3000; ++i) query += "\U0001F600", expected += "%26%23128512%3B";
  EXPECT_EQ(encoded("?" + query, "ISO-2022-JP"), "?" + expected);
}

TEST(query_charset, holds_for_canonical_and_alternates) {
  page_scan page;
  const std::string html =
      "<link rel=canonical href='?\u00E9'><link rel=alternate hreflang=fr href='?\u00E8'>";
  scan_page(html, {}, page);
  encode_queries(page, "windows-1252");
  EXPECT_EQ(page.canonical, "?%E9");
  EXPECT_EQ(page.alternates.at(0).url, "?%E8");
}

}  // namespace
}  // namespace orbweaver
