#include "server/api/cursor.hpp"

#include <charconv>
#include <cstdio>
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace orbweaver {
namespace {

// 16 hexadecimal digits of the place, 8 of a checksum over it and the list. It keeps mistakes
// apart, not attackers: places are no secret.
constexpr std::size_t place_digits = 16;
constexpr std::size_t check_digits = 8;

std::uint32_t checksum(std::string_view list, std::uint64_t place) noexcept {
  return static_cast<std::uint32_t>(XXH3_64bits_withSeed(list.data(), list.size(), place));
}

template <class T>
std::optional<T> hex(std::string_view digits) noexcept {
  T value{};
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value, 16);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

}  // namespace

std::string write_cursor(std::string_view list, std::uint64_t place) {
  char out[place_digits + check_digits + 1];
  std::snprintf(out, sizeof out, "%016llx%08x", static_cast<unsigned long long>(place),
                checksum(list, place));
  return out;
}

std::optional<std::uint64_t> read_cursor(std::string_view list, std::string_view cursor) noexcept {
  if (cursor.size() != place_digits + check_digits) return std::nullopt;
  const auto place = hex<std::uint64_t>(cursor.substr(0, place_digits));
  const auto check = hex<std::uint32_t>(cursor.substr(place_digits));
  if (!place || check != checksum(list, *place)) return std::nullopt;
  return place;
}

}  // namespace orbweaver
