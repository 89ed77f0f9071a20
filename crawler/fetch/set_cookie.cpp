#include "crawler/fetch/set_cookie.hpp"

#include <algorithm>
#include <charconv>

#include "common/ascii.hpp"
#include "crawler/fetch/headers.hpp"

namespace orbweaver {
namespace {

// RFC 6265bis 5.6 step 1: %x00-08 / %x0A-1F / %x7F.
bool is_control(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < ' ' && byte != '\t') || byte == 0x7f;
}

std::string_view take_until(std::string_view& text, char delimiter) noexcept {
  const std::size_t end = std::min(text.find(delimiter), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

// 5.6.2: a sign and digits; more than fit count as the longest life, or the end of it.
std::optional<http_time> read_max_age(std::string_view value, http_time now) noexcept {
  const bool negative = value.starts_with('-');
  std::string_view digits = value.substr(negative ? 1 : 0);
  if (digits.empty() || !std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  std::int64_t age = longest_cookie_life.count();
  std::from_chars(digits.data(), digits.data() + digits.size(), age);
  if (negative || age == 0) return http_time::min();
  return now + std::min(std::chrono::seconds(age), longest_cookie_life);
}

struct lifetimes {
  std::optional<http_time> expires;
  std::optional<http_time> max_age;  // outranks the other
};

// 5.6.3: one dot in front is dropped.
std::optional<std::string> read_domain(std::string_view value) {
  if (value.starts_with('.')) value.remove_prefix(1);
  if (value.empty()) return std::nullopt;
  return ascii_lowered(value);
}

// 5.6.1 to 5.6.7; the last one of each name counts.
void read_attribute(std::string_view name, std::string_view value, http_time now,
                    set_cookie& cookie, lifetimes& life) {
  const auto is = [name](std::string_view known) { return equals_ignoring_case(name, known); };
  if (is("expires")) {
    const std::optional<http_time> date = parse_http_date(value);
    if (date) life.expires = std::min(*date, now + longest_cookie_life);
  } else if (is("max-age")) {
    const std::optional<http_time> age = read_max_age(value, now);
    if (age) life.max_age = age;
  } else if (is("domain")) {
    cookie.domain = read_domain(value);
  } else if (is("path")) {
    cookie.path = value.starts_with('/') ? std::optional(value) : std::nullopt;
  } else if (is("secure")) {
    cookie.secure = true;
  } else if (is("httponly")) {
    cookie.http_only = true;
  } else if (is("samesite")) {
    cookie.same_site_none = equals_ignoring_case(value, "none");
  }
}

}  // namespace

std::optional<set_cookie> parse_set_cookie(std::string_view field, http_time now) {
  if (std::ranges::any_of(field, is_control)) return std::nullopt;
  set_cookie cookie;
  std::string_view pair = take_until(field, ';');
  // Without '=' it is a value that has no name.
  if (pair.find('=') != pair.npos) cookie.name = trim_whitespace(take_until(pair, '='));
  cookie.value = trim_whitespace(pair);
  if (cookie.name.size() + cookie.value.size() > max_cookie_bytes) return std::nullopt;
  if (cookie.name.empty() && cookie.value.empty()) return std::nullopt;

  lifetimes life;
  while (!field.empty()) {
    std::string_view value = take_until(field, ';');
    const std::string_view name = trim_whitespace(take_until(value, '='));
    value = trim_whitespace(value);
    if (value.size() <= max_cookie_attribute_bytes) read_attribute(name, value, now, cookie, life);
  }
  cookie.expires = life.max_age ? life.max_age : life.expires;
  return cookie;
}

}  // namespace orbweaver
