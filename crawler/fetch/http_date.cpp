#include "crawler/fetch/http_date.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "crawler/fetch/headers.hpp"

namespace orbweaver {
namespace {

constexpr std::array<std::string_view, 12> months{"jan", "feb", "mar", "apr", "may", "jun",
                                                  "jul", "aug", "sep", "oct", "nov", "dec"};

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// RFC 6265bis 5.1.1: delimiter = %x09 / %x20-2F / %x3B-40 / %x5B-60 / %x7B-7E.
constexpr bool is_delimiter(char c) noexcept {
  return c == '\t' || (c >= ' ' && c <= '/') || (c >= ';' && c <= '@') || (c >= '[' && c <= '`') ||
         (c >= '{' && c <= '~');
}

// A number of `least` to `most` digits at the front of `text`, which it is taken from; no further
// digit follows.
std::optional<int> take_number(std::string_view& text, std::size_t least, std::size_t most) {
  const auto digits =
      static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
  if (digits < least || digits > most) return std::nullopt;
  int number = 0;
  std::from_chars(text.data(), text.data() + digits, number);
  text.remove_prefix(digits);
  return number;
}

struct parts {
  std::optional<std::chrono::seconds> time;
  std::optional<int> day;
  std::optional<int> month;
  std::optional<int> year;
};

// time = hms-time [ non-digit *OCTET ].
std::optional<std::chrono::seconds> read_time(std::string_view token) noexcept {
  std::array<int, 3> hms{};
  for (std::size_t i = 0; i < hms.size(); ++i) {
    if (i != 0) {
      if (!token.starts_with(':')) return std::nullopt;
      token.remove_prefix(1);
    }
    const std::optional<int> number = take_number(token, 1, 2);
    if (!number) return std::nullopt;
    hms[i] = *number;
  }
  // 60 is a leap second (RFC 9110 5.6.7).
  if (hms[0] > 23 || hms[1] > 59 || hms[2] > 60) return std::nullopt;
  return std::chrono::seconds(hms[0] * 3600 + hms[1] * 60 + hms[2]);
}

std::optional<int> read_number(std::string_view token, std::size_t least, std::size_t most) {
  return take_number(token, least, most);
}

std::optional<int> read_month(std::string_view token) noexcept {
  for (std::size_t i = 0; i < months.size(); ++i) {
    if (equals_ignoring_case(token.substr(0, 3), months[i])) return static_cast<int>(i) + 1;
  }
  return std::nullopt;
}

// Each token fills the first part that is still empty and that it can be, in this order.
void read_token(std::string_view token, parts& found) noexcept {
  if (!found.time && (found.time = read_time(token))) return;
  if (!found.day && (found.day = read_number(token, 1, 2))) return;
  if (!found.month && (found.month = read_month(token))) return;
  if (!found.year) found.year = read_number(token, 2, 4);
}

}  // namespace

std::optional<http_time> parse_http_date(std::string_view text) noexcept {
  parts found;
  while (!text.empty()) {
    const auto end = static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is_delimiter) -
                                              text.begin());
    if (end != 0) read_token(text.substr(0, end), found);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (!found.time || !found.day || !found.month || !found.year) return std::nullopt;
  int year = *found.year;
  if (year < 100) year += year < 70 ? 2000 : 1900;
  if (year < 1601) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(*found.month)),
                                         std::chrono::day(static_cast<unsigned>(*found.day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date) + *found.time;
}

std::string format_http_date(http_time time) {
  static constexpr std::string_view week = "SunMonTueWedThuFriSat";
  static constexpr std::string_view year = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::string text;
  const auto put = [&text](auto number, unsigned digits) {
    const auto value = static_cast<unsigned>(number);
    for (unsigned place = digits == 4 ? 1000 : 10; place != 0; place /= 10) {
      text += static_cast<char>('0' + value / place % 10);
    }
  };
  text += week.substr(std::size_t{3} * std::chrono::weekday(day).c_encoding(), 3);
  text += ", ";
  put(static_cast<unsigned>(date.day()), 2);
  text += ' ';
  text += year.substr(std::size_t{3} * (static_cast<unsigned>(date.month()) - 1), 3);
  text += ' ';
  put(static_cast<int>(date.year()), 4);
  text += ' ';
  put(clock.hours().count(), 2);
  text += ':';
  put(clock.minutes().count(), 2);
  text += ':';
  put(clock.seconds().count(), 2);
  return text + " GMT";
}

std::optional<std::chrono::seconds> parse_retry_after(std::string_view value,
                                                      http_time now) noexcept {
  value = trim_whitespace(value);
  if (!value.empty() && std::ranges::all_of(value, is_digit)) {
    std::int64_t delay = longest_retry_after.count();
    std::from_chars(value.data(), value.data() + value.size(), delay);
    return std::min(std::chrono::seconds(delay), longest_retry_after);
  }
  const std::optional<http_time> date = parse_http_date(value);
  if (!date) return std::nullopt;
  return std::clamp(*date - now, std::chrono::seconds(0), longest_retry_after);
}

}  // namespace orbweaver
