#include "server/api/cursor.hpp"

#include <gtest/gtest.h>

namespace orbweaver {
namespace {

TEST(Cursor, ComesBackAsItWasWritten) {
  for (const std::uint64_t place : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}})
    EXPECT_EQ(read_cursor("/a", write_cursor("/a", place)), place);
}

TEST(Cursor, BelongsToItsList) {
  EXPECT_EQ(read_cursor("/b", write_cursor("/a", 7)), std::nullopt);
}

TEST(Cursor, IsRefusedWhenItWasChanged) {
  const std::string cursor = write_cursor("/a", 0x1234567890abcdef);
  for (std::size_t i = 0; i < cursor.size(); ++i) {
    std::string changed = cursor;
    changed[i] = changed[i] == '0' ? '1' : '0';
    EXPECT_EQ(read_cursor("/a", changed), std::nullopt) << i;
  }
  for (const std::string& wrong :
       {std::string(), cursor + "0", cursor.substr(1), std::string(cursor.size(), 'x'),
        std::string(cursor.size(), '\0'), "+" + cursor.substr(1)})
    EXPECT_EQ(read_cursor("/a", wrong), std::nullopt) << wrong;
}

}  // namespace
}  // namespace orbweaver
