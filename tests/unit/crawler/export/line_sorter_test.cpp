#include "crawler/export/line_sorter.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace orbweaver {
namespace {

std::vector<std::string> sorted(std::vector<std::string> lines, std::size_t memory) {
  line_sorter sorter(memory);
  for (std::string& line : lines) sorter.add(std::move(line));
  std::vector<std::string> out;
  while (auto line = sorter.next()) out.push_back(std::move(*line));
  return out;
}

TEST(LineSorter, SortsBytewise) {
  const std::vector<std::string> expected{"", "B", "a", "a b", "b", "\xc3\xa4"};
  EXPECT_EQ(sorted({"b", "\xc3\xa4", "a b", "B", "", "a"}, 1 << 20), expected);
  EXPECT_TRUE(sorted({}, 1).empty());
}

TEST(LineSorter, WhatDoesNotFitIntoMemoryIsSortedAllTheSame) {
  std::vector<std::string> lines;
  for (unsigned i = 0; i < 5000; ++i) lines.push_back(std::to_string(i * 2654435761U % 100'000));
  auto expected = lines;
  std::ranges::sort(expected);
  for (const std::size_t memory : {std::size_t{1000}, std::size_t{100'000}})
    EXPECT_EQ(sorted(lines, memory), expected) << memory;
}

}  // namespace
}  // namespace orbweaver
