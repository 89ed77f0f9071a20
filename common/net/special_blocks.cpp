#include "common/net/address_policy.hpp"

namespace orbweaver {
namespace {

using enum special_block::rule;

constexpr special_block blocks[] = {
    // https://www.iana.org/assignments/iana-ipv4-special-registry
    {"0.0.0.0/8", refused, "this network", "RFC 791, RFC 1122 section 3.2.1.3"},
    {"10.0.0.0/8", refused, "private use", "RFC 1918"},
    {"100.64.0.0/10", refused, "shared address space of carriers", "RFC 6598"},
    {"127.0.0.0/8", refused, "loopback", "RFC 1122 section 3.2.1.3"},
    {"168.63.129.16/32", refused, "a cloud platform's own service", "Microsoft Azure"},
    {"169.254.0.0/16", refused, "link-local", "RFC 3927"},
    {"172.16.0.0/12", refused, "private use", "RFC 1918"},
    {"192.0.0.0/24", refused, "IETF protocol assignments", "RFC 6890 section 2.1"},
    {"192.0.0.9/32", global, "Port Control Protocol anycast", "RFC 7723"},
    {"192.0.0.10/32", global, "TURN anycast", "RFC 8155"},
    {"192.0.2.0/24", refused, "documentation", "RFC 5737"},
    {"192.88.99.0/24", refused, "6to4 relay anycast, deprecated", "RFC 7526"},
    {"192.168.0.0/16", refused, "private use", "RFC 1918"},
    {"198.18.0.0/15", refused, "benchmarking", "RFC 2544"},
    {"198.51.100.0/24", refused, "documentation", "RFC 5737"},
    {"203.0.113.0/24", refused, "documentation", "RFC 5737"},
    {"224.0.0.0/4", refused, "multicast", "RFC 5771"},
    {"240.0.0.0/4", refused, "reserved", "RFC 1112 section 4"},
    {"255.255.255.255/32", refused, "limited broadcast", "RFC 919 section 7"},

    // https://www.iana.org/assignments/iana-ipv6-special-registry; outside 2000::/3 nothing has
    // been allocated as global unicast (RFC 4291 section 2.4, IANA's IPv6 address space registry).
    {"::/0", refused, "not allocated as global unicast", "RFC 4291 section 2.4"},
    {"2000::/3", global, "global unicast", "RFC 4291 section 2.4"},
    {"::/128", refused, "the unspecified address", "RFC 4291 section 2.5.2"},
    {"::1/128", refused, "loopback", "RFC 4291 section 2.5.3"},
    {"::/96", v4_in_last_32_bits, "IPv4-compatible", "RFC 4291 section 2.5.5.1"},
    {"64:ff9b::/96", v4_in_last_32_bits, "NAT64", "RFC 6052 section 2.1"},
    {"64:ff9b:1::/48", refused, "NAT64 of local use", "RFC 8215"},
    {"100::/64", refused, "discard only", "RFC 6666"},
    {"100:0:0:1::/64", refused, "dummy prefix", "RFC 9780"},
    {"2001::/23", refused, "IETF protocol assignments", "RFC 2928"},
    {"2001::/32", teredo, "Teredo", "RFC 4380 section 4"},
    {"2001:1::1/128", global, "Port Control Protocol anycast", "RFC 7723"},
    {"2001:1::2/128", global, "TURN anycast", "RFC 8155"},
    {"2001:1::3/128", global, "DNS-SD registration anycast", "RFC 9665"},
    {"2001:2::/48", refused, "benchmarking", "RFC 5180"},
    {"2001:3::/32", global, "automatic multicast tunnelling", "RFC 7450"},
    {"2001:4:112::/48", global, "AS112", "RFC 7535"},
    {"2001:10::/28", refused, "ORCHID, deprecated", "RFC 4843"},
    {"2001:20::/28", global, "ORCHIDv2", "RFC 7343"},
    {"2001:30::/28", global, "drone identification", "RFC 9374"},
    {"2001:db8::/32", refused, "documentation", "RFC 3849"},
    {"2002::/16", v4_after_16_bits, "6to4", "RFC 3056 section 2"},
    {"3fff::/20", refused, "documentation", "RFC 9637"},
    {"5f00::/16", refused, "segment routing identifiers", "RFC 9602"},
    {"fc00::/7", refused, "unique local", "RFC 4193"},
    {"fd00:ec2::254/128", refused, "a cloud platform's own service", "Amazon Web Services"},
    {"fe80::/10", refused, "link-local", "RFC 4291 section 2.5.6"},
    {"fec0::/10", refused, "site-local, deprecated", "RFC 3879"},
    {"ff00::/8", refused, "multicast", "RFC 4291 section 2.7"},
};

}  // namespace

std::span<const special_block> special_blocks() noexcept { return blocks; }

}  // namespace orbweaver
