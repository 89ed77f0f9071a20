#include "common/net/address_policy.hpp"

#include <algorithm>
#include <array>

namespace orbweaver {
namespace {

using asio::ip::address;
using asio::ip::address_v4;
using rule = special_block::rule;

struct row {
  ip_network network;
  const special_block* block;
};

const std::vector<row>& rows() {
  static const std::vector<row> table = [] {
    std::vector<row> out;
    for (const special_block& b : special_blocks()) {
      out.push_back({ip_network::parse(b.network).value(), &b});
    }
    return out;
  }();
  return table;
}

// The most specific block, or null for an ordinary global address.
const special_block* block_of(const address& a) noexcept {
  const row* best = nullptr;
  for (const row& r : rows()) {
    const bool closer = !best || r.network.prefix_length() > best->network.prefix_length();
    if (closer && r.network.contains(a)) best = &r;
  }
  return best ? best->block : nullptr;
}

// The IPv4 addresses a gateway would unpack.
struct carried_addresses {
  std::array<address, 2> all;
  std::size_t count = 0;
  std::span<const address> span() const noexcept { return {all.data(), count}; }
};

carried_addresses carried(const address& a, rule verdict) noexcept {
  carried_addresses out;
  if (!a.is_v6()) return out;
  const auto bytes = a.to_v6().to_bytes();
  const auto take = [&](std::size_t at, std::uint8_t mask) {
    address_v4::bytes_type four;
    for (std::size_t i = 0; i < four.size(); ++i) {
      four[i] = static_cast<std::uint8_t>(bytes[at + i] ^ mask);
    }
    out.all[out.count++] = address_v4(four);
  };
  if (verdict == rule::v4_in_last_32_bits) take(12, 0);
  if (verdict == rule::v4_after_16_bits) take(2, 0);
  if (verdict == rule::teredo) {
    take(4, 0);
    take(12, 0xff);
  }
  return out;
}

// A zone makes an address mean one interface's neighbourhood (RFC 4007 section 6).
bool has_zone(const address& a) noexcept { return a.is_v6() && a.to_v6().scope_id() != 0; }

}  // namespace

address_policy::address_policy(std::vector<ip_network> allowed) : allowed_(std::move(allowed)) {
  rows();  // built here, so that asking never allocates
}

bool address_policy::listed(const address& a) const noexcept {
  return std::any_of(allowed_.begin(), allowed_.end(),
                     [&](const ip_network& n) { return n.contains(a); });
}

bool address_policy::allows(const address& given) const noexcept {
  const address a = unmapped(given);
  if (listed(a)) return true;
  if (has_zone(a)) return false;
  const special_block* block = block_of(a);
  if (!block || block->verdict == rule::global) return true;
  const carried_addresses inside = carried(a, block->verdict);
  const auto inside_all = inside.span();
  return !inside_all.empty() && std::all_of(inside_all.begin(), inside_all.end(),
                                            [&](const address& v4) { return allows(v4); });
}

std::string address_policy::why_not(const address& given) const {
  if (allows(given)) return {};
  const address a = unmapped(given);
  const special_block* block = block_of(a);
  if (!block || block->verdict == rule::global) {
    return a.to_string() + " names an interface of this machine";
  }
  const carried_addresses inside = carried(a, block->verdict);
  for (const address& v4 : inside.span()) {
    if (allows(v4)) continue;
    return a.to_string() + " (" + std::string(block->purpose) +
           ") would reach another address: " + why_not(v4);
  }
  return given.to_string() + " is not globally routable: " + std::string(block->purpose) + " (" +
         std::string(block->source) + ")";
}

std::optional<address> address_policy::first_refused(
    std::span<const address> addresses) const noexcept {
  const auto found = std::find_if(addresses.begin(), addresses.end(),
                                  [&](const address& a) { return !allows(a); });
  if (found == addresses.end()) return std::nullopt;
  return *found;
}

result<> address_policy::check_all(std::span<const address> addresses) const {
  if (first_refused(addresses)) return make_error_code(outcome::blocked_address);
  return {};
}

}  // namespace orbweaver
