#include "crawler/sitemap/sitemap_file.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

namespace orbweaver {
namespace {

std::string gzipped(const std::string& text) {
  z_stream stream{};
  constexpr int gzip = 16;
  EXPECT_EQ(deflateInit2(&stream, 1, Z_DEFLATED, gzip + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

const std::string one_page = "<urlset><url><loc>http://h/</loc></url></urlset>";

TEST(SitemapFile, IsReadAsItStandsAndUnzipped) {
  for (const std::string& file : {one_page, gzipped(one_page)}) {
    const sitemap map = read_sitemap(file);
    EXPECT_EQ(map.kind, sitemap_kind::urlset);
    ASSERT_EQ(map.entries.size(), 1u);
    EXPECT_EQ(map.entries[0].loc, "http://h/");
    EXPECT_FALSE(map.malformed || map.too_large);
  }
}

TEST(SitemapFile, SaysThatItsCompressionIsBroken) {
  const std::string zipped = gzipped(one_page);
  EXPECT_TRUE(read_sitemap(zipped.substr(0, zipped.size() - 9)).malformed);
  EXPECT_TRUE(read_sitemap("\x1f\x8b").malformed);
}

TEST(SitemapFile, EndsAtTheSizeOfASitemap) {
  // Bytes that compress badly enough not to look like a bomb.
  std::string filler;
  std::uint32_t state = 1;
  while (filler.size() < 1 << 20) {
    state = state * 1664525 + 1013904223;
    filler += static_cast<char>('a' + (state >> 24) % 16);
  }
  std::string text = one_page + "<!--";
  while (text.size() <= max_sitemap_bytes) text += filler;
  const sitemap map = read_sitemap(gzipped(text));
  EXPECT_TRUE(map.too_large);
  EXPECT_EQ(map.entries.size(), 1u);
}

TEST(SitemapFile, AUrlCutInTwoByTheSizeIsDroppedFromAGzipFileToo) {
  std::string lines = "http://h/whole\n";
  std::uint32_t state = 1;
  while (lines.size() < max_sitemap_bytes - 11) {
    state = state * 1664525 + 1013904223;
    lines += static_cast<char>('a' + (state >> 24) % 16);
  }
  const sitemap map = read_sitemap(gzipped(lines + "\nhttp://h/half"));
  EXPECT_TRUE(map.too_large);
  ASSERT_EQ(map.entries.size(), 1u);
  EXPECT_EQ(map.entries[0].loc, "http://h/whole");
}

TEST(SitemapFile, IsDecodedAsItsContentTypeSays) {
  const std::string text = "<urlset><url><loc>http://h/caf\xe9</loc></url></urlset>";
  for (const std::string& file : {text, gzipped(text)}) {
    const sitemap map = read_sitemap(file, "iso-8859-1");
    ASSERT_EQ(map.entries.size(), 1u);
    EXPECT_EQ(map.entries[0].loc, "http://h/caf\xc3\xa9");
  }
}

}  // namespace
}  // namespace orbweaver
