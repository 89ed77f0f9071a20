#include "common/url/ip_address.hpp"

#include <algorithm>
#include <charconv>

#include "common/url/percent.hpp"

namespace orbweaver {
namespace {

constexpr std::uint64_t too_large = std::uint64_t{1} << 32;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// Section 3.5, "IPv4 number parser". Values from 2^32 on answer 2^32: all are out of range.
std::optional<std::uint64_t> parse_ipv4_number(std::string_view text) noexcept {
  if (text.empty()) return std::nullopt;
  unsigned base = 10;
  if (text.size() >= 2 && text[0] == '0') {
    const bool hex = (text[1] | 0x20) == 'x';
    base = hex ? 16 : 8;
    text.remove_prefix(hex ? 2 : 1);
  }
  std::uint64_t value = 0;
  for (const char c : text) {
    const int digit = hex_value(c);
    if (digit < 0 || static_cast<unsigned>(digit) >= base) return std::nullopt;
    value = std::min(value * base + static_cast<unsigned>(digit), too_large);
  }
  return value;
}

template <class Number>
void append_number(std::string& out, Number value, int base) {
  char digits[12];
  const auto end = std::to_chars(digits, digits + sizeof digits, value, base).ptr;
  out.append(digits, end);
}

// The last 32 bits of an IPv6 address written as four decimal numbers, at most three digits each,
// without leading zeros ("IPv6 parser", step 6.5). Takes all of `text`.
bool take_dotted_tail(std::string_view text, ipv6_pieces& pieces, std::size_t at) noexcept {
  for (std::size_t i = 0; i < 4; ++i) {
    if (i > 0) {
      if (!text.starts_with('.')) return false;
      text.remove_prefix(1);
    }
    unsigned value = 0;
    std::size_t digits = 0;
    for (; digits < text.size() && is_digit(text[digits]); ++digits) {
      if (digits > 0 && value == 0) return false;
      value = value * 10 + static_cast<unsigned>(hex_value(text[digits]));
      if (value > 255) return false;
    }
    if (digits == 0) return false;
    text.remove_prefix(digits);
    std::uint16_t& piece = pieces[at + i / 2];
    piece = static_cast<std::uint16_t>(piece * 256u + value);
  }
  return text.empty();
}

}  // namespace

bool ends_in_number(std::string_view host) noexcept {
  if (host.ends_with('.')) host.remove_suffix(1);
  const std::size_t dot = host.rfind('.');
  const std::string_view last = dot == host.npos ? host : host.substr(dot + 1);
  if (last.empty() || !is_digit(last[0])) return false;
  return std::ranges::all_of(last, is_digit) || parse_ipv4_number(last).has_value();
}

std::optional<std::uint32_t> parse_ipv4(std::string_view text) noexcept {
  if (text.ends_with('.')) text.remove_suffix(1);
  std::uint64_t address = 0;
  for (unsigned part = 0; part < 4; ++part) {
    const std::size_t dot = text.find('.');
    const auto number = parse_ipv4_number(text.substr(0, dot));
    if (!number) return std::nullopt;
    if (dot == text.npos) {
      // The last number fills all bytes that are left.
      const unsigned bits = 8 * (4 - part);
      if (*number >> bits != 0) return std::nullopt;
      return static_cast<std::uint32_t>(address << bits | *number);
    }
    if (*number > 255) return std::nullopt;
    address = address << 8 | *number;
    text.remove_prefix(dot + 1);
  }
  return std::nullopt;
}

void append_ipv4(std::string& out, std::uint32_t address) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    append_number(out, address >> shift & 255, 10);
    if (shift > 0) out.push_back('.');
  }
}

std::optional<ipv6_pieces> parse_ipv6(std::string_view text) noexcept {
  ipv6_pieces pieces{};
  std::size_t count = 0;
  std::optional<std::size_t> gap;  // behind the one piece that "::" stands for at least
  if (text.starts_with(':')) {
    if (!text.starts_with("::")) return std::nullopt;
    text.remove_prefix(2);
    gap = ++count;
  }
  while (!text.empty()) {
    if (count == 8) return std::nullopt;
    if (text[0] == ':') {
      if (gap) return std::nullopt;
      text.remove_prefix(1);
      gap = ++count;
      continue;
    }
    unsigned value = 0;
    std::size_t digits = 0;
    for (; digits < 4 && digits < text.size() && hex_value(text[digits]) >= 0; ++digits)
      value = value * 16 + static_cast<unsigned>(hex_value(text[digits]));
    if (digits < text.size() && text[digits] == '.') {
      if (count > 6 || !take_dotted_tail(text, pieces, count)) return std::nullopt;
      count += 2;
      break;
    }
    if (digits == 0) return std::nullopt;
    pieces[count++] = static_cast<std::uint16_t>(value);
    text.remove_prefix(digits);
    if (text.empty()) break;
    if (text[0] != ':' || text.size() == 1) return std::nullopt;
    text.remove_prefix(1);
  }
  if (gap)
    std::rotate(pieces.begin() + *gap, pieces.begin() + count, pieces.end());
  else if (count != 8)
    return std::nullopt;
  return pieces;
}

void append_ipv6(std::string& out, const ipv6_pieces& pieces) {
  std::size_t gap = 8;
  std::size_t longest = 1;
  for (std::size_t i = 0; i < 8;) {
    std::size_t end = i;
    while (end < 8 && pieces[end] == 0) ++end;
    if (end - i > longest) {
      gap = i;
      longest = end - i;
    }
    i = std::max(end, i + 1);
  }
  for (std::size_t i = 0; i < 8;) {
    if (i == gap) {
      out.append("::");
      i += longest;
      continue;
    }
    if (i > 0 && i != gap + longest) out.push_back(':');
    append_number(out, static_cast<unsigned>(pieces[i++]), 16);
  }
}

}  // namespace orbweaver
