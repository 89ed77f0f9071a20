#include "common/config/values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "common/ascii.hpp"
#include "common/url/url.hpp"
#include "common/webhook_signature.hpp"

namespace orbweaver {
namespace {

using std::chrono::milliseconds;

constexpr std::uint16_t dns_port = 53;
constexpr std::size_t max_decimals = 3;  // of a duration

struct unit {
  std::string_view name;
  std::uint64_t size;
};
constexpr std::array byte_units{unit{"", 1},
                                unit{"b", 1},
                                unit{"kib", 1ULL << 10},
                                unit{"mib", 1ULL << 20},
                                unit{"gib", 1ULL << 30},
                                unit{"kb", 1'000},
                                unit{"mb", 1'000'000},
                                unit{"gb", 1'000'000'000}};
constexpr std::array time_units{unit{"", 1'000}, unit{"ms", 1}, unit{"s", 1'000}, unit{"m", 60'000},
                                unit{"h", 3'600'000}};

std::optional<std::uint64_t> whole(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> product(std::uint64_t a, std::uint64_t b) {
  std::uint64_t out = 0;
  if (__builtin_mul_overflow(a, b, &out)) return std::nullopt;
  return out;
}

template <std::size_t N>
std::optional<std::uint64_t> unit_size(const std::array<unit, N>& units, std::string_view name) {
  const std::string lower = ascii_lowered(name);
  for (const unit& u : units) {
    if (u.name == lower) return u.size;
  }
  return std::nullopt;
}

std::size_t end_of_digits(std::string_view text) {
  return std::min(text.find_first_not_of("0123456789"), text.size());
}

parsed<std::uint16_t> parse_port(std::string_view text) {
  const auto value = whole(text);
  if (!value || *value > 65535) return refuse("the port must be a number from 0 to 65535");
  return static_cast<std::uint16_t>(*value);
}

struct host_and_port {
  std::string_view host;                 // without brackets
  std::optional<std::string_view> port;  // what follows the colon
};

// nullopt when brackets or colons are not where they belong. Without brackets a second colon means
// an IPv6 address without a port.
std::optional<host_and_port> split_host_port(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == text.npos || text.substr(1, close - 1).find(':') == text.npos) return std::nullopt;
    const std::string_view rest = text.substr(close + 1);
    if (!rest.empty() && rest.front() != ':') return std::nullopt;
    host_and_port out{text.substr(1, close - 1), std::nullopt};
    if (!rest.empty()) out.port = rest.substr(1);
    return out;
  }
  const std::size_t colon = text.find(':');
  if (colon == text.npos || text.find(':', colon + 1) != text.npos) {
    return host_and_port{text, std::nullopt};
  }
  return host_and_port{text.substr(0, colon), text.substr(colon + 1)};
}

// RFC 9110 section 5.6.2.
bool is_token_char(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

}  // namespace

parsed<std::uint64_t> parse_count(std::string_view text, std::uint64_t least, std::uint64_t most) {
  const auto value = whole(text);
  if (!value || *value < least || *value > most) {
    return refuse("must be a whole number from " + std::to_string(least) + " to " +
                  std::to_string(most));
  }
  return *value;
}

parsed<std::uint64_t> parse_bytes(std::string_view text, std::uint64_t least, std::uint64_t most) {
  const std::size_t digits = end_of_digits(text);
  const auto number = whole(text.substr(0, digits));
  const auto size = unit_size(byte_units, text.substr(digits));
  if (!number || !size) {
    return refuse("must be a size such as 10485760, 64KiB, 10MiB or 1GB");
  }
  const auto value = product(*number, *size);
  if (!value || *value < least || *value > most) {
    return refuse("must be from " + bytes_text(least) + " to " + bytes_text(most));
  }
  return *value;
}

parsed<milliseconds> parse_duration(std::string_view text, milliseconds least, milliseconds most) {
  const bad_text malformed =
      refuse("must be a duration such as 30 (seconds), 0.5, 500ms, 30s, 2m or 1h");
  const std::size_t digits = end_of_digits(text);
  const auto number = whole(text.substr(0, digits));
  std::string_view rest = text.substr(digits);
  std::uint64_t decimals = 0;  // in thousandths
  if (rest.starts_with('.')) {
    const std::size_t count = end_of_digits(rest.substr(1));
    if (count == 0 || count > max_decimals) return malformed;
    decimals = *whole(rest.substr(1, count));
    for (std::size_t i = count; i < max_decimals; ++i) decimals *= 10;
    rest.remove_prefix(1 + count);
  }
  const auto size = unit_size(time_units, rest);
  if (!number || !size || decimals * *size % 1000 != 0) return malformed;
  const auto whole_part = product(*number, *size);
  const std::uint64_t rest_part = decimals * *size / 1000;
  const auto limit = static_cast<std::uint64_t>(most.count());
  // The first comparison keeps the sum from wrapping around.
  if (!whole_part || *whole_part > limit || *whole_part + rest_part > limit ||
      *whole_part + rest_part < static_cast<std::uint64_t>(least.count())) {
    return refuse("must be from " + duration_text(least) + " to " + duration_text(most));
  }
  return milliseconds(*whole_part + rest_part);
}

parsed<asio::ip::tcp::endpoint> parse_listen_address(std::string_view text) {
  const bad_text malformed =
      refuse("must be an address and a port such as 127.0.0.1:8080 or [::1]:8080");
  const auto parts = split_host_port(text);
  if (!parts || !parts->port) return malformed;
  const auto address = parse_ip_address(parts->host == "localhost" ? "127.0.0.1" : parts->host);
  if (!address) return malformed;
  const auto port = parse_port(*parts->port);
  if (!port) return port.error();
  return asio::ip::tcp::endpoint(*address, *port);
}

parsed<asio::ip::udp::endpoint> parse_name_server(std::string_view text) {
  const bad_text malformed =
      refuse("must be an address such as 9.9.9.9, 127.0.0.1:5353 or [::1]:53");
  const auto parts = split_host_port(text);
  if (!parts) return malformed;
  const auto address = parse_ip_address(parts->host);
  if (!address) return malformed;
  if (!parts->port) return asio::ip::udp::endpoint(*address, dns_port);
  const auto port = parse_port(*parts->port);
  if (!port || *port == 0) return refuse("the port must be a number from 1 to 65535");
  return asio::ip::udp::endpoint(*address, *port);
}

parsed<log_level> parse_log_level(std::string_view text) {
  for (const log_level level :
       {log_level::debug, log_level::info, log_level::warn, log_level::error, log_level::off}) {
    if (text == name(level)) return level;
  }
  return refuse("must be debug, info, warn, error or off");
}

parsed<log_format> parse_log_format(std::string_view text) {
  if (text == "text") return log_format::text;
  if (text == "json") return log_format::json;
  return refuse("must be text or json");
}

parsed<store_kind> parse_store_kind(std::string_view text) {
  if (text == "rocksdb") return store_kind::rocksdb;
  if (text == "memory") return store_kind::memory;
  return refuse("must be rocksdb or memory");
}

parsed<std::string> parse_directory(std::string_view text) {
  if (text.empty() || text.find('\0') != std::string_view::npos)
    return refuse("must name a directory");
  return std::string(text);
}

parsed<std::string> parse_webhook_secret(std::string_view text) {
  if (text.empty()) return std::string();
  if (auto wrong = webhook_secret_problem(text)) return refuse(std::move(*wrong));
  return std::string(text);
}

parsed<std::string> parse_web_origin(std::string_view text) {
  url at;
  const bool is_web = text.starts_with("http://") || text.starts_with("https://");
  const bool wild = text.find('*') != std::string_view::npos;
  if (!is_web || wild || !at.assign(text) || at.origin() != text)
    return refuse("must be an origin such as https://app.example.com or http://localhost:3000");
  return std::string(text);
}

parsed<std::string> parse_user_agent(std::string_view text) {
  const bool printable =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
  if (text.empty() || !is_token_char(text.front()) || !printable || text.back() == ' ') {
    return refuse("must begin with a product such as MyBot/1.0 and be printable ASCII");
  }
  if (text.size() > max_user_agent) {
    return refuse("must be at most " + std::to_string(max_user_agent) + " bytes");
  }
  return std::string(text);
}

std::string bytes_text(std::uint64_t bytes) {
  for (const auto& [name, shift] :
       {std::pair{"GiB", 30}, std::pair{"MiB", 20}, std::pair{"KiB", 10}}) {
    if (bytes != 0 && bytes % (1ULL << shift) == 0) return std::to_string(bytes >> shift) + name;
  }
  return std::to_string(bytes) + " bytes";
}

std::string duration_text(milliseconds duration) {
  const std::int64_t ms = duration.count();
  for (const auto& [name, size] :
       {std::pair{"h", 3'600'000}, std::pair{"m", 60'000}, std::pair{"s", 1'000}}) {
    if (ms != 0 && ms % size == 0) return std::to_string(ms / size) + name;
  }
  return std::to_string(ms) + "ms";
}

}  // namespace orbweaver
