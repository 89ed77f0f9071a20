#include "server/api/nearest_name.hpp"

#include <string>

#include "common/ascii.hpp"
#include "common/edit_distance.hpp"

namespace orbweaver {
namespace {

constexpr std::size_t max_length = 64;  // of a name worth comparing
constexpr std::size_t max_edits = 2;

std::string folded(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '-' || c == '_') continue;
    out += ascii_lower(c);
  }
  return out;
}

}  // namespace

std::string_view nearest_name(std::string_view wanted, std::span<const std::string_view> names) {
  if (wanted.size() > max_length) return {};
  const std::string plain = folded(wanted);
  std::string_view nearest;
  std::size_t fewest = max_edits + 1;
  for (const std::string_view name : names) {
    const std::string candidate = folded(name);
    const std::size_t distance = edit_distance(plain, candidate);
    // Two edits make any short word any other.
    if (distance >= fewest || distance * 2 > candidate.size()) continue;
    fewest = distance;
    nearest = name;
  }
  return nearest;
}

}  // namespace orbweaver
