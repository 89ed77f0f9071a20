#include "server/commands/progress_line.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <vector>

namespace orbweaver {
namespace {

constexpr std::size_t bar_width = 24;

template <class... Args>
std::string printed(const char* format, Args... args) {
  std::array<char, 160> text;
  const int n = std::snprintf(text.data(), text.size(), format, args...);
  return {text.data(), static_cast<std::size_t>(n)};
}

std::string bar(double progress) {
  const auto full = static_cast<std::size_t>(std::lround(progress * bar_width));
  return '[' + std::string(full, '#') + std::string(bar_width - full, '.') + ']';
}

}  // namespace

std::string readable_bytes(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> units{"B", "kB", "MB", "GB", "TB"};
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1000 && unit + 1 < units.size()) {
    value /= 1000;
    ++unit;
  }
  return printed(unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
}

std::string readable_time(seconds_f time) {
  const double s = time.count();
  if (s < 10) return printed("%.1f s", s);
  if (s < 100) return printed("%.0f s", s);
  const auto minutes = static_cast<long>(s / 60);
  if (minutes < 100) return printed("%ld min %02ld s", minutes, static_cast<long>(s) % 60);
  return printed("%ld h %02ld min", minutes / 60, minutes % 60);
}

std::string progress_line(const crawl_status& s, std::size_t columns) {
  const auto number = [](std::uint64_t n) { return static_cast<unsigned long long>(n); };
  // In the order of importance; shown in the order of `place`.
  struct part {
    int place;
    std::string text;
  };
  std::vector<part> parts{
      {1, printed("%llu pages", number(s.counts.fetched))},
      {2, printed("%.0f/s", s.pages_per_second)},
      {3, printed("%llu queued", number(s.counts.queued + s.counts.in_flight))},
      {4, printed("%llu failed", number(s.counts.failed))},
      {0, printed("%s %3.0f%%", bar(s.progress.value_or(0)).c_str(), s.progress.value_or(0) * 100)},
      {5, s.eta ? "ETA " + readable_time(*s.eta) : std::string("ETA -")},
  };
  std::array<std::string, 6> shown;
  std::size_t used = 0;
  for (part& p : parts) {
    const std::size_t needed = p.text.size() + (used == 0 ? 0 : 2);
    if (used + needed > columns) break;
    used += needed;
    shown[static_cast<std::size_t>(p.place)] = std::move(p.text);
  }
  std::string line;
  for (const std::string& text : shown) {
    if (text.empty()) continue;
    if (!line.empty()) line += "  ";
    line += text;
  }
  return line;
}

std::string crawl_summary(const crawl_status& s) {
  return crawl_summary(
      s, s.started_at && s.finished_at ? *s.finished_at - *s.started_at : seconds_f{});
}

std::string crawl_summary(const crawl_status& s, seconds_f ran) {
  const bool over = is_final(s.state);
  const double rate = ran.count() > 0 ? static_cast<double>(s.counts.fetched) / ran.count() : 0;
  std::string out = "interrupted";
  if (over) out = std::string(name(s.state)) + " (" + std::string(name(s.reason)) + ")";
  out += ": " + std::to_string(s.counts.fetched) + " pages in " + readable_time(ran);
  out += printed(" (%.0f/s), ", rate);
  out += readable_bytes(s.counts.bytes_on_wire) + " received, ";
  out +=
      std::to_string(s.counts.failed) + " failed, " + std::to_string(s.counts.skipped) + " skipped";
  if (!over) out += ", " + std::to_string(s.counts.queued + s.counts.in_flight) + " queued";
  out += '\n';
  for (const auto& [code, n] : s.by_outcome)
    if (code != outcome::fetched)
      out += "  " + std::to_string(n) + ' ' + std::string(name(code)) + ": " +
             std::string(info(code).description) + '\n';
  for (const auto& [status, n] : s.by_status)
    if (status >= 400)
      out += "  " + std::to_string(n) + " answered HTTP " + std::to_string(status) + '\n';
  for (const std::string& warning : s.warnings) out += "  note: " + warning + '\n';
  return out;
}

}  // namespace orbweaver
