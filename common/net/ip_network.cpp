#include "common/net/ip_network.hpp"

#include <algorithm>
#include <charconv>

namespace orbweaver {
namespace {

using asio::ip::address;
using asio::ip::address_v4;
using asio::ip::address_v6;

constexpr int mapped_prefix = 96;  // ::ffff:0:0/96

std::array<std::uint8_t, 16> bytes_of(const address& a) noexcept {
  std::array<std::uint8_t, 16> out{};
  if (a.is_v4()) {
    const auto four = a.to_v4().to_bytes();
    std::copy(four.begin(), four.end(), out.begin());
  } else {
    const auto all = a.to_v6().to_bytes();
    std::copy(all.begin(), all.end(), out.begin());
  }
  return out;
}

bool same_prefix(const std::array<std::uint8_t, 16>& a, const std::array<std::uint8_t, 16>& b,
                 int bits) noexcept {
  const auto whole = static_cast<std::size_t>(bits / 8);
  if (!std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(whole), b.begin())) {
    return false;
  }
  const int rest = bits % 8;
  return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

void clear_beyond(std::array<std::uint8_t, 16>& bytes, int bits) noexcept {
  for (int i = 0; i < 16; ++i) {
    const int kept = std::clamp(bits - 8 * i, 0, 8);
    bytes[static_cast<std::size_t>(i)] &= static_cast<std::uint8_t>(0xff << (8 - kept));
  }
}

std::string network_text(const std::array<std::uint8_t, 16>& bytes, bool v6, int prefix) {
  std::string out = v6 ? address_v6(bytes).to_string()
                       : address_v4({bytes[0], bytes[1], bytes[2], bytes[3]}).to_string();
  return out + '/' + std::to_string(prefix);
}

parsed<int> parse_prefix(std::string_view text, int longest) {
  int value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool digits_only = ec == std::errc{} && end == text.data() + text.size() &&
                           text.front() >= '0' && text.front() <= '9';
  if (!digits_only || (text.size() > 1 && text.front() == '0') || value > longest) {
    return refuse("the prefix length must be a whole number from 0 to " + std::to_string(longest));
  }
  return value;
}

}  // namespace

address unmapped(const address& a) noexcept {
  if (a.is_v6() && a.to_v6().is_v4_mapped()) {
    const auto b = a.to_v6().to_bytes();
    return address_v4({b[12], b[13], b[14], b[15]});
  }
  return a;
}

parsed<address> parse_ip_address(std::string_view text) {
  // The system's parser stops at a NUL and reads zone ids; neither reaches it.
  const bool plain = !text.empty() && text.size() <= max_network_text &&
                     text.find_first_not_of("0123456789abcdefABCDEF:.") == text.npos;
  if (plain) {
    boost::system::error_code ec;
    const address out = asio::ip::make_address(std::string(text), ec);
    if (!ec) return out;
  }
  return refuse("not an IP address");
}

parsed<ip_network> ip_network::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto first = parse_ip_address(text.substr(0, slash));
  if (!first) return refuse("not an IP address or network such as 10.0.0.0/8 or ::1/128");
  const int longest = first->is_v4() ? 32 : 128;
  int prefix = longest;
  if (slash != text.npos) {
    const auto length = parse_prefix(text.substr(slash + 1), longest);
    if (!length) return length.error();
    prefix = *length;
  }
  const ip_network out(*first, prefix);
  auto kept = bytes_of(*first);
  clear_beyond(kept, prefix);
  if (kept != bytes_of(*first)) {
    return refuse("bits are set beyond the prefix; the network is " +
                  network_text(kept, first->is_v6(), prefix));
  }
  return out;
}

ip_network::ip_network(const address& first, int prefix) noexcept {
  const bool mapped = prefix >= mapped_prefix && first.is_v6() && first.to_v6().is_v4_mapped();
  const address plain = mapped ? unmapped(first) : first;
  first_ = bytes_of(plain);
  prefix_ = mapped ? prefix - mapped_prefix : prefix;
  v6_ = plain.is_v6();
}

bool ip_network::contains(const address& a) const noexcept {
  const address plain = unmapped(a);
  return plain.is_v6() == v6_ && same_prefix(first_, bytes_of(plain), prefix_);
}

std::string ip_network::to_string() const { return network_text(first_, v6_, prefix_); }

}  // namespace orbweaver
