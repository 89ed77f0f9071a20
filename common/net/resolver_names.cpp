#include "common/net/resolver_names.hpp"

#include <algorithm>
#include <fstream>
#include <optional>

#include "common/ascii.hpp"
#include "common/file.hpp"
#include "common/net/ip_network.hpp"

namespace orbweaver {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view last_label(std::string_view name) { return name.substr(name.rfind('.') + 1); }

// WHATWG URL section 3.5: the last label is digits, or "0x" and hexadecimal digits.
bool ends_in_number(std::string_view name) {
  const std::string_view label = last_label(name);
  if (std::all_of(label.begin(), label.end(), is_digit)) return true;
  return label.starts_with("0x") &&
         label.find_first_not_of("0123456789abcdef", 2) == std::string_view::npos;
}

// The wire format of names carries any byte, but a backslash is an escape to the DNS library and
// a NUL its end; a host that came through the URL parser holds neither.
bool fits_dns(std::string_view name) {
  if (name.empty() || name.size() > max_dns_name) return false;
  for (std::size_t start = 0; start <= name.size();) {
    const std::size_t end = std::min(name.find('.', start), name.size());
    if (end == start || end - start > max_dns_label) return false;
    start = end + 1;
  }
  return std::all_of(name.begin(), name.end(), [](char c) {
    return c > ' ' && c < '\x7f' &&
           std::string_view("\\/:%@[]?#<>^|").find(c) == std::string_view::npos;
  });
}

bool is_or_ends_with(std::string_view name, std::string_view parent) {
  return name == parent || (name.size() > parent.size() && name.ends_with(parent) &&
                            name[name.size() - parent.size() - 1] == '.');
}

void add_once(std::vector<asio::ip::address>& list, const asio::ip::address& address) {
  const bool known = std::find(list.begin(), list.end(), address) != list.end();
  if (!known && list.size() < max_addresses_per_host) list.push_back(address);
}

}  // namespace

host_meaning read_host(std::string_view host) {
  std::string_view literal = host;
  const bool bracketed = literal.size() > 2 && literal.front() == '[' && literal.back() == ']';
  if (bracketed) literal = literal.substr(1, literal.size() - 2);
  if (const auto address = parse_ip_address(literal); address) {
    if (!bracketed || address->is_v6()) return *address;
    return never_exists{};
  }
  if (host.ends_with('.')) host.remove_suffix(1);
  if (!fits_dns(host)) return never_exists{};
  std::string name = ascii_lowered(host);
  if (is_or_ends_with(name, "localhost")) return this_machine{std::move(name)};
  if (ends_in_number(name) || is_or_ends_with(name, "onion") || is_or_ends_with(name, "invalid")) {
    return never_exists{};
  }
  return dns_name{std::move(name)};
}

hosts_table parse_hosts(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\f\v";
  hosts_table out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line = line.substr(0, line.find('#'));
    std::optional<asio::ip::address> address;
    for (std::size_t at = 0; (at = line.find_first_not_of(blanks, at)) != line.npos;) {
      const std::size_t stop = std::min(line.find_first_of(blanks, at), line.size());
      const std::string_view word = line.substr(at, stop - at);
      at = stop;
      if (address) {
        add_once(out[ascii_lowered(word.substr(0, word.size() - word.ends_with('.')))], *address);
        continue;
      }
      const auto first = parse_ip_address(word);
      if (!first) break;
      address = *first;
    }
  }
  return out;
}

hosts_table load_hosts(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return parse_hosts(read_up_to(file, max_hosts_file));
}

}  // namespace orbweaver
