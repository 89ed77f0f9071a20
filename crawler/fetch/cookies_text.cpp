// A jar written out and read back. One part per line: no part of a cookie holds a line feed, for
// neither Set-Cookie fields nor URLs with one in them are taken.
#include <algorithm>
#include <charconv>

#include "crawler/fetch/cookies.hpp"

namespace orbweaver {
namespace {

constexpr std::string_view first_line = "cookies 1";
constexpr std::string_view no_expiry = "-";
constexpr std::uint64_t host_only_bit = 1;
constexpr std::uint64_t secure_bit = 2;

void append_line(std::string& out, std::string_view part) { out.append(part) += '\n'; }

// nullopt at the end of the text; the last line must be ended, too.
std::optional<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == text.npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

template <class Number>
bool read_number(std::string_view line, Number& out) {
  const auto [end, ec] = std::from_chars(line.data(), line.data() + line.size(), out);
  return ec == std::errc{} && end == line.data() + line.size() && !line.empty();
}

}  // namespace

std::string cookie_jar::serialize() const {
  std::string out;
  append_line(out, first_line);
  for (const auto& [domain, all] : domains_) {
    for (const cookie& c : all) {
      for (const std::string& part : {domain, c.name, c.value, c.path}) append_line(out, part);
      append_line(out, c.expires ? std::to_string(c.expires->time_since_epoch().count())
                                 : std::string(no_expiry));
      append_line(out, std::to_string(c.created));
      append_line(out, std::to_string(c.accessed));
      append_line(out,
                  std::to_string((c.host_only ? host_only_bit : 0) | (c.secure ? secure_bit : 0)));
    }
  }
  return out;
}

std::optional<cookie_jar> cookie_jar::restore(std::string_view text, const cookie_limits& limits) {
  cookie_jar jar(limits);
  if (take_line(text) != first_line) return std::nullopt;
  while (!text.empty()) {
    std::array<std::string_view, 8> parts;
    for (std::string_view& part : parts) {
      const auto line = take_line(text);
      if (!line) return std::nullopt;
      part = *line;
    }
    cookie c{.name = std::string(parts[1]),
             .value = std::string(parts[2]),
             .path = std::string(parts[3])};
    std::int64_t expires = 0;
    std::uint64_t bits = 0;
    const bool lasting = parts[4] != no_expiry;
    if ((lasting && !read_number(parts[4], expires)) || !read_number(parts[5], c.created) ||
        !read_number(parts[6], c.accessed) || !read_number(parts[7], bits) ||
        bits > (host_only_bit | secure_bit) || c.name.size() + c.value.size() > max_cookie_bytes)
      return std::nullopt;
    if (lasting) c.expires = http_time(std::chrono::seconds(expires));
    c.host_only = (bits & host_only_bit) != 0;
    c.secure = (bits & secure_bit) != 0;
    jar.calls_ = std::max({jar.calls_, c.created, c.accessed});
    cookies& all = jar.domains_[std::string(parts[0])];
    if (all.size() == limits.per_domain || jar.size_ == limits.total) return std::nullopt;
    all.push_back(std::move(c));
    ++jar.size_;
  }
  return jar;
}

}  // namespace orbweaver
