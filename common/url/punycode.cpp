#include "common/url/punycode.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace orbweaver {
namespace {

// RFC 3492, section 5.
constexpr std::uint32_t base = 36;
constexpr std::uint32_t t_min = 1;
constexpr std::uint32_t t_max = 26;
constexpr std::uint32_t skew = 38;
constexpr std::uint32_t damp = 700;
constexpr std::uint32_t initial_bias = 72;
constexpr std::uint32_t initial_n = 128;
constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();

// Section 6.1.
std::uint32_t adapt(std::uint32_t delta, std::uint32_t points, bool first) noexcept {
  delta = first ? delta / damp : delta / 2;
  delta += delta / points;
  std::uint32_t k = 0;
  for (; delta > (base - t_min) * t_max / 2; k += base) delta /= base - t_min;
  return k + (base - t_min + 1) * delta / (delta + skew);
}

std::uint32_t threshold(std::uint32_t k, std::uint32_t bias) noexcept {
  return k <= bias ? t_min : std::min(k - bias, t_max);
}

char digit(std::uint32_t value) noexcept {
  return static_cast<char>(value < 26 ? 'a' + value : '0' + value - 26);
}

std::uint32_t value_of(char32_t c) noexcept {
  if (c >= '0' && c <= '9') return c - '0' + 26;
  if (c >= 'a' && c <= 'z') return c - 'a';
  if (c >= 'A' && c <= 'Z') return c - 'A';
  return base;
}

void append_variable(std::string& out, std::uint32_t q, std::uint32_t bias) {
  for (std::uint32_t k = base;; k += base) {
    const std::uint32_t t = threshold(k, bias);
    if (q < t) break;
    out.push_back(digit(t + (q - t) % (base - t)));
    q = (q - t) / (base - t);
  }
  out.push_back(digit(q));
}

}  // namespace

// Section 6.3.
bool append_punycode(std::string& out, std::u32string_view label) {
  std::uint32_t n = initial_n;
  std::uint32_t delta = 0;
  std::uint32_t bias = initial_bias;
  std::uint32_t done = 0;
  for (const char32_t c : label) {
    if (c >= 0x80) continue;
    out.push_back(static_cast<char>(c));
    ++done;
  }
  const std::uint32_t basic = done;
  if (basic > 0) out.push_back('-');
  while (done < label.size()) {
    std::uint32_t next = most;
    for (const char32_t c : label)
      if (c >= n) next = std::min<std::uint32_t>(next, c);
    if (next - n > (most - delta) / (done + 1)) return false;
    delta += (next - n) * (done + 1);
    n = next;
    for (const char32_t c : label) {
      if (c < n && ++delta == 0) return false;
      if (c != n) continue;
      append_variable(out, delta, bias);
      bias = adapt(delta, done + 1, done == basic);
      delta = 0;
      ++done;
    }
    ++delta;
    ++n;
  }
  return true;
}

// Section 6.2.
std::optional<std::u32string> decode_punycode(std::u32string_view encoded) {
  std::u32string out;
  if (const std::size_t dash = encoded.rfind(U'-'); dash != encoded.npos) {
    out.assign(encoded.substr(0, dash));
    encoded.remove_prefix(dash + 1);
  }
  std::uint32_t n = initial_n;
  std::uint32_t i = 0;
  std::uint32_t bias = initial_bias;
  for (std::size_t at = 0; at < encoded.size();) {
    const std::uint32_t old = i;
    std::uint32_t weight = 1;
    for (std::uint32_t k = base;; k += base) {
      if (at == encoded.size()) return std::nullopt;
      const std::uint32_t value = value_of(encoded[at++]);
      if (value >= base || value > (most - i) / weight) return std::nullopt;
      i += value * weight;
      const std::uint32_t t = threshold(k, bias);
      if (value < t) break;
      if (weight > most / (base - t)) return std::nullopt;
      weight *= base - t;
    }
    const auto points = static_cast<std::uint32_t>(out.size() + 1);
    bias = adapt(i - old, points, old == 0);
    if (i / points > most - n) return std::nullopt;
    n += i / points;
    i %= points;
    if (n > 0x10ffff || (n >= 0xd800 && n <= 0xdfff)) return std::nullopt;
    out.insert(out.begin() + i++, static_cast<char32_t>(n));
  }
  return out;
}

}  // namespace orbweaver
