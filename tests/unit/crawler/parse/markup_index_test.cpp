#include "crawler/parse/markup_index.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace orbweaver::html {
namespace {

std::vector<std::size_t> places(std::string_view text, bool wide = false) {
  markup_index index(wide);
  markup_cursor cursor(text, index);
  std::vector<std::size_t> out;
  for (const char* p; (p = cursor.peek()) != text.data() + text.size(); cursor.next())
    out.push_back(static_cast<std::size_t>(p - text.data()));
  return out;
}

TEST(markup_index, finds_the_four_wherever_they_stand) {
  EXPECT_TRUE(places("").empty());
  EXPECT_TRUE(places(std::string(10'000, '=')).empty());
  for (const bool wide : {false, markup_index::is_wide_here()})
    for (const std::size_t size : {1U, 63U, 64U, 65U, 200U, 4095U, 4096U, 4097U, 9000U}) {
      std::string text(size, '.');
      std::vector<std::size_t> expected;
      for (std::size_t i = 0; i < size; i += 1 + i % 97) {
        text[i] = "<>\"'"[i % 4];
        expected.push_back(i);
      }
      EXPECT_EQ(places(text, wide), expected) << size;
      const std::string full(size, '\'');
      EXPECT_EQ(places(full, wide).size(), size);
    }
}

TEST(markup_index, tells_every_byte_apart_however_wide_it_reads) {
  std::string text;
  for (int round = 0; round < 8; ++round)  // each byte in different places of a block
    for (int c = 0; c < 256 + round; ++c) text += static_cast<char>(c);
  std::vector<std::size_t> expected;
  for (std::size_t i = text.find_first_of("<>\"'"); i != text.npos;
       i = text.find_first_of("<>\"'", i + 1))
    expected.push_back(i);
  EXPECT_EQ(places(text, false), expected);
  if (!markup_index::is_wide_here()) GTEST_SKIP() << "this processor reads narrowly alone";
  EXPECT_EQ(places(text, true), expected);
}

TEST(markup_index, seeks_forward) {
  std::string text(20'000, '.');
  for (const std::size_t at : {10U, 20U, 4100U, 15'000U}) text[at] = '<';
  text[19'000] = '>';
  markup_index index;
  markup_cursor cursor(text, index);
  const auto at = [&] { return cursor.peek() - text.data(); };
  EXPECT_EQ(at(), 10);
  cursor.seek(text.data() + 15);
  EXPECT_EQ(at(), 20);
  cursor.seek(text.data() + 20);
  EXPECT_EQ(at(), 20);
  cursor.seek(text.data() + 5000);
  EXPECT_EQ(at(), 15'000);
  cursor.next();
  EXPECT_EQ(cursor.peek_less_than(), text.data() + text.size());
  EXPECT_EQ(cursor.peek(), text.data() + text.size());
}

}  // namespace
}  // namespace orbweaver::html
