#include "tests/support/address_forms.hpp"

#include <array>
#include <cstdio>

namespace orbweaver::test {
namespace {

using boost::asio::ip::address_v4;
using boost::asio::ip::address_v6;
using boost::asio::ip::make_address_v4;
using boost::asio::ip::make_address_v6;

template <class... Args>
std::string printed(const char* format, Args... args) {
  std::array<char, 160> out;
  std::snprintf(out.data(), out.size(), format, args...);
  return out.data();
}

std::string for_each_char(const std::string& text, std::string (*change)(char)) {
  std::string out;
  for (const char c : text) out += change(c);
  return out;
}
std::string percent_encoded(char c) {
  return printed("%%%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
}
// U+FF10 and those that follow it.
std::string full_width(char c) {
  return c == '.' ? std::string(1, c)
                  : "\xef\xbc" + std::string(1, static_cast<char>(c - '0' + 0x90));
}

}  // namespace

std::vector<address_v4> refused_v4_addresses() {
  std::vector<address_v4> out;
  for (const char* text :
       {"0.0.0.0",         "0.1.2.3",        "10.0.0.1",       "10.255.255.254",  "100.64.0.1",
        "100.127.255.254", "127.0.0.1",      "127.1.2.3",      "168.63.129.16",   "169.254.0.1",
        "169.254.169.254", "172.16.0.1",     "172.31.255.254", "192.0.0.1",       "192.0.0.170",
        "192.0.2.1",       "192.88.99.1",    "192.168.0.1",    "192.168.255.254", "198.18.0.1",
        "198.19.255.254",  "198.51.100.1",   "203.0.113.1",    "224.0.0.1",       "239.255.255.250",
        "240.0.0.1",       "255.255.255.255"})
    out.push_back(make_address_v4(text));
  return out;
}

std::vector<address_v6> refused_v6_addresses() {
  std::vector<address_v6> out;
  for (const char* text : {"::",           "::1",       "::2",        "100::1",
                           "100:0:0:1::1", "2001:2::1", "2001:10::1", "2001:db8::1",
                           "3fff::1",      "4000::1",   "5f00::1",    "64:ff9b:1::808:808",
                           "64:ff9b:2::1", "8000::1",   "fc00::1",    "fd00:ec2::254",
                           "fdff:ffff::1", "fe80::1",   "febf::1",    "fec0::1",
                           "ff02::1",      "ff0e::1"})
    out.push_back(make_address_v6(text));
  return out;
}

std::vector<address_v6> carriers(const address_v4& address) {
  const auto b = address.to_bytes();
  const unsigned high = static_cast<unsigned>(b[0] << 8 | b[1]);
  const unsigned low = static_cast<unsigned>(b[2] << 8 | b[3]);
  return {
      make_address_v6(printed("::ffff:%x:%x", high, low)),      // IPv4-mapped
      make_address_v6(printed("::%x:%x", high, low)),           // IPv4-compatible
      make_address_v6(printed("64:ff9b::%x:%x", high, low)),    // NAT64
      make_address_v6(printed("64:ff9b:1::%x:%x", high, low)),  // NAT64 of local use
      make_address_v6(printed("2002:%x:%x::1", high, low)),     // 6to4
      // Teredo: the server, and the client behind it, inverted.
      make_address_v6(printed("2001:0:%x:%x::f7f7:f7f7", high, low)),
      make_address_v6(printed("2001:0:808:808::%x:%x", high ^ 0xffff, low ^ 0xffff)),
  };
}

std::vector<std::string> written_forms(const address_v4& address) {
  const auto b = address.to_bytes();
  const std::string dotted = address.to_string();
  const unsigned all = address.to_uint();
  const unsigned last_three = all & 0xffffff, last_two = all & 0xffff;
  std::vector<std::string> out{
      dotted,
      dotted + ".",
      printed("%u", all),
      printed("0x%x", all),
      printed("0%o", all),
      printed("0x%02X.0x%02X.0x%02X.0x%02X", b[0], b[1], b[2], b[3]),
      printed("0%o.0%o.0%o.0%o", b[0], b[1], b[2], b[3]),
      printed("0000%o.0x0%x.%u.%u", b[0], b[1], b[2], b[3]),
      printed("%u.%u", b[0], last_three),
      printed("%u.%u.%u", b[0], b[1], last_two),
      printed("0x%x.0%o", b[0], last_three),
      for_each_char(dotted, percent_encoded),
      for_each_char(dotted, full_width),
      "[::ffff:" + dotted + "]",
      "[::" + dotted + "]",
      "[64:ff9b::" + dotted + "]",
  };
  for (const address_v6& carrier : carriers(address))
    out.push_back("[" + carrier.to_string() + "]");
  return out;
}

}  // namespace orbweaver::test
