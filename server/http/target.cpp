#include "server/http/target.hpp"

namespace orbweaver {
namespace {

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The value of "%XX" at `at`; -1: there is none.
int escaped(std::string_view text, std::size_t at) noexcept {
  const int high = text.size() - at > 2 ? hex_digit(text[at + 1]) : -1;
  const int low = high < 0 ? -1 : hex_digit(text[at + 2]);
  return low < 0 ? -1 : high * 16 + low;
}

// As forms are encoded: '+' is a space.
std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      const int value = escaped(text, i);
      if (value < 0) return std::nullopt;
      out += static_cast<char>(value);
      i += 2;
    }
  }
  return out;
}

// RFC 3986 section 2.3.
bool is_unreserved(int c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

std::optional<std::string> normal_path(std::string_view path) {
  std::string out;
  out.reserve(path.size());
  for (std::size_t i = 0; i < path.size(); ++i) {
    out += path[i];
    if (path[i] != '%') continue;
    const int value = escaped(path, i);
    if (value < 0) return std::nullopt;
    if (!is_unreserved(value)) continue;
    out.back() = static_cast<char>(value);
    i += 2;
  }
  return out;
}

// Takes "http://authority" away, which a client may send as well (section 3.2.2).
std::string_view take_authority(std::string_view& target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    target.remove_prefix(scheme.size());
    const auto authority = target.substr(0, target.find_first_of("/?#"));
    target.remove_prefix(authority.size());
    if (target.empty()) target = "/";
    return authority;
  }
  return {};
}

// false: broken percent-encoding, or too many parameters.
bool read_query(std::string_view text, request_target& out) {
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    auto name = decoded(pair.substr(0, equals));
    auto value = decoded(equals == std::string_view::npos ? "" : pair.substr(equals + 1));
    if (!name || !value || out.query.size() == max_query_parameters) return false;
    out.query.emplace_back(std::move(*name), std::move(*value));
  }
  return true;
}

}  // namespace

std::optional<request_target> parse_target(std::string_view target) {
  request_target out;
  if (target == "*") {
    out.path = target;
    return out;
  }
  out.authority = take_authority(target);
  const auto mark = target.find('?');
  auto path = normal_path(target.substr(0, mark));
  if (!path || target.find('#') != std::string_view::npos) return std::nullopt;
  out.path = path->empty() ? "/" : std::move(*path);
  if (out.path[0] != '/') return std::nullopt;
  if (mark != std::string_view::npos && !read_query(target.substr(mark + 1), out))
    return std::nullopt;
  return out;
}

}  // namespace orbweaver
