#include <gtest/gtest.h>
#include <string>

#include "crawler/parse/foreign_content.hpp"
#include "crawler/parse/page_scan.hpp"
#include "crawler/parse/utf8.hpp"

// Every limit of the page scan, on its failing side.
namespace orbweaver {
namespace {

std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

page_scan scan(std::string_view html) {
  page_scan out;
  scan_page(html, {}, out);
  return out;
}

TEST(page_scan_limits, links) {
  const std::string full = repeat("<a href=x>", max_page_links);
  EXPECT_FALSE(scan(full).truncated.links);
  for (const std::string more :
       {"<a href=y>", "<img srcset='y, z'>", "<meta http-equiv=refresh content=0;y>"}) {
    const std::string html = full + more;
    const auto page = scan(html);
    EXPECT_EQ(page.links.size(), max_page_links);
    EXPECT_TRUE(page.truncated.links) << more;
  }
}

TEST(page_scan_limits, urls) {
  const std::string longest(max_url_attribute_bytes, 'x');
  std::string html = "<a href=" + longest + ">";
  EXPECT_EQ(scan(html).links.at(0).url, longest);
  for (const std::string before :
       {"<a href=", "<base href=", "<img srcset=", "<meta http-equiv=refresh content=0;"}) {
    html = before + longest + "y><a href=next>";
    const auto page = scan(html);
    EXPECT_TRUE(page.truncated.urls) << before;
    ASSERT_EQ(page.links.size(), 1U) << before;
    EXPECT_EQ(page.links[0].url, "next");
    EXPECT_EQ(page.base_href, "");
  }
}

TEST(page_scan_limits, title) {
  std::string html = "<title>" + repeat("ab ", max_title_bytes);
  auto page = scan(html);
  EXPECT_LE(page.title.size(), max_title_bytes);
  EXPECT_GT(page.title.size(), max_title_bytes - 3);
  EXPECT_TRUE(page.truncated.values);
  html = "<title>x" + repeat("\u20AC", max_title_bytes);
  page = scan(html);
  EXPECT_TRUE(is_valid_utf8(page.title));
  EXPECT_GT(page.title.size(), max_title_bytes - 3);
}

TEST(page_scan_limits, link_text) {
  const std::string html = "<a href=x>" + repeat("word ", max_link_text_bytes) + "</a>";
  const auto page = scan(html);
  EXPECT_LE(page.links.at(0).text.size(), max_link_text_bytes);
  EXPECT_GT(page.links.at(0).text.size(), max_link_text_bytes - 5);
  EXPECT_TRUE(page.truncated.values);
}

TEST(page_scan_limits, values) {
  const std::string html = "<meta name=a content=" + std::string(max_value_bytes + 1, 'x') + ">";
  const auto page = scan(html);
  EXPECT_EQ(page.metadata.at(0).content.size(), max_value_bytes);
  EXPECT_TRUE(page.truncated.values);
  const std::string rel = "<a href=x rel='" + std::string(max_url_attribute_bytes + 1, 'x') + "'>";
  const auto other = scan(rel);
  EXPECT_EQ(other.links.at(0).rel.size(), max_url_attribute_bytes);
  EXPECT_TRUE(other.truncated.values);
}

TEST(page_scan_limits, metadata) {
  const std::string entries = repeat("<meta name=a content=b>", max_metadata_entries);
  EXPECT_FALSE(scan(entries).truncated.metadata);
  std::string html = entries + "<meta name=c content=d>";
  auto page = scan(html);
  EXPECT_EQ(page.metadata.size(), max_metadata_entries);
  EXPECT_TRUE(page.truncated.metadata);

  const std::string name(max_metadata_name_bytes, 'n');
  html = "<meta name=" + name + "n content=a><meta property=" + name + " content=b>";
  page = scan(html);
  ASSERT_EQ(page.metadata.size(), 1U);
  EXPECT_EQ(page.metadata[0].name, name);
  EXPECT_TRUE(page.truncated.metadata);

  html = repeat("<link rel=alternate hreflang=a href=b>", max_language_alternates + 1);
  page = scan(html);
  EXPECT_EQ(page.alternates.size(), max_language_alternates);
  EXPECT_TRUE(page.truncated.metadata);

  html = "<meta name=robots content='" + repeat("x,", max_robots_directives + 1) + "noindex'>";
  page = scan(html);
  EXPECT_EQ(page.robots_list.size(), max_robots_directives);
  EXPECT_TRUE(page.robots.noindex);
  EXPECT_TRUE(page.truncated.metadata);
}

// A root and what makes its content HTML again are two.
TEST(page_scan_limits, nesting) {
  const std::string fitting = repeat("<svg><desc>", html::foreign_content::max_depth / 2);
  std::string html = fitting + "</desc><a href=1>";
  EXPECT_FALSE(scan(html).truncated.nesting);
  html = fitting + "<svg><style><a href=no></style></svg><a href=1>";
  const auto page = scan(html);
  EXPECT_TRUE(page.truncated.nesting);
  ASSERT_EQ(page.links.size(), 1U) << "what opens there is not seen to be foreign";
  EXPECT_EQ(page.links[0].url, "1");
}

TEST(page_scan_limits, json_ld) {
  const std::string open = "<script type=application/ld+json>";
  std::string html = repeat(open + "1</script>", max_json_ld_blocks + 1);
  auto page = scan(html);
  EXPECT_EQ(page.json_ld.size(), max_json_ld_blocks);
  EXPECT_TRUE(page.truncated.metadata);

  html = open + std::string(max_json_ld_bytes, '1') + "</script>" + open + "2</script>";
  page = scan(html);
  EXPECT_EQ(page.json_ld.size(), 1U);
  EXPECT_TRUE(page.truncated.metadata);
}

}  // namespace
}  // namespace orbweaver
