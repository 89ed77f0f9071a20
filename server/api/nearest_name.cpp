#include "server/api/nearest_name.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

namespace orbweaver {
namespace {

constexpr std::size_t max_length = 64;  // of a name worth comparing
constexpr std::size_t max_edits = 2;

std::string folded(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '-' || c == '_') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

// Levenshtein's distance: insertions, deletions and replacements that turn `a` into `b`.
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string_view nearest_name(std::string_view wanted, std::span<const std::string_view> names) {
  if (wanted.size() > max_length) return {};
  const std::string plain = folded(wanted);
  std::string_view nearest;
  std::size_t fewest = max_edits + 1;
  for (const std::string_view name : names) {
    const std::string candidate = folded(name);
    const std::size_t distance = edits(plain, candidate);
    // Two edits make any short word any other.
    if (distance >= fewest || distance * 2 > candidate.size()) continue;
    fewest = distance;
    nearest = name;
  }
  return nearest;
}

}  // namespace orbweaver
