#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace orbweaver {

// True when the last label is a number, so that the host is an IPv4 address or nothing
// (URL Standard, section 3.5, "ends in a number checker").
bool ends_in_number(std::string_view host) noexcept;

// An IPv4 address in every form the standard takes (section 3.5, "IPv4 parser"): one to four
// parts, each decimal, octal ("010") or hexadecimal ("0x8").
std::optional<std::uint32_t> parse_ipv4(std::string_view text) noexcept;
void append_ipv4(std::string& out, std::uint32_t address);

// The eight pieces of an IPv6 address, without brackets (section 3.5, "IPv6 parser").
using ipv6_pieces = std::array<std::uint16_t, 8>;
std::optional<ipv6_pieces> parse_ipv6(std::string_view text) noexcept;
// The serialiser of section 3.7: lower case, the first longest run of zeros compressed.
void append_ipv6(std::string& out, const ipv6_pieces& pieces);

}  // namespace orbweaver
